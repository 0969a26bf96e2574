"""Named programs with leaf values; also the golden tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EXAMPLES", "Example"]


@dataclass(frozen=True, slots=True)
class Example:
    """A program worth looking at. title, text: by language ("en", "zh-CN"); text says what to look
    for."""

    name: str
    chapter: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    source: str
    output: str


EXAMPLES: tuple[Example, ...] = (
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
        "W1 = [[0.5, -0.3], [0.8, 0.2], [-0.6, 0.9]]\n"
        "b1 = [0.1, -0.2, 0.3]\n"
        "x = [1.0, -2.0]\n"
        "W2 = [[0.7, -0.4, 0.2], [-0.5, 0.6, 0.9]]\n"
        "b2 = [0.05, -0.1]\n"
        "ỹ = [1.0, 0.0]\n"
        "z1 = W1 @ x + b1\n"
        "a1 = sigmoid(z1)\n"
        "z2 = W2 @ a1 + b2\n"
        "y = sigmoid(z2)\n"
        "E = 1/2 * (y - ỹ).T @ (y - ỹ)\n",
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
)
