"""Distances of rows, and the losses made of them: blocks, which open into what they are made of."""

from engine.ops.block import define_block

__all__: list[str] = []

_REDUCED = """
out = mean(each) if reduction == "mean" else sum(each) if reduction == "sum" else each
"""

define_block(
    "cdist",
    "x1 x2",
    "out = norm(unsqueeze(x1, -2) - unsqueeze(x2, -3), p, axis=-1)",
    attrs={"p": 2.0},
    example="cdist(x, y)",
    doc="The distance of every row of x1 to every row of x2, in the p-norm.",
)
define_block(
    "dist",
    "x y",
    "out = norm(x - y, p)",
    attrs={"p": 2.0},
    example="dist(x, y)",
    doc="The p-norm of x - y over all entries.",
)
define_block(
    "pairwise_distance",
    "x1 x2",
    "out = norm(x1 - x2 + eps, p, axis=-1, keepdims=keepdims)",
    attrs={"p": 2.0, "eps": 1e-6, "keepdims": False},
    example="pairwise_distance(x, y)",
    doc="The distance of each row of x1 to the row of x2 beside it; `eps` is added to differences.",
)
define_block(
    "cosine_similarity",
    "x1 x2",
    """
length = clip(norm(x1, axis=axis), min=eps) * clip(norm(x2, axis=axis), min=eps)
out = sum(x1 * x2, axis=axis) / length
""",
    attrs={"axis": 1, "eps": 1e-8},
    example="cosine_similarity(x, y)",
    doc="The cosine of the angle between x1 and x2 along `axis`; no length counts below `eps`.",
)
define_block(
    "margin_ranking_loss",
    "x1 x2 target",
    "each = clip(margin - target * (x1 - x2), min=0)" + _REDUCED,
    attrs={"margin": 0.0, "reduction": "mean"},
    example="margin_ranking_loss(x, y, 1)",
    doc="max(0, margin - target · (x1 - x2)): x1 is to rank higher where the target is 1.",
)
define_block(
    "triplet_margin_loss",
    "anchor positive negative",
    """
near = pairwise_distance(anchor, positive, p, eps)
far = pairwise_distance(anchor, negative, p, eps)
each = clip(near - far + margin, min=0)
"""
    + _REDUCED,
    attrs={"margin": 1.0, "p": 2.0, "eps": 1e-6, "reduction": "mean"},
    example="triplet_margin_loss(x, y, z)",
    doc="max(0, d(anchor, positive) - d(anchor, negative) + margin), row by row.",
)
define_block(
    "poisson_nll_loss",
    "input target",
    """
each = exp(input) - target * input if log_input else input - target * log(input + eps)
"""
    + _REDUCED,
    attrs={"log_input": True, "eps": 1e-8, "reduction": "mean"},
    example="poisson_nll_loss(x, y)",
    doc="Negative log-likelihood of counts under a Poisson distribution of mean e^input.",
)
