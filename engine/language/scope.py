"""What a name may stand for while a program is read, and where names are looked up."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy as np

from engine.errors import LimitError, SourceError, Span
from engine.graph import Attribute, Shape
from engine.language.syntax import Block, Statement

__all__ = [
    "FAILED",
    "MODULES",
    "Class",
    "Constant",
    "Draws",
    "Facts",
    "Failed",
    "Follows",
    "Function",
    "Items",
    "Layer",
    "Scope",
    "Table",
    "Value",
    "Where",
    "check_name",
]

_LONGEST_NAME = 256
_DEEPEST, _MOST_ENTRIES = 8, 20_000
"""Of lists in lists."""

MODULES = {
    "np": "numpy",
    "numpy": "numpy",
    "jnp": "numpy",
    "torch": "torch",
    "nn": "torch",
    "F": "torch",
    "functional": "torch",
    "linalg": "",
    "math": "math",
    "random": "",
    "special": "",
    "cuda": "torch",
}
"""The prefixes that may stand before a function, and whose habits they stand for."""


def check_name(name: str, span: Span | None) -> None:
    """Raise SourceError for a name so long that every answer that repeats it would be, too."""
    if len(name) > _LONGEST_NAME:
        raise SourceError("name.long", span, name=name, asked=len(name), allowed=_LONGEST_NAME)


class Follows(Exception):
    """Raised where something is used whose own error has been reported already."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Stands for what could not be read."""


FAILED = Failed()


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a boolean, a string, None or a tuple of these: known while the program is read."""

    value: Attribute


@dataclass(slots=True, eq=False)
class Items:
    """A Python list or tuple of values. owner: the scope that may append to it. depth, size: how
    deep lists stand in lists, and how many values there are in all of them."""

    values: list[Value]
    owner: Scope | None = None
    depth: int = 1
    size: int = 0

    def __post_init__(self) -> None:
        values, self.values = self.values, []
        if any(isinstance(value, Items) for value in values):
            for value in values:
                self.append(value)
            return
        self._check(len(values))
        self.values = list(values)

    def append(self, value: Value) -> None:
        """Add a value; of a list, what it holds now. Raises LimitError for lists too deep or too
        long to be gone through."""
        if isinstance(value, Items):
            value = Items(value.values) if value.owner is not None else value
            self.depth = max(self.depth, 1 + value.depth)
        self._check(value.size if isinstance(value, Items) else 1)
        self.values.append(value)

    def extend(self, other: Items) -> None:
        """Add the values of another list. Raises LimitError as `append` does."""
        if other.depth > 1:
            for value in other.values:
                self.append(value)
            return
        self._check(len(other.values))
        self.values += other.values

    def _check(self, more: int) -> None:
        self.size += more
        limits = (self.depth, "levels", _DEEPEST), (self.size, "entries", _MOST_ENTRIES)
        for asked, unit, allowed in limits:
            if asked > allowed:
                raise LimitError(
                    "limit.exceeded", asked=asked, unit=unit, limit="a list", allowed=allowed
                )


@dataclass(slots=True, eq=False)
class Table:
    """A Python dictionary: its keys, strings or whole numbers, and the values in the same order."""

    keys: list[str | int]
    items: Items
    _places: dict[str | int, int] = field(default_factory=dict)

    @staticmethod
    def of(keys: Sequence[str | int], values: Sequence[Value]) -> Table:
        """Return a dictionary; of a key that is there twice, the last value."""
        table = Table([], Items([]))
        for key, value in zip(keys, values, strict=True):
            table.put(key, value)
        return table

    def find(self, key: object) -> Value | None:
        """Return the value of a key, or None."""
        place = self._places.get(key)  # type: ignore[call-overload]
        return None if place is None else self.items.values[place]

    def put(self, key: str | int, value: Value) -> None:
        """Give a key a value. Raises LimitError for a dictionary too large."""
        if key in self._places:
            self.items.values[self._places[key]] = value
        else:
            self.items.append(value)
            self._places[key] = len(self.keys)
            self.keys.append(key)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """An object of `torch.nn`: its op, its weights by name as nodes, and its settings; or, of
    `nn.Sequential`, the objects that are called one after another."""

    op: str
    weights: Mapping[str, int]
    attrs: Mapping[str, Attribute]
    parts: tuple[Layer, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the program, of which objects are made: its methods by name."""

    name: str
    methods: Mapping[str, Statement]


@dataclass(slots=True, eq=False)
class Draws:
    """A generator of random numbers, as `np.random.default_rng(seed)` makes it."""

    generator: np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A block: of the library, or a `def` of the program. parameters: names, in order; body: its
    statements; own: whether the program defines it; order: how many were defined before it;
    unnamed: how many of the first parameters go by position alone; named: of the last, by name."""

    name: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, Constant]
    body: Block
    own: bool = True
    order: int = -1
    unnamed: int = 0
    named: int = 0

    @property
    def positional(self) -> tuple[str, ...]:
        """The parameters that may be given by position."""
        return self.parameters[: len(self.parameters) - self.named]


Value: TypeAlias = int | Constant | Items | Table | Layer | Class | Draws | Function | Failed
"""A node by its id, or one of the things that are no nodes."""


@dataclass(slots=True, eq=False)
class Scope:
    """The names of the program, or of one call of a block. constants: whether any name stands for
    a Constant. first: how many nodes there were before a call. hidden: what the names of the
    comprehensions that are gone through stood for before."""

    names: dict[str, Any] = field(default_factory=dict)
    outer: Scope | None = None
    prefixes: dict[str, str] = field(default_factory=lambda: MODULES)
    constants: bool = False
    own_made: set[str] = field(default_factory=set)
    hidden: list[dict[str, Any]] = field(default_factory=list)
    first: int = 0

    @property
    def made(self) -> set[str]:
        """Whose functions made the tensors of the program: those of NumPy, of PyTorch or both."""
        return self.outer.made if self.outer else self.own_made

    def find(self, name: str) -> Value | None:
        """Return what a name stands for, or None."""
        found: Value | None = self.names.get(name)
        if found is None and self.outer is not None:
            found = self.outer.names.get(name)
        return found

    def bind(self, name: str, value: Value) -> None:
        """Let a name stand for a value that is no node."""
        self.names[name] = value
        self.constants = self.constants or isinstance(value, Constant)

    @property
    def holds_constants(self) -> bool:
        """Whether an expression may be made of constants that have names."""
        return self.constants or (self.outer is not None and self.outer.constants)

    def known(self) -> list[str]:
        """Every name that may be used here, those of the call last."""
        return [*(self.outer.names if self.outer else ()), *self.names]

    def module(self, node: ast.expr) -> str | None:
        """Return whose habits a prefix such as `np.random` stands for, or None where `node` is no
        prefix."""
        inner = node
        while isinstance(inner, ast.Attribute):
            if inner.attr not in MODULES:
                return None
            inner = inner.value
        if not isinstance(inner, ast.Name) or inner.id not in self.prefixes:
            return None
        return self.prefixes[inner.id] if self.find(inner.id) is None else None


class Facts(Protocol):
    """What is known of nodes while a program is read."""

    def constant(self, node: int) -> Attribute:
        """Return the number a node is sure to be, or Ellipsis."""

    def shape(self, node: int) -> Shape:
        """Return the shape of a node."""

    def op(self, node: int) -> str:
        """Return the op of a node."""

    def is_listed(self, node: int) -> bool:
        """Return whether a node is a leaf that is written as a list."""

    @property
    def wholes(self) -> Facts:
        """The same, but with the numbers that are made of whole numbers alone."""

    def entries(self, node: int) -> tuple[int, ...] | None:
        """Return the whole numbers of a leaf that is a short list of them, or None."""


@dataclass(slots=True)
class Where:
    """Where an expression stands: its statement, and what may be looked up there."""

    statement: Statement
    scope: Scope
    facts: Facts

    def span(self, node: ast.AST | None = None) -> Span:
        """Return the place of `node` in the source."""
        return self.statement.span(node)

    def segment(self, node: ast.AST) -> str:
        """Return the source of `node`, cut to a readable length."""
        return self.statement.segment(node)
