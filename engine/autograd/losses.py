"""Binary cross-entropies whose entries, or whose positive entries, have weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.autograd.machine import Machine
from engine.autograd.misuse import check
from engine.autograd.pieces import Call, first, titled
from engine.autograd.refuse import Raised
from engine.eager import Tensor
from engine.eager.methods import functions

__all__ = ["LOSSES"]

_EAGER: dict[str, Any] = functions()
_KEYS = ("target", "weight", "size_average", "reduce", "reduction", "pos_weight")
_REDUCED: dict[str, Callable[[Tensor], Any]] = {
    "mean": lambda entries: entries.mean(),
    "sum": lambda entries: entries.sum(),
    "none": lambda entries: entries,
}


def _weighted(name: str, title: str) -> Call:
    plain = _EAGER[name]

    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        given = dict(zip(_KEYS, args[1:], strict=False)) | named
        input, target = first(args, name), given["target"]
        how, weight = given.get("reduction", "mean"), given.get("weight")
        positive = given.get("pos_weight") if name.endswith("logits") else None
        check(name, [input, target], {"reduction": how})
        if weight is None and positive is None:
            return plain(input, target, reduction=how)
        if how not in _REDUCED:
            raise Raised("ValueError", f"{how} is not a valid value for reduction")
        if positive is None:
            entries = plain(input, target, reduction="none")
        else:
            scale = (positive - 1) * target + 1
            entries = (1 - target) * input + scale * _EAGER["softplus"](-input)
        entries = entries if weight is None else entries * weight
        return titled(_REDUCED[how](entries), title)

    return call


LOSSES: dict[str, Call] = {
    "binary_cross_entropy": _weighted("binary_cross_entropy", "BinaryCrossEntropyBackward0"),
    "binary_cross_entropy_with_logits": _weighted(
        "binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward0"
    ),
}
