"""Functions of NumPy and PyTorch that are a line or two of other ops: blocks, which open into what
they are made of."""

from engine.ops.block import define_block

__all__: list[str] = []

define_block(
    "addmm",
    "input a b",
    """
product = a @ b if alpha == 1 else alpha * (a @ b)
out = input + product if beta == 1 else beta * input + product
""",
    attrs={"beta": 1.0, "alpha": 1.0},
    aliases=("addmv", "baddbmm"),
    example="addmm(x, y, z)",
    doc="beta · input + alpha · A B.",
)
define_block(
    "addr",
    "input a b",
    """
product = outer(a, b) if alpha == 1 else alpha * outer(a, b)
out = input + product if beta == 1 else beta * input + product
""",
    attrs={"beta": 1.0, "alpha": 1.0},
    example="addr(w, x[0], y[0])",
    doc="beta · input + alpha · a bᵀ.",
)
define_block(
    "addcmul",
    "input a b",
    "out = input + a * b if value == 1 else input + value * a * b",
    attrs={"value": 1.0},
    example="addcmul(x, y, z)",
    doc="input + value · a · b, elementwise.",
)
define_block(
    "addcdiv",
    "input a b",
    "out = input + a / b if value == 1 else input + value * a / b",
    attrs={"value": 1.0},
    example="addcdiv(x, y, z)",
    doc="input + value · a / b, elementwise.",
)
define_block(
    "glu",
    "x",
    "out = split(x, 2, axis=axis)[0] * sigmoid(split(x, 2, axis=axis)[1])",
    attrs={"axis": -1},
    example="glu(x)",
    doc="The gated linear unit a · σ(b) of the two halves of x along `axis`.",
)
define_block(
    "prelu",
    "x weight",
    """
slope = weight
if x.ndim == 3 and weight.ndim == 1:
    slope = weight[:, None]
elif x.ndim == 4 and weight.ndim == 1:
    slope = weight[:, None, None]
out = where(x > 0, x, slope * x)
""",
    example="prelu(x, y[0])",
    doc="x above 0, `weight` · x below: one number, or one for each channel along axis 1.",
)
define_block(
    "threshold",
    "x",
    "out = where(x > threshold, x, value)",
    attrs={"threshold": ..., "value": ...},
    example="threshold(x, 1, 0)",
    doc="x above the threshold, `value` elsewhere.",
)
define_block(
    "cross",
    "a b",
    """
ahead = roll(a, -1, axis=axis) * roll(b, -2, axis=axis)
out = ahead - roll(a, -2, axis=axis) * roll(b, -1, axis=axis)
""",
    attrs={"axis": -1},
    example="cross(x[0, [0, 0, 1]], y[0, [0, 1, 1]])",
    doc="The vector product of vectors of three entries along `axis`.",
)
define_block(
    "diff",
    "x",
    """
out = x if axis == -1 else moveaxis(x, axis, -1)
for k in range(n):
    out = out[..., 1:] - out[..., :-1]
if axis != -1:
    out = moveaxis(out, -1, axis)
""",
    attrs={"n": 1, "axis": -1},
    example="diff(x)",
    doc="Differences of neighbours along `axis`, `n` times.",
)
define_block(
    "trapezoid",
    "y",
    """
rows = y if axis == -1 else moveaxis(y, axis, -1)
out = dx * sum(rows[..., 1:] + rows[..., :-1], axis=-1) / 2
""",
    attrs={"dx": 1.0, "axis": -1},
    aliases=("trapz",),
    example="trapezoid(y)",
    doc="The integral along `axis` by trapezoids of width `dx`.",
)
define_block(
    "quantile",
    "x",
    """
rows = reshape(x, (-1,)) if axis is None else moveaxis(x, axis, -1)
place = q * (rows.shape[-1] - 1)
low = int(place)
high = min(low + 1, rows.shape[-1] - 1)
row = sort(rows, axis=-1)
out = row[..., low] + (place - low) * (row[..., high] - row[..., low])
""",
    attrs={"q": ..., "axis": None},
    example="quantile(x, 0.3)",
    doc="The entry below which a share `q` of the entries lies, linear between two of them.",
)
define_block(
    "percentile",
    "x",
    "out = quantile(x, q / 100, axis)",
    attrs={"q": ..., "axis": None},
    example="percentile(x, 30)",
    doc="The quantile of q / 100.",
)
define_block(
    "topk",
    "x",
    """
row = sort(x, axis=axis, descending=largest)
out = row[..., :k] if axis == -1 else moveaxis(moveaxis(row, axis, -1)[..., :k], -1, axis)
""",
    attrs={"k": ..., "axis": -1, "largest": True},
    example="topk(x, 1)",
    doc="The `k` largest entries along `axis`, the largest first; the smallest if not `largest`.",
)
define_block(
    "argtopk",
    "x",
    """
row = argsort(x, axis=axis, descending=largest)
out = row[..., :k] if axis == -1 else moveaxis(moveaxis(row, axis, -1)[..., :k], -1, axis)
""",
    attrs={"k": ..., "axis": -1, "largest": True},
    example="argtopk(x, 1)",
    doc="Where the entries of `topk` are; no derivative flows through.",
)
define_block(
    "argmedian",
    "x",
    """
row = argsort(moveaxis(x, axis, -1), axis=-1)
out = row[..., (row.shape[-1] - 1) // 2]
""",
    attrs={"axis": ...},
    example="argmedian(x, 0)",
    doc="Where the lower of the middle entries along `axis` is; no derivative flows through.",
)
define_block(
    "ptp",
    "x",
    "out = max(x, axis=axis, keepdims=keepdims) - min(x, axis=axis, keepdims=keepdims)",
    attrs={"axis": None, "keepdims": False},
    example="ptp(x)",
    doc="The largest entry less the smallest one, over all axes or `axis`.",
)
define_block(
    "frac",
    "x",
    "out = x - trunc(x)",
    example="frac(x)",
    doc="What is left of x beside its whole part, elementwise.",
)
define_block(
    "radians",
    "x",
    "out = x * (pi / 180)",
    aliases=("deg2rad",),
    example="radians(x)",
    doc="Degrees as radians, elementwise.",
)
define_block(
    "degrees",
    "x",
    "out = x * (180 / pi)",
    aliases=("rad2deg",),
    example="degrees(x)",
    doc="Radians as degrees, elementwise.",
)
define_block(
    "fliplr",
    "x",
    "out = flip(x, axis=1)",
    example="fliplr(x)",
    doc="The columns in reverse order.",
)
define_block(
    "flipud",
    "x",
    "out = flip(x, axis=0)",
    example="flipud(x)",
    doc="The rows in reverse order.",
)
define_block(
    "matrix_power",
    "a",
    """
out = inv(a) if n < 0 else a * 0 + eye(a.shape[-1]) if n == 0 else a
for k in range(abs(n) - 1):
    out = out @ a if n > 0 else out @ inv(a)
""",
    attrs={"n": ...},
    example="matrix_power(x, 2)",
    doc="A times itself, `n` times; of the inverse below 0.",
)
define_block(
    "polyval",
    "p x",
    """
out = x * 0 + p[0]
for k in range(1, p.shape[0]):
    out = out * x + p[k]
""",
    example="polyval(x[0], y)",
    doc="The polynomial with the coefficients p, of the highest power first, at x, by Horner's "
    "scheme.",
)
