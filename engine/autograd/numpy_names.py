"""`import numpy as np`: the names that PyTorch's users write beside their tensors."""

from __future__ import annotations

import math
from math import prod
from typing import Any

import numpy as np

from engine.autograd.arrays import REDUCTIONS, Array, held, plain_array
from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised
from engine.autograd.values import DTYPES, DType, Kind, Namespace, Native
from engine.eager import Tensor

__all__ = ["numpy_module"]

Named = dict[str, Any]


def _given(value: Any) -> Any:
    """An argument: a tensor counts as its array."""
    return value.numpy() if isinstance(value, Tensor) else plain_array(value)


def _options(named: Named) -> Named:
    dtype = named.get("dtype")
    return {"dtype": dtype.numpy} if isinstance(dtype, DType) else {}


def _array(machine: Machine, args: list[Any], named: Named) -> Any:
    if isinstance(args[0], str):
        raise Raised("TypeError", "an array of texts is not there")
    made = np.array(_given(args[0]), **_options(named))
    if made.dtype.kind not in "biuf":
        raise Raised("ValueError", "an array needs rows of equal length and of numbers")
    machine.budget.tensor(made.size)
    return held(made)


def _filled(name: str) -> Any:
    def rule(machine: Machine, args: list[Any], named: Named) -> Any:
        sizes = plain_array(args[0] if args else named["shape"])
        machine.budget.tensor(prod(sizes) if isinstance(sizes, tuple | list) else sizes)
        return held(getattr(np, name)(sizes, **_options(named)))

    return rule


def _alike(name: str) -> Any:
    def rule(machine: Machine, args: list[Any], named: Named) -> Any:
        machine.budget.tensor(np.size(_given(args[0])))
        return held(getattr(np, name)(_given(args[0])))

    return rule


def _arange(machine: Machine, args: list[Any], named: Named) -> Any:
    bounds = [plain_array(each) for each in args]
    start, stop = (0, bounds[0]) if len(bounds) == 1 else bounds[:2]
    step = bounds[2] if len(bounds) > 2 else 1
    machine.budget.tensor(max(0, math.ceil((stop - start) / step)) if step else 1)
    return held(np.arange(*bounds, **_options(named)))


def _linspace(machine: Machine, args: list[Any], named: Named) -> Any:
    start, stop, count = [*args, *(named[key] for key in ("num",) if key in named), 50][:3]
    machine.budget.tensor(count)
    return held(np.linspace(start, stop, count))


def _each(name: str) -> Any:
    """A function of each entry."""

    def rule(machine: Machine, args: list[Any], named: Named) -> Any:
        given = [_given(each) for each in args[: 2 if name in _PAIRS else 1]]
        machine.budget.tensor(prod(np.broadcast_shapes(*map(np.shape, given))))
        return held(getattr(np, name)(*given))

    return rule


def _close(machine: Machine, args: list[Any], named: Named) -> bool:
    options = {key: named[key] for key in ("rtol", "atol", "equal_nan") if key in named}
    a, b = (_given(each) for each in args[:2])
    machine.budget.tensor(max(np.size(a), np.size(b)))
    return bool(np.allclose(a, b, **options))


def _reduction(rule: Any) -> Any:
    def call(machine: Machine, args: list[Any], named: Named) -> Any:
        return rule(machine, np.asarray(_given(args[0])), args[1:], named)

    return call


_PAIRS = frozenset({"maximum", "minimum", "power"})
_EACH = ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh", "abs", "square", "maximum", "minimum")
_CALLS: dict[str, Any] = {name: _each(name) for name in (*_EACH, "power", "sign", "log2", "log10")}
_CALLS |= {name: _filled(name) for name in ("zeros", "ones", "empty")}
_CALLS |= {name: _alike(name) for name in ("zeros_like", "ones_like")}
_CALLS |= {name: _reduction(rule) for name, rule in REDUCTIONS.items()}
_CALLS |= {"array": _array, "asarray": _array, "arange": _arange, "linspace": _linspace}
_CALLS["allclose"] = _close

numpy_module = Namespace(
    "numpy",
    {name: Native(name, call) for name, call in _CALLS.items()}
    | {name: DTYPES[name] for name in ("float32", "float64", "int64", "int32", "float16")}
    | {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None}
    | {"ndarray": Kind("numpy.ndarray", None, (Array,))},
)
"""What `numpy` means in a snippet."""
