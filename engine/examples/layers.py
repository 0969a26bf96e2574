"""Layers that steady a network."""

from __future__ import annotations

from engine.examples.example import Example

__all__ = ["LAYERS"]

LAYERS = (
    Example(
        "batch-norm",
        "layers",
        {"en": "Batch normalisation", "zh-CN": "批归一化"},
        {
            "en": "Each column of X loses its mean and its scale. P of X therefore sums to 0 in each column, "
            "and is small where the column was spread widely: shift or stretch a column and nothing changes.",
            "zh-CN": "X 的每一列都被减去均值、除以尺度。因此 X 的 P 每列之和为 0，散得越开的列得到的越小：整列平移或拉伸，结果都不变。",
        },
        """\
X = [[1.0, 4.0], [2.0, 8.0], [4.0, 6.0], [5.0, 2.0]]
γ = [1.0, 0.5]
β = [0.0, 0.2]
target = [[-1.0, 0.5], [-0.5, 0.0], [0.4, 0.6], [1.0, -0.3]]
μ = np.mean(X, axis=0)
σ2 = np.var(X, axis=0)
X_hat = (X - μ) / np.sqrt(σ2 + 1e-5)
Y = γ * X_hat + β
loss = np.mean((Y - target)**2)
""",
        "loss",
    ),
    Example(
        "layer-norm",
        "layers",
        {"en": "Layer normalisation", "zh-CN": "层归一化"},
        {
            "en": "Here each row is normalised by itself, as one op. Its Jacobian is block diagonal, one block a row: "
            "rows do not see each other, and each row of P of X sums to 0.",
            "zh-CN": "这里每一行各自归一化，整个是一个算子。它的雅可比矩阵是分块对角的，每行一块：各行互不相见，X 的 P 每行之和为 0。",
        },
        """\
X = [[1.0, 2.0, 4.0, 5.0], [0.3, -0.6, 0.9, 0.2]]
γ = [1.0, 1.2, 0.8, 1.0]
β = [0.0, 0.1, 0.0, -0.1]
w = [0.5, -1.0, 0.7, 0.3]
Y = F.layer_norm(X, (4,), γ, β)
loss = ((Y @ w)**2).sum()
""",
        "loss",
    ),
    Example(
        "dropout",
        "layers",
        {"en": "Dropout", "zh-CN": "Dropout（随机失活）"},
        {
            "en": "The mask is given, so the run repeats. Units that were dropped send nothing back: their rows of P of W1 are 0. "
            "The others are scaled by 1 / (1 - p), forward and back.",
            "zh-CN": "掩码是给定的，所以每次结果相同。被丢弃的单元什么也不传回：W1 的 P 里对应的行都是 0。其余的正向反向都乘以 1 / (1 - p)。",
        },
        """\
x = [0.6, -0.4, 1.0]
W1 = [[0.5, -0.3, 0.2], [0.4, 0.6, -0.1], [-0.2, 0.7, 0.9], [0.3, 0.1, 0.4]]
W2 = [0.7, -0.5, 0.6, 0.2]
mask = [1, 0, 1, 0]
p = 0.5
h = np.tanh(W1 @ x)
h_drop = h * mask / (1 - p)
y = W2 @ h_drop
loss = (y - 1)**2
""",
        "loss",
    ),
)
