"""Fitting lines and classes."""

from __future__ import annotations

from engine.examples.example import Example

__all__ = ["REGRESSION"]

REGRESSION = (
    Example(
        "linear-regression",
        "regression",
        {"en": "Linear regression", "zh-CN": "线性回归"},
        {
            "en": "P of w is 2/n Xᵀr: every residual pulls along its own row of X. The first point lies on the line; "
            "its residual is 0 and it pulls no more.",
            "zh-CN": "w 的 P 是 2/n Xᵀr：每个残差沿着自己在 X 中的那一行去拉。第一个点正在直线上，残差为 0，不再出力。",
        },
        """\
import numpy as np

# a column of ones for the intercept
X = np.array([[1.0, 0.5], [1.0, 1.5], [1.0, 2.5], [1.0, 4.0]])
y = np.array([1.0, 2.9, 5.2, 7.8])
w = np.array([0.25, 1.5])
r = X @ w - y
loss = np.mean(r**2)
""",
        "loss",
    ),
    Example(
        "logistic-regression",
        "regression",
        {"en": "Logistic regression", "zh-CN": "逻辑回归"},
        {
            "en": "Between loss and z the slopes of log and sigmoid cancel: P of z is (p - y) / n, the plain error.",
            "zh-CN": "从 loss 到 z，对数与 sigmoid 的斜率互相抵消：z 的 P 就是 (p - y) / n，也就是误差本身。",
        },
        """\
X = [[0.5, 1.2], [1.5, -0.3], [-1.0, 0.8], [-0.4, -1.1]]
y = [1, 1, 0, 0]
w = [0.8, -0.5]
b = 0.1
z = X @ w + b
p = sigmoid(z)
loss = -mean(y * log(p) + (1 - y) * log(1 - p))
""",
        "loss",
    ),
    Example(
        "softmax-cross-entropy",
        "regression",
        {"en": "Softmax cross-entropy", "zh-CN": "softmax 与交叉熵"},
        {
            "en": "Written out, with one-hot labels Y. Only the true class of each row of probs receives anything; softmax spreads it, "
            "and P of Z is (probs - Y) / n: each row sums to 0.",
            "zh-CN": "用独热标签 Y 逐步写出。probs 每行只有真实类别处收到东西；softmax 把它铺开，"
            "于是 Z 的 P 成了 (probs - Y) / n，每行之和为 0。",
        },
        """\
X = [[1.0, -0.5], [0.2, 1.5], [-1.2, 0.3]]
Y = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
W = [[0.4, -0.3, 0.1], [-0.2, 0.6, -0.5]]
b = [0.1, 0.0, -0.1]
Z = X @ W + b
probs = softmax(Z, axis=1)
loss = -mean(sum(Y * log(probs), axis=1))
""",
        "loss",
    ),
    Example(
        "support-vectors",
        "regression",
        {"en": "Support vectors", "zh-CN": "支持向量机"},
        {
            "en": "Points beyond their margin send nothing back: their entries in P of margin are 0. "
            "Only the two others, the support vectors, move w, against the pull of the penalty.",
            "zh-CN": "间隔之外的点什么也不传回：它们在 margin 的 P 里是 0。只有另外两个点，也就是支持向量，"
            "在推动 w，与惩罚项相抗衡。",
        },
        """\
X = [[2.0, 1.0], [0.5, 0.4], [-1.5, -0.5], [-0.3, 0.2]]
y = [1, 1, -1, -1]
w = [0.8, 0.3]
b = -0.2
λ = 0.1
margin = y * (X @ w + b)
hinge = relu(1 - margin)
loss = mean(hinge) + λ / 2 * (w @ w)
""",
        "loss",
    ),
    Example(
        "ridge-regression",
        "regression",
        {"en": "Ridge regression", "zh-CN": "岭回归"},
        {
            "en": "In closed form the fit is the solution of a linear system, and derivatives pass through it: P of λ says whether more "
            "or less regularisation would help on a point that was not fitted. It is negative: more.",
            "zh-CN": "岭回归有闭式解，就是解一个线性方程组，导数可以穿过它：看 λ 的 P，就知道对一个没参与拟合的点，"
            "正则化该加强还是减弱。这里是负的：应当加强。",
        },
        """\
X = [[1.0, 0.9], [0.8, 1.1], [1.2, 0.9], [-0.5, -0.4]]
y = [2.0, 2.1, 2.3, -1.0]
λ = 0.1
A = X.T @ X + λ * np.eye(2)
w = np.linalg.solve(A, X.T @ y)

# a point kept back
x_new = [1.1, 0.7]
y_new = 1.7
loss = (x_new @ w - y_new)**2
""",
        "loss",
    ),
    Example(
        "linear-solve",
        "regression",
        {"en": "A linear solve", "zh-CN": "解线性方程组"},
        {
            "en": "f = ½ bᵀA⁻¹b without ever forming the inverse. P of b is the solution x itself, and P of A is -½ x xᵀ: "
            "the way back needs one more solve, with Aᵀ.",
            "zh-CN": "f = ½ bᵀA⁻¹b，始终不用求逆。b 的 P 正是解 x 本身，A 的 P 是 -½ x xᵀ：反向传播只需再用 Aᵀ 解一次方程。",
        },
        """\
A = [[4.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 2.0]]
b = [1.0, 2.0, 0.5]
x = solve(A, b)
f = 1/2 * (b @ x)
""",
        "f",
    ),
    Example(
        "principal-components",
        "regression",
        {"en": "Principal components", "zh-CN": "主成分分析"},
        {
            "en": "How much of the variance C lies in the plane that the columns of W span. Their lengths and angles do not "
            "matter, so P of W is orthogonal to both columns, WᵀP = 0: it only tilts the plane.",
            "zh-CN": "协方差 C 有多少落在 W 的两列张成的平面里。两列的长度和夹角都无关紧要，"
            "所以 W 的 P 与两列都正交，WᵀP = 0：它只让平面倾斜。",
        },
        """\
C = [[2.0, 0.8, 0.1], [0.8, 1.0, -0.2], [0.1, -0.2, 0.5]]
W = [[0.8, 0.1], [0.5, -0.7], [0.2, 0.6]]
G = W.T @ W
S = W.T @ C @ W
J = trace(solve(G, S))
""",
        "J",
    ),
)
