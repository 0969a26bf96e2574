"""Derivatives for their own sake: Jacobians, optimisation, simulation, and kinks."""

from __future__ import annotations

from engine.examples.example import Example

__all__ = ["CALCULUS"]

CALCULUS = (
    Example(
        "polar-coordinates",
        "calculus",
        {"en": "A vector output", "zh-CN": "向量输出"},
        {
            "en": "The output is the point p = (r cos θ, r sin θ), so every P has two rows, one for each coordinate. "
            "Those of r and θ, side by side, are the Jacobian of polar coordinates; its determinant is r.",
            "zh-CN": "输出是点 p = (r cos θ, r sin θ)，所以每个 P 都有两行，一行对应一个坐标。"
            "把 r 与 θ 的 P 并排放好，就是极坐标的雅可比矩阵，它的行列式等于 r。",
        },
        """\
r = 2
θ = 0.5
direction = stack([cos(θ), sin(θ)])
p = r * direction
""",
        "p",
    ),
    Example(
        "weight-vector",
        "calculus",
        {"en": "A weight vector", "zh-CN": "权重向量"},
        {
            "en": "y has three entries, so every P has three rows. With a weight vector v = (1, 0.1, 0.01), as in PyTorch's "
            "y.backward(v), P of y is v instead of the identity: one row is enough, and P of x is 2x weighted by v.",
            "zh-CN": "y 有三个分量，所以每个 P 有三行。给定权重向量 v = (1, 0.1, 0.01)，也就是 PyTorch 的 y.backward(v)，"
            "y 的 P 便是 v，不再是单位矩阵：一行就够了，x 的 P 就是用 v 加权的 2x。",
        },
        "x = [1, 2, 3]\ny = x**2\n",
        "y",
        (1.0, 0.1, 0.01),
    ),
    Example(
        "rosenbrock",
        "calculus",
        {"en": "The Rosenbrock valley", "zh-CN": "罗森布罗克山谷"},
        {
            "en": "The usual start (-1.2, 1) of a famous test for optimisers. The gradient (-215.6, -88) points across "
            "the valley, hardly along it: that is why plain descent zigzags.",
            "zh-CN": "优化算法的著名考题，从惯用的起点 (-1.2, 1) 出发。梯度 (-215.6, -88) 几乎垂直于谷底的走向，"
            "所以普通的梯度下降会来回折返。",
        },
        """\
x = -1.2
y = 1
a = 1 - x
b = y - x**2
f = a**2 + 100 * b**2
""",
        "f",
    ),
    Example(
        "newton",
        "calculus",
        {"en": "Newton's method", "zh-CN": "牛顿法"},
        {
            "en": "Three steps x - f(x) / f'(x) toward √2. The local derivatives fall from 0.25 to 0.056 to 0.0017: the "
            "nearer the root, the less the start matters. That is quadratic convergence.",
            "zh-CN": "用 x - f(x) / f'(x) 走三步，逼近 √2。局部导数从 0.25 降到 0.056，再降到 0.0017：离根越近，"
            "起点就越不要紧。这就是二次收敛。",
        },
        """\
# f(x) = x² - 2
x = 2
for step in range(3):
    x = x - (x**2 - 2) / (2 * x)
""",
        "x@4",
    ),
    Example(
        "learning-rate",
        "calculus",
        {"en": "The learning rate", "zh-CN": "对学习率求导"},
        {
            "en": "Three steps of gradient descent on (w - 3)², unrolled. η takes part in each, so its P has three terms; "
            "it is -35.4: a larger η would have ended lower.",
            "zh-CN": "把 (w - 3)² 上的三步梯度下降展开。每一步都用到 η，所以它的 P 有三项；结果是 -35.4："
            "学习率再大一点，最后的损失会更低。",
        },
        """\
η = 0.1
w = 0
for step in range(3):
    gradient = 2 * (w - 3)
    w = w - η * gradient
loss = (w - 3)**2
""",
        "loss",
    ),
    Example(
        "gradient-clipping",
        "calculus",
        {"en": "Gradient clipping", "zh-CN": "梯度裁剪"},
        {
            "en": "g has length 5 and is cut to 1. P of g is 0.2 (I - ĝĝᵀ): moving g along itself changes nothing any more.",
            "zh-CN": "g 的长度是 5，被裁剪到 1。g 的 P 是 0.2 (I - ĝĝᵀ)：沿着 g 自身的方向移动，结果不再变化。",
        },
        """\
g = [3.0, -4.0]
max_norm = 1
scale = minimum(max_norm / norm(g), 1)
clipped = scale * g
""",
        "clipped",
    ),
    Example(
        "pendulum",
        "calculus",
        {"en": "A pendulum", "zh-CN": "单摆"},
        {
            "en": "Three time steps: first the velocity, then the angle by the new velocity. g, L and dt take part in every step and collect "
            "a term from each: P tells how far the last angle depends on them.",
            "zh-CN": "走三个时间步：先更新角速度，再用新的角速度更新角度。g、L、dt 每一步都参与，每一步都传回一项："
            "P 说明最后的角度有多依赖它们。",
        },
        """\
g = 9.81
L = 1
θ = 0.5
ω = 0
dt = 0.1
for step in range(3):
    ω = ω - dt * g / L * sin(θ)
    θ = θ + dt * ω
""",
        "θ@4",
    ),
    Example(
        "relu-at-zero",
        "kinks",
        {"en": "relu at 0", "zh-CN": "relu 在 0 处"},
        {
            "en": "The second entry of x stands on the kink: its slope is 0 on the left and 1 on the right. "
            "PyTorch takes 0, and so do we; the edge is marked. A central difference would say 1/2.",
            "zh-CN": "x 的第二个分量正好在折点上：左边斜率是 0，右边是 1。PyTorch 取 0，我们也取 0，并在这条边上标出折点。"
            "用中心差分去量，会得到 1/2。",
        },
        "x = [-1, 0, 2]\na = relu(x)\ny = sum(a)\n",
        "y",
    ),
    Example(
        "tie-in-max",
        "kinks",
        {"en": "Two largest entries", "zh-CN": "并列的最大值"},
        {
            "en": "3 stands twice in x, so the largest entry has no derivative there. As in PyTorch the two share: "
            "each receives half. Raise one of them a little and it takes all.",
            "zh-CN": "x 里有两个 3，最大值在这里不可导。与 PyTorch 一样，两者平分，各得一半。"
            "把其中一个稍微调大，它就独占全部。",
        },
        "x = [3, 1, 3]\nm = max(x)\ny = m**2\n",
        "y",
    ),
)
