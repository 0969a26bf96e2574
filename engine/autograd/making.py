"""`torch.tensor`, `torch.zeros`, `torch.randn` and what else makes a tensor from nothing."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from engine import eager
from engine.autograd.arrays import Array
from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised
from engine.autograd.settings import source
from engine.autograd.values import DType, plain_number, python_name
from engine.eager import Tensor
from engine.eager.modes import RECORDING, warn
from engine.eager.tensor import marked, settle

__all__ = ["MAKING"]

_COPY = (
    "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
    "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor)."
)
_OPTIONS = ("dtype", "device", "requires_grad")


def _options(machine: Machine, named: dict[str, Any], real: bool = True) -> dict[str, Any]:
    """dtype, device and requires_grad as our tensors take them."""
    dtype, device = named.get("dtype"), named.get("device")
    found: dict[str, Any] = {"requires_grad": bool(named.get("requires_grad", False))}
    found["device"] = "cpu" if device is None else str(device)
    if dtype is not None:
        found["dtype"] = dtype.numpy if isinstance(dtype, DType) else np.dtype(np.int64)
    elif real:
        found["dtype"] = RECORDING.real
    return found


def _tensor(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    data = args[0] if args else named["data"]
    if isinstance(data, Tensor):
        warn(_COPY)
        machine.budget.tensor(data.numel())
        return eager.tensor(data, **_options(machine, named, real=False))
    if isinstance(data, Array):
        machine.budget.tensor(data.entries.size)
        return eager.tensor(data.entries, **_options(machine, named, real=False))
    sizes, kinds = _measured(machine, data, 0)
    machine.budget.tensor(prod(sizes))
    real = bool(kinds & {"float"}) or prod(sizes) == 0
    return eager.tensor(_shaped(data, sizes), **_options(machine, named, real))


def _shaped(data: Any, sizes: tuple[int, ...]) -> Any:
    return np.empty(sizes) if prod(sizes) == 0 else data


def _measured(machine: Machine, data: Any, depth: int) -> tuple[tuple[int, ...], set[str]]:
    """The shape of nested lists, and the kinds of their numbers. Raises as PyTorch does where
    lists differ in length."""
    machine.budget.spend()
    if isinstance(data, Tensor):
        if not data.ndim:
            plain_number(data)
        return data.shape, {"float" if data.dtype.kind == "f" else "int"}
    if isinstance(data, bool | int | float):
        return (), {type(data).__name__}
    if not isinstance(data, list | tuple | range) or depth > 32:
        if isinstance(data, str) and not depth:
            raise Raised("TypeError", "new(): invalid data type 'str'")
        if isinstance(data, str):
            raise Raised("ValueError", "too many dimensions 'str'")
        kind = python_name(data)
        raise Raised("RuntimeError", f"Could not infer dtype of {kind}")
    sizes: tuple[int, ...] | None = None
    kinds: set[str] = set()
    for each in data:
        inner, found = _measured(machine, each, depth + 1)
        kinds |= found
        if sizes is None:
            sizes = inner
        elif inner != sizes:
            raise _ragged(each, sizes, inner, depth)
    return (len(data), *(sizes or ())), kinds


def _ragged(each: Any, sizes: tuple[int, ...], inner: tuple[int, ...], depth: int) -> Raised:
    if not sizes or not inner:
        if isinstance(each, list | tuple):
            text = "must be real number, not list"
            return Raised("TypeError", text)
        return Raised("TypeError", "expected sequence object with len >= 0 or a buffer")
    text = f"expected sequence of length {sizes[0]} at dim {depth + 1} (got {inner[0]})"
    return Raised("ValueError", text)


def _sizes(name: str, args: list[Any], named: dict[str, Any]) -> tuple[int, ...]:
    given = args or [named.get("size", ())]
    if len(given) == 1 and isinstance(given[0], list | tuple):
        given = list(given[0])
    for index, each in enumerate(given):
        if isinstance(each, Tensor) and each.dtype.kind == "i":
            continue
        if not isinstance(each, int):
            text = f"{name}(): argument 'size' failed to unpack the object at pos {index + 1} with "
            text += f'error "type must be tuple of ints,but got {python_name(each)}"'
            raise Raised("TypeError", text)
        if each < 0:
            text = "Trying to create tensor with negative dimension "
            raise Raised("RuntimeError", f"{text}{each}: {list(given)}")
    return tuple(int(each) for each in given)


def _filled(name: str, value: float | None) -> Any:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
        entry, rest, real = value, args, True
        if entry is None:
            entry = args[1] if len(args) > 1 else named["fill_value"]
            rest, real = args[:1], isinstance(entry, float)
            if not real and "dtype" not in named:
                named = named | {"dtype": DType("bool" if isinstance(entry, bool) else "int64")}
        sizes = _sizes(name, rest, named)
        machine.budget.tensor(prod(sizes))
        return eager.full(sizes, entry, **_options(machine, named))

    return call


def _alike(value: float | None) -> Any:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
        like = args[0]
        entry = value if value is not None else args[1] if len(args) > 1 else named["fill_value"]
        machine.budget.tensor(like.numel())
        options = {"device": like.device} | _options(machine, named, real=False)
        if "device" not in named:
            options["device"] = like.device
        return eager.full(like.shape, entry, **({"dtype": like.dtype} | options))

    return call


def _random(name: str, draw: str) -> Any:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
        if name.endswith("_like"):
            options = _options(machine, named, real=False)
            options = {"dtype": args[0].dtype} | options
            sizes = args[0].shape
        else:
            sizes, options = _sizes(name, args, named), _options(machine, named)
        machine.budget.tensor(prod(sizes))
        drawn = getattr(source(machine, named), draw)(prod(sizes), options["dtype"])
        return eager.tensor(drawn.reshape(sizes), **options)

    return call


def _randint(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    numbers = [each for each in args if isinstance(each, int)]
    low = named.get("low", numbers[0] if len(numbers) > 1 else 0)
    high = named.get("high", numbers[-1] if numbers else 1)
    size = named.get("size", args[-1] if args else ())
    machine.budget.tensor(prod(size))
    drawn = source(machine, named).integers(low, high, prod(size)).reshape(tuple(size))
    return eager.tensor(drawn, **_options(machine, named, real=False))


def _randperm(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    machine.budget.tensor(args[0])
    return eager.tensor(source(machine, named).permutation(args[0]))


def _seed(machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
    machine.generator.seed(int(args[0]))


def _arange(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    bounds = [*args, *(named[key] for key in ("start", "end", "step") if key in named)]
    bounds = [each.item() if isinstance(each, Tensor) else each for each in bounds]
    start, stop = (0, bounds[0]) if len(bounds) == 1 else bounds[:2]
    step = bounds[2] if len(bounds) > 2 else 1
    if step == 0:
        raise Raised("RuntimeError", "step must be nonzero")
    if (stop - start) * step < 0:
        text = "upper bound and lower bound inconsistent with step sign"
        raise Raised("RuntimeError", text)
    count = int(np.ceil((stop - start) / step))
    machine.budget.tensor(count)
    real = any(isinstance(each, float) for each in bounds)
    return eager.tensor(start + step * np.arange(count), **_options(machine, named, real))


def _linspace(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    start, end, steps = [*args, *(named[k] for k in ("start", "end", "steps") if k in named)]
    machine.budget.tensor(steps)
    return eager.tensor(np.linspace(start, end, steps), **_options(machine, named))


def _eye(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    rows, columns = (*args, *args)[:2]
    machine.budget.tensor(rows * columns)
    return eager.tensor(np.eye(rows, columns), **_options(machine, named))


def _as_tensor(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    if isinstance(args[0], Array) and not named:
        return eager.from_numpy(args[0].entries)
    return args[0] if isinstance(args[0], Tensor) else _tensor(machine, args, named)


def _from_numpy(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    if not isinstance(args[0], Array):
        text = f"expected np.ndarray (got {python_name(args[0])})"
        raise Raised("TypeError", text)
    return eager.from_numpy(args[0].entries)


def _scalar(machine: Machine, args: list[Any], named: dict[str, Any]) -> Tensor:
    where = settle(np.asarray(args[0], dtype=RECORDING.real), Tensor(0.0).backend)
    return Tensor(where)


def _off_the_tape(call: Call) -> Call:
    """Mark what is made in inference mode."""

    def marking(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        made = call(machine, args, named)
        return marked(made) if isinstance(made, Tensor) else made

    return marking


Call = Callable[[Machine, list[Any], dict[str, Any]], Any]
MAKING: dict[str, Call] = {
    "tensor": _tensor,
    "as_tensor": _as_tensor,
    "from_numpy": _from_numpy,
    "scalar_tensor": _scalar,
    "zeros": _filled("zeros", 0),
    "ones": _filled("ones", 1),
    "empty": _filled("empty", 0),
    "full": _filled("full", None),
    "zeros_like": _alike(0),
    "ones_like": _alike(1),
    "empty_like": _alike(0),
    "full_like": _alike(None),
    "rand": _random("rand", "uniform"),
    "randn": _random("randn", "normal"),
    "rand_like": _random("rand_like", "uniform"),
    "randn_like": _random("randn_like", "normal"),
    "randint": _randint,
    "randperm": _randperm,
    "manual_seed": _seed,
    "arange": _arange,
    "linspace": _linspace,
    "eye": _eye,
}
MAKING = {name: _off_the_tape(call) for name, call in MAKING.items()}
