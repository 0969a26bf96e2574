"""What all layers are made with: options by place or by name, and weights filled in place."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.autograd.modules import parameter
from engine.autograd.refuse import Raised
from engine.eager import Tensor
from engine.eager.modes import RECORDING, Mode
from engine.eager.tensor import counter_of, settle

__all__ = ["Given", "given", "pair", "precision", "weight"]

Given = dict[str, Any]


def given(title: str, usual: Given, args: list[Any], named: Given) -> Given:
    """Return the options of a layer, by place or by name. Raises TypeError of the snippet."""
    found = usual | dict(zip(usual, args, strict=False)) | named
    strange = sorted(set(named) - set(usual) - {"device", "dtype", "inplace", "size_average"})
    if strange:
        text = f"{title}.__init__() got an unexpected keyword argument '{strange[0]}'"
        raise Raised("TypeError", text)
    missing = [f"'{name}'" for name, value in found.items() if value is ...]
    if missing:
        s = "s" if len(missing) > 1 else ""
        text = f"{title}.__init__() missing {len(missing)} required positional argument{s}: "
        raise Raised("TypeError", text + " and ".join(missing))
    return found


def precision(options: Given) -> np.dtype[Any]:
    found = options.get("dtype")
    return RECORDING.real if found is None else found.numpy


def weight(entries: Any) -> Tensor:
    """A parameter that was filled in place once, as PyTorch's are."""
    made = Tensor(settle(entries, Tensor(0.0).backend))
    counter_of(made).version = 1
    with Mode(True):
        return parameter(made)


def pair(value: Any, rank: int) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,) * rank
