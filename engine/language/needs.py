"""What a statement is sure to need, and what is sure of a value, as far as it can be said."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.language.scope import Constant, Function, Where

__all__ = [
    "NODE",
    "NOTHING",
    "OP",
    "STEP",
    "STORED",
    "UNKNOWN",
    "Call",
    "Found",
    "Kind",
    "Leaf",
    "Needs",
    "Sure",
    "is_node",
    "join",
    "kind_of",
]


class Needs(NamedTuple):
    """Statements that are carried out, and nodes that are made."""

    steps: int
    nodes: int

    def and_(self, other: Needs) -> Needs:
        """Return what both need together."""
        return Needs(self.steps + other.steps, self.nodes + other.nodes)

    def times(self, count: int) -> Needs:
        """Return what so many of these need."""
        return Needs(self.steps * count, self.nodes * count)

    def at_least(self, other: Needs) -> Needs:
        """Return what either is sure to need."""
        return Needs(min(self.steps, other.steps), min(self.nodes, other.nodes))


NOTHING, STEP, OP = Needs(0, 0), Needs(1, 0), Needs(0, 1)
STORED = Needs(0, 3)
"""What `x[i] = v` makes: a mask, the new entries in their places, and the choice."""


@dataclass(frozen=True, slots=True)
class Sure:
    """What is sure of a value. entries: of a list or tuple that is written out."""

    name: str
    entries: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf(Constant):
    """A number of the program: its value is known, and it is a node."""


NODE, UNKNOWN = Sure("node"), Sure("unknown")
"""A value that is some node, and one of which nothing is sure. A `Constant` is sure, too."""

Kind = Sure | Constant
Found = tuple[Needs, Kind]
Call = Callable[[Function | str, ast.Call, Sequence[Found], Where], Found]
"""What the call of a function of the program, or of a block of the library by name, needs."""


def kind_of(value: object, where: Where) -> Kind:
    """Return what is sure of what a name stands for."""
    if isinstance(value, Sure | Constant):
        return value
    if type(value) is not int:
        return UNKNOWN
    return NODE


def is_node(kind: Kind) -> bool:
    """Whether a value is sure to be a node."""
    return kind == NODE or isinstance(kind, Leaf)


def join(one: Kind, other: Kind) -> Kind:
    """Return what is sure of a value that is one or the other."""
    return one if one == other and type(one) is type(other) else UNKNOWN
