"""The tutorial's own programs, and the first that everyone draws."""

from __future__ import annotations

from engine.examples.example import Example

__all__ = ["BASICS"]

BASICS = (
    Example(
        "worked-example",
        "basics",
        {"en": "The worked example", "zh-CN": "基本算例"},
        {
            "en": "Two leaves, two computed nodes. u2 feeds both u3 and u4, so its P is a sum of two terms: 5 + 3 = 8.",
            "zh-CN": "两个叶节点，两个计算节点。u2 同时流入 u3 与 u4，因此它的 P 是两项之和：5 + 3 = 8。",
        },
        "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3\n",
        "u4",
    ),
    Example(
        "two-layer-network",
        "networks",
        {"en": "A two-layer network", "zh-CN": "两层神经网络"},
        {
            "en": "Eleven nodes, one for each statement. A whole affine layer is one node with three local Jacobians: "
            "a Kronecker product for W, the matrix itself for x, the identity for b.",
            "zh-CN": "十一个节点，每条语句一个。整个仿射层是一个节点，有三个局部雅可比矩阵："
            "对 W 是克罗内克积，对 x 就是矩阵本身，对 b 是单位矩阵。",
        },
        """\
W1 = [[0.5, -0.3], [0.8, 0.2], [-0.6, 0.9]]
b1 = [0.1, -0.2, 0.3]
x = [1.0, -2.0]
W2 = [[0.7, -0.4, 0.2], [-0.5, 0.6, 0.9]]
b2 = [0.05, -0.1]
ỹ = [1.0, 0.0]
z1 = W1 @ x + b1
a1 = sigmoid(z1)
z2 = W2 @ a1 + b2
y = sigmoid(z2)
E = 1/2 * (y - ỹ).T @ (y - ỹ)
""",
        "E",
    ),
    Example(
        "product-of-sum",
        "basics",
        {"en": "A sum, then a product", "zh-CN": "先加后乘"},
        {
            "en": "f = (x + y) z at -2, 5, -4. A sum hands its P on unchanged; a product swaps: each factor receives the other.",
            "zh-CN": "f = (x + y) z，取 -2、5、-4。加法把 P 原样传回；乘法则互换：每个因子得到另一个因子的值。",
        },
        "x = -2\ny = 5\nz = -4\nq = x + y\nf = q * z\n",
        "f",
    ),
    Example(
        "shared-input",
        "basics",
        {"en": "One leaf, two paths", "zh-CN": "一个叶节点，两条路径"},
        {
            "en": "y = (w + x)(w + 1) at w = 1, x = 2. Two paths lead from w to y; P of w adds them: 2 + 3 = 5.",
            "zh-CN": "y = (w + x)(w + 1)，取 w = 1、x = 2。从 w 到 y 有两条路径，w 的 P 是两者之和：2 + 3 = 5。",
        },
        "w = 1\nx = 2\na = w + x\nb = w + 1\ny = a * b\n",
        "y",
    ),
    Example(
        "penalised-line",
        "basics",
        {"en": "A line with a penalty", "zh-CN": "带惩罚项的直线"},
        {
            "en": "w is used twice, in the prediction and in the penalty. Its P adds what both send back: -2 + 6 = 4.",
            "zh-CN": "w 用了两次：一次在预测里，一次在惩罚项里。它的 P 把两边传回的都加起来：-2 + 6 = 4。",
        },
        """\
x = 2
y = 7
w = 3
b = 0.5
prediction = w * x + b
error = (y - prediction)**2
penalty = w**2
e = error + penalty
""",
        "e",
    ),
    Example(
        "sinc",
        "basics",
        {"en": "sin(x) / x", "zh-CN": "sin(x) 除以 x"},
        {
            "en": "x reaches f by two paths, above and below the line. The two terms of its P are the quotient rule: "
            "cos 1 - sin 1 = -0.301.",
            "zh-CN": "x 经分子和分母两条路径到达 f。它的 P 的两项合起来就是商的求导法则：cos 1 - sin 1 = -0.301。",
        },
        "x = 1\ns = sin(x)\nf = s / x\n",
        "f",
    ),
    Example(
        "neuron",
        "basics",
        {"en": "One neuron", "zh-CN": "单个神经元"},
        {
            "en": "tanh lets 1 - o² = 0.5 of the adjoint through to n. Each weight then receives its input: x2 is 0, so w2 learns nothing.",
            "zh-CN": "tanh 只让伴随的 1 - o² = 0.5 传到 n。每个权重再乘上各自的输入：x2 是 0，所以 w2 什么也学不到。",
        },
        """\
x1 = 2
x2 = 0
w1 = -3
w2 = 1
b = 6.881373587019543
n = w1 * x1 + w2 * x2 + b
o = tanh(n)
""",
        "o",
    ),
    Example(
        "long-expression",
        "basics",
        {"en": "A long expression", "zh-CN": "一个长表达式"},
        {
            "en": "Only a and b go in, yet they return at many places: watch how many terms each P collects. "
            "g = 24.70; its derivatives are 138.83 and 645.58, the numbers that micrograd made known.",
            "zh-CN": "输入只有 a 和 b，却在许多地方反复出现：请数一数各自的 P 收到了几项。"
            "g = 24.70，两个导数是 138.83 和 645.58，正是 micrograd 里那组有名的数。",
        },
        """\
a = -4
b = 2
c = a + b
d = a * b + b**3
c2 = 2 * c + 1
c3 = 1 + 2 * c2 - a
d2 = 3 * d + relu(b + a)
d3 = 4 * d2 + relu(b - a)
e = c3 - d3
f = e**2
g = f / 2 + 10 / f
""",
        "g",
    ),
    Example(
        "training-step",
        "basics",
        {"en": "One step of training", "zh-CN": "一步训练"},
        {
            "en": "The prediction is 7, the target 9. P of w is -8 and of b is -4: step against them by 0.05 of each, "
            "to w = 3.4 and b = 1.2. Try it: the prediction becomes 8 and the loss falls from 4 to 1.",
            "zh-CN": "预测是 7，目标是 9。w 的 P 是 -8，b 的 P 是 -4：逆着它们各走 0.05 倍，得 w = 3.4、b = 1.2。"
            "请改一改试试：预测变成 8，损失从 4 降到 1。",
        },
        """\
x = 2
target = 9
w = 3
b = 1
y = w * x + b
loss = (y - target)**2
""",
        "loss",
    ),
)
