"""Named blocks: ops that are written in our own language and open into their parts.

A block is no op of its own: where a program calls it, its statements are read in its place, so its
derivatives, its cost and its formulas are those of its parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.ops.registry import ALIASES, OPS, Op

__all__ = ["BLOCKS", "Block", "define_block"]


@dataclass(frozen=True, slots=True)
class Block:
    """signature: name, arguments and settings, as of an op. body: statements over them, which call
    the value `out`. example: a call that works for 2 × 2 matrices."""

    signature: Op
    body: str
    example: str


BLOCKS: dict[str, Block] = {}
"""Every block by name and by its other names."""


def define_block(
    name: str,
    args: str,
    body: str,
    *,
    doc: str,
    example: str,
    aliases: tuple[str, ...] = (),
    attrs: Mapping[str, Any] | None = None,
) -> Block:
    """Add a block. attrs: settings and their defaults, which the body reads as constants.

    Raises ValueError for a name that an op or a block has already.
    """

    def forward(xp: Any, *inputs: Any) -> Any:
        raise TypeError(f"{name} is a block: it is read as its parts")

    names = tuple(args.split())
    tex = rf"\operatorname{{{name}}}".replace("_", r"\_")
    signature = Op(name, names, forward, tex=tex, doc=doc, attrs={**(attrs or {})}, example=example)
    block = Block(signature, body, example)
    for known in (name, *aliases):
        if known in BLOCKS or known in OPS or known in ALIASES:
            raise ValueError(f"block {known} is defined twice")
        BLOCKS[known] = block
    return block


define_block(
    "attention",
    "query key value",
    """
scores = query @ swapaxes(key, -1, -2) / sqrt(size(query, -1))
out = softmax(scores, axis=-1) @ value
""",
    aliases=("scaled_dot_product_attention",),
    example="attention(q, k, v)",
    doc="softmax(Q Kᵀ / √d) V over the last two axes; further axes in front are heads and batch.",
)
define_block(
    "masked_attention",
    "query key value mask",
    """
scores = query @ swapaxes(key, -1, -2) / sqrt(size(query, -1))
out = softmax(scores + mask, axis=-1) @ value
""",
    example="masked_attention(q, k, v, m)",
    doc="Attention with a mask added to the scores: a large negative number forbids a pair.",
)
define_block(
    "rnn_cell",
    "x h W U b",
    "out = tanh(x @ W.T + h @ U.T + b)",
    example="rnn_cell(x, h, w, u, 0)",
    doc="The next state tanh(W x + U h + b) of a plain recurrent cell; x and h may be batches.",
)
define_block(
    "lstm_cell",
    "x h c W U b",
    """
gates = x @ W.T + h @ U.T + b
kept = sigmoid(split(gates, 4, axis=-1)[1]) * c
added = sigmoid(split(gates, 4, axis=-1)[0]) * tanh(split(gates, 4, axis=-1)[2])
cell = kept + added
out = concat([sigmoid(split(gates, 4, axis=-1)[3]) * tanh(cell), cell], axis=-1)
""",
    example="lstm_cell(x, h, c, concat([w, w, w, w]), concat([u, u, u, u]), 0)",
    doc="The next state and cell of an LSTM, joined; gates in PyTorch's order i f g o.",
)
define_block(
    "gru_cell",
    "x h W U b c",
    """
given = x @ W.T + b
held = h @ U.T + c
reset = sigmoid(split(given, 3, axis=-1)[0] + split(held, 3, axis=-1)[0])
update = sigmoid(split(given, 3, axis=-1)[1] + split(held, 3, axis=-1)[1])
fresh = tanh(split(given, 3, axis=-1)[2] + reset * split(held, 3, axis=-1)[2])
out = (1 - update) * fresh + update * h
""",
    example="gru_cell(x, h, concat([w, w, w]), concat([u, u, u]), 0, 0)",
    doc="The next state of a GRU; gates in PyTorch's order r z n, with a bias for x and one for h.",
)
