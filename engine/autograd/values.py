"""What a snippet can hold beside Python's own numbers, texts and lists, and PyTorch's tensors."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.autograd.refuse import Raised, unknown
from engine.eager import Tensor
from engine.eager.modes import warn

if TYPE_CHECKING:
    from engine.autograd.machine import Machine

__all__ = [
    "DTYPES",
    "Closure",
    "DType",
    "Device",
    "Kind",
    "Marked",
    "Named",
    "Namespace",
    "Native",
    "Ordered",
    "Record",
    "Size",
    "Word",
    "dtype_of",
    "plain_number",
    "python_name",
]


class Record:
    """What has attributes of its own: an object, a layer, an optimizer. title: its class."""

    title = ""
    kind: Any = None

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        """Return what stands behind the dot. Raises AttributeError of the snippet."""
        raise NotImplementedError

    def set_attribute(self, machine: Machine, node: ast.Attribute, given: Any) -> None:
        """Set it, where that is foreseen. Raises SourceError where it is not."""
        raise unknown(self.title, node.attr, (), node)

    def call(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        """Return what calling it gives. Raises TypeError of the snippet where it is no function."""
        raise Raised("TypeError", f"'{self.title}' object is not callable")

    def tensors(self, depth: int = 0) -> Iterator[tuple[str, Tensor]]:
        """Yield the tensors within, each with the path that leads to it."""
        yield from ()

    def text(self, plain: bool) -> str:
        """Return `str` of it, or `repr`."""
        return repr(self)


class Ordered(dict[Any, Any]):
    """A dict that tells its kind."""


class Size(tuple[int, ...]):
    """A shape."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class DType:
    """A precision, by PyTorch's name."""

    name: str

    @property
    def numpy(self) -> np.dtype[Any]:
        """The same precision in NumPy."""
        return np.dtype(self.name)

    def __repr__(self) -> str:
        return f"torch.{self.name}"


_PRECISIONS = ("float32", "float64", "float16", "int64", "int32", "int16", "int8", "uint8", "bool")
DTYPES = {name: DType(name) for name in _PRECISIONS}
DTYPES |= {"float": DTYPES["float32"], "double": DTYPES["float64"], "half": DTYPES["float16"]}
DTYPES |= {"long": DTYPES["int64"], "int": DTYPES["int32"], "short": DTYPES["int16"]}
_OF_NUMPY = {np.dtype(name): DTYPES[name] for name in _PRECISIONS}


def dtype_of(tensor: Tensor) -> DType:
    """Return the precision of a tensor."""
    return _OF_NUMPY[tensor.dtype]


@dataclass(frozen=True, slots=True)
class Device:
    """A place of tensors."""

    type: str
    index: int | None = None

    @classmethod
    def read(cls, text: str) -> Device:
        """Return the device of this name, such as `cuda:0`."""
        kind, _, index = text.partition(":")
        return cls(kind, int(index) if index.isdigit() else None)

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{index})"


Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Native:
    """A function that the snippet may call: (machine, positional, by name) → value."""

    name: str
    call: Callable[[Machine, list[Any], dict[str, Any]], Any]
    bound: str = ""

    def __repr__(self) -> str:
        return f"<built-in {'method' if self.bound else 'function'} {self.name}>"


@dataclass(frozen=True, slots=True)
class Word:
    """A name that stands for itself, such as a layout of memory."""

    name: str

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A class that the snippet may call or test with `isinstance`. shown: its name as printed."""

    name: str
    call: Callable[[Machine, list[Any], dict[str, Any]], Any] | None
    classes: tuple[type, ...]
    shown: str = ""

    def __repr__(self) -> str:
        return f"<class '{self.shown or self.name}'>"


@dataclass(slots=True, eq=False)
class Closure:
    """A function of the snippet, or a lambda. wrap: what its decorators put around a call. home:
    the class that it is a method of."""

    name: str
    args: ast.arguments
    body: list[ast.stmt] | ast.expr
    scope: Any
    defaults: list[Any]
    keyword_defaults: dict[str, Any]
    wrap: list[Any] = field(default_factory=list)
    home: Any = None

    def __repr__(self) -> str:
        return f"<function {self.name}>"


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """A method that is not bound as others: `staticmethod`, `classmethod`, `property`."""

    mark: str
    function: Any


@dataclass(frozen=True, slots=True, eq=False)
class Namespace:
    """A module as far as it is there: `torch`, `torch.nn` …"""

    name: str
    names: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<module '{self.name}'>"


class Named(tuple[Any, ...]):
    """Several results with names: `values` and `indices`."""

    op: str = ""
    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, op: str, **fields: Any) -> Named:
        """Return results in the order given."""
        made = cls(fields.values())
        made.op, made.fields = op, tuple(fields)
        return made


_TO_NUMBER = (
    "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\n"
    "Consider using tensor.detach() first."
)


def plain_number(tensor: Tensor) -> Any:
    """Return what `float` makes of a tensor; warns where a gradient is lost."""
    if tensor.requires_grad:
        warn(_TO_NUMBER)
    return tensor.item()


_PYTHON = {"Native": "builtin_function_or_method", "Closure": "function", "Namespace": "module"}
_PYTHON |= {"Ordered": "OrderedDict"}


def python_name(value: Any) -> str:
    """Return the name of the class of a value, as Python's own messages tell it."""
    name = type(value).__name__
    if isinstance(value, Record):
        return value.title
    if isinstance(value, Tensor):
        return "Parameter" if (value._extra or {}).get("parameter") else "Tensor"
    return _PYTHON.get(name, "type" if name == "Kind" else name)
