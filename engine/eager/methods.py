"""Every op of the registry as a function of tensors, and as a method under all its names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.eager import arithmetic, autograd, convert, hooks, inplace
from engine.eager.apply import apply, wrap
from engine.eager.names import WITH_NUMBER
from engine.eager.selecting import is_advanced, selected
from engine.eager.tensor import Tensor
from engine.graph import Attribute
from engine.language.call import KEYWORDS, POSITIONS
from engine.ops import ALIASES, OPS, Op
from engine.ops.attributes import fits

__all__ = ["function", "functions", "install"]

_OPERANDS = Tensor | int | float | np.ndarray | np.generic


def functions() -> dict[str, Callable[..., Tensor]]:
    """Return every op as a function, by all its names."""
    by_op = {name: function(op) for name, op in OPS.items()}
    return by_op | {alias: by_op[name] for alias, name in ALIASES.items()}


def function(op: Op) -> Callable[..., Tensor]:
    """Return an op as a function of tensors and keywords, by NumPy's and PyTorch's habits."""

    def call(*args: Any, **kwargs: Any) -> Tensor:
        operands, attrs = _bind(op, args, kwargs)
        like = next((each for each in operands if isinstance(each, Tensor)), None)
        if like is None:
            like = Tensor(0.0)
        out = apply(op, [wrap(each, like) for each in operands], attrs)
        if out._node is not None and (op.name, False) in WITH_NUMBER:
            _name_by_numbers(out, op, operands)
        return out

    call.__name__, call.__qualname__, call.__doc__ = op.name, op.name, op.doc
    return call


def _name_by_numbers(out: Tensor, op: Op, operands: Sequence[Any]) -> None:
    """Name the step as PyTorch does where an operand is a number written out."""
    if not isinstance(operands[-1], Tensor):
        out._node.title = WITH_NUMBER[op.name, False]
    elif not isinstance(operands[0], Tensor):
        out._node.title = WITH_NUMBER.get((op.name, True), "")


def _bind(
    op: Op, args: Sequence[Any], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Attribute]]:
    """Split the arguments of a call. Raises TypeError where they do not fit."""
    if op.order:
        args, kwargs = (), dict(zip(op.order, args, strict=False)) | kwargs
        kwargs = {k: v for k, v in kwargs.items() if not (v is None and k in op.absent)}
    operands, rest = _split(op, list(args))
    free = list(op.attrs)
    if op.collects and free and (len(rest) > 1 or (rest and isinstance(rest[0], int))):
        rest = [tuple(rest)]
    if len(rest) > len(free):
        raise TypeError(f"{op.name}() is used as {op.usage}; {len(args)} arguments were given")
    attrs: dict[str, Attribute] = dict(zip(free, rest, strict=False))
    named: dict[int, Any] = {}
    for name, value in kwargs.items():
        if name in op.args:
            named[op.args.index(name)] = value
        elif name in op.attrs:
            attrs[name] = value
        elif name in POSITIONS and POSITIONS[name] < len(op.args):
            named[POSITIONS[name]] = value
        else:
            others = (key for key in KEYWORDS.get(name, ()) if key in op.attrs)
            attrs[next(others, name)] = value
    _insert(op, operands, named)
    return operands, {key: _attribute(op, key, value) for key, value in attrs.items()}


def _insert(op: Op, operands: list[Any], named: dict[int, Any]) -> None:
    """Put operands given by name in their places, and the usual numbers in those left out."""
    for slot in sorted(named):
        operands += [op.absent[n] for n in op.args[len(operands) : slot] if n in op.absent]
        several = op.variadic and isinstance(named[slot], list | tuple)
        operands[slot:slot] = named[slot] if several else [named[slot]]
    while op.optional and operands and operands[-1] is None:
        del operands[-1]
    operands += [op.absent[n] for n in op.args[len(operands) :] if n in op.absent]
    if len(operands) < len(op.args) - op.optional - op.variadic or any(x is None for x in operands):
        raise TypeError(f"{op.name}() is used as {op.usage}; an argument is missing")


def _split(op: Op, args: list[Any]) -> tuple[list[Any], list[Any]]:
    if not op.variadic:
        texts = [each for each in args if isinstance(each, str)]
        others = [each for each in args if not isinstance(each, str)]
        return others[: len(op.args)], [*texts, *others[len(op.args) :]]
    texts = [each for each in args if isinstance(each, str)]
    args = [each for each in args if not isinstance(each, str)]
    fixed = len(op.args) - 1
    if len(args) > fixed and isinstance(args[fixed], list | tuple):
        return [*args[:fixed], *args[fixed]], [*texts, *args[fixed + 1 :]]
    return args, texts


def _attribute(op: Op, key: str, value: Any) -> Attribute:
    if key not in op.attrs:
        raise TypeError(f"{op.name}() got an unexpected keyword argument '{key}'")
    value = _plain(value)
    needed = fits(key, op.attrs[key], value, op.name)
    if needed is not None:
        raise TypeError(f"{op.name}(): argument '{key}' must be {needed}, not {value!r}")
    return value


def _plain(value: Any) -> Attribute:
    if isinstance(value, Tensor | np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(_plain(each) for each in value)
    return value


def _index(part: Any) -> Attribute:
    """One subscript, as `getitem` takes it."""
    if isinstance(part, slice):
        return (
            "slice",
            *(None if b is None else int(b) for b in (part.start, part.stop, part.step)),
        )
    if part is ...:
        return "..."
    value = _plain(part)
    return ("list", *value) if isinstance(value, tuple) else value


def getitem(self: Tensor, index: Any) -> Tensor:
    """Return the entries that the subscripts select."""
    parts = index if isinstance(index, tuple) else (index,)
    if any(is_advanced(part) for part in parts):
        return selected(self, parts)
    attrs = {"index": tuple(_index(part) for part in parts)}
    needed = fits("index", ..., attrs["index"])
    if needed is not None:
        raise TypeError(f"a tensor's subscripts must be {needed}, not {index!r}")
    return apply(OPS["getitem"], [self], attrs)


def _method(call: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return call(self, *args, **kwargs)

    method.__name__, method.__doc__ = call.__name__, call.__doc__
    return method


def install() -> None:
    """Give Tensor its operators, methods and conversions. A name of PyTorch's Tensor wins over the
    registry's."""
    for name, call in functions().items():
        if name.isidentifier() and not hasattr(Tensor, name):
            setattr(Tensor, name, _method(call))
    for name, op in OPS.items():
        if op.elementwise and not op.collects:
            for known in (name, *op.aliases):
                if not hasattr(Tensor, f"{known}_"):
                    setattr(Tensor, f"{known}_", inplace.in_place(op))
    for sign, name in {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div"}.items():
        setattr(Tensor, f"__i{sign}__", inplace.in_place(OPS[name]))
    arithmetic.install()
    convert.install()
    named: dict[str, Any] = {"copy_": inplace.copy_, "fill_": inplace.fill_}
    named |= {"zero_": inplace.zero_, "backward": autograd.backward, "__getitem__": getitem}
    named |= {"register_hook": hooks.register_hook}
    named["register_post_accumulate_grad_hook"] = hooks.register_post_accumulate_grad_hook
    named["T"] = property(lambda self: apply(OPS["transpose"], [self], {}))
    if "matrix_transpose" in OPS:
        named["mT"] = property(lambda self: apply(OPS["matrix_transpose"], [self], {}))
    for name, method in named.items():
        setattr(Tensor, name, method)
