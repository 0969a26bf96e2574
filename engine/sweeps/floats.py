"""The trace of a graph of mere numbers, worked out on Python floats: planned once, then a few
passes over one list.

What is not known before the run is a place in that list. The local Jacobian of a group is planned
by composing those of its members as ever, with places for entries: what is done with them is
noted, to be done with the numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import isfinite
from typing import Any, NamedTuple

from engine.events import EdgeRef
from engine.graph import GROUP, Graph, Node
from engine.jacobians.jacobian import Labelled
from engine.jacobians.pattern import Pattern
from engine.ops import OPS
from engine.sweeps.columns import Column, Entry, JacobianColumn, SumColumn, Sums, ValueColumn
from engine.sweeps.edges import Arrival, Kinks, jacobians, kinks_of, met, paths_of
from engine.sweeps.local import LocalRule, Rules
from engine.sweeps.reverse import Schedule
from engine.sweeps.scalar import CANNOT, Partial, Places, Step, step_of

__all__ = ["Plan", "plan"]

_TOGETHER = 32
"""Nodes or edges of a column."""

Back = tuple[str, int, tuple[EdgeRef, ...], tuple[tuple[int, int], ...]]
"""A node of the reverse sweep by name and id, and its edges: (user, place of the entry)."""


class _Shown(NamedTuple):
    """An edge of the view. varies, entry: places; varies is 0 where the scale is all."""

    edge: EdgeRef
    pattern: Pattern
    varies: int
    entry: int
    kinks: Kinks


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the list of numbers: values first, at the ids of the elementary nodes; then
    constants, partials, and what is made of these."""

    start: tuple[float, ...]
    steps: tuple[Step, ...]
    partials: tuple[Partial, ...]
    made: tuple[Step, ...]
    nodes: tuple[tuple[str, int], ...]
    edges: tuple[_Shown, ...]
    back: tuple[Back, ...]

    def numbers(self) -> list[float] | None:
        """Return the list when all is worked out; None where only arrays give what NumPy does."""
        numbers = list(self.start)
        try:
            _carry_out(self.steps, numbers)
            if bool in set(map(type, numbers)):
                return None
            for target, partial, sources in self.partials:
                numbers[target] = partial(tuple([numbers[i] for i in sources]))
            _carry_out(self.made, numbers)
        except CANNOT:
            return None
        numbers = list(map(float, numbers))
        return numbers if all(map(isfinite, numbers)) else None

    def sums(self, numbers: list[float], output: int, seed: float) -> list[Sums] | None:
        """Return the reverse sweep, node by node; None where it overflows. output: in the view."""
        adjoint_of, found = {output: seed}, []
        for name, node, edges, arriving in self.back:
            total = 0.0
            terms: list[float] = []
            sums: list[float] = []
            for user, place in arriving:
                term = adjoint_of[user] * numbers[place]
                total = total + term if terms else term
                terms.append(term)
                sums.append(total)
            adjoint_of[node] = total
            found.append(Sums(name, edges, terms, sums))
        return found if all(map(isfinite, adjoint_of.values())) else None

    def values(self, numbers: list[float], seq: Iterator[int]) -> Iterator[Column]:
        """Yield the values of the view."""
        for some in _parts(self.nodes):
            names, places = zip(*some, strict=True)
            yield ValueColumn(_taken(seq, len(some)), names, [numbers[i] for i in places])

    def jacobians(self, numbers: list[float], seq: Iterator[int]) -> Iterator[Column]:
        """Yield the local Jacobians of the view."""
        for some in _parts(self.edges):
            entries = [
                Entry(
                    each.edge,
                    each.pattern,
                    numbers[each.varies] if each.varies else None,
                    numbers[each.entry],
                    bool(each.kinks) and met(each.kinks, numbers),
                )
                for each in some
            ]
            yield JacobianColumn(_taken(seq, len(some)), entries)


def told(sums: list[Sums], seq: Iterator[int]) -> Iterator[Column]:
    """Yield the reverse sweep."""
    for some in _parts(sums):
        length = sum(1 + 2 * len(each.edges) for each in some)
        yield SumColumn(_taken(seq, length), some, length)


def _parts(items: Any) -> Iterator[Any]:
    return (items[at : at + _TOGETHER] for at in range(0, len(items), _TOGETHER))


def _taken(seq: Iterator[int], length: int) -> int:
    """Take so many numbers; return the first."""
    first = next(seq)
    next(islice(seq, length - 1, length - 1), None)
    return first


def _carry_out(steps: tuple[Step, ...], numbers: list[float]) -> None:
    for target, function, first, second in steps:
        numbers[target] = (
            function(numbers[first], numbers[second]) if second else function(numbers[first])
        )


def plan(
    view: Graph, fine: Graph, rules: Rules, given: Mapping[int, Any], order: Schedule
) -> Plan | None:
    """Return what there is to do, or None unless every node is a single float and every op
    elementwise, with one or two arguments."""
    if any(value.shape for value in given.values()):
        return None
    for node in fine:
        if not node.is_leaf and (not OPS[node.op].partials or len(node.inputs) > 2):
            return None
    planner = _Planner(fine, rules, Places(len(fine), given))
    shown: dict[tuple[int, int], _Shown] = {}
    try:
        for node in view:
            for slot, each in planner.edges(view, node):
                shown[node.id, slot] = each
    except CANNOT:
        return None
    back = []
    for node_id, arriving in order.steps:
        found = [shown[edge.to, edge.slot] for edge in arriving]
        ends = tuple((edge.to, each.entry) for edge, each in zip(arriving, found, strict=True))
        back.append((view[node_id].name, node_id, tuple(each.edge for each in found), ends))
    return Plan(
        tuple(planner.places.numbers),
        tuple(step_of(node) for node in fine if not node.is_leaf),
        tuple(planner.places.partials),
        tuple(planner.made),
        tuple((node.name, node.members[-1]) for node in view),
        tuple(shown.values()),
        tuple(back),
    )


class _Planner:
    """Gathers the list of numbers and what is done with it."""

    def __init__(self, fine: Graph, rules: Rules, places: Places) -> None:
        self.fine, self.rules, self.places = fine, rules, places
        self.made: list[Step] = []

    def edges(self, view: Graph, node: Node) -> Iterator[tuple[int, _Shown]]:
        """Yield what leads into a node of the view, by slot."""
        arriving = view.edges_into(node)
        if not arriving:
            return
        members = [self.fine[i] for i in node.members]
        group, kinks = node.op == GROUP, tuple(kinks_of(members))
        composed = self._composed(node, members) if group else {}
        for edge in arriving:
            ref = EdgeRef(view[edge.source].name, node.name, edge.slot)
            if group:
                yield edge.slot, self._shown(ref, composed[view[edge.source].members[-1]], kinks)
            else:
                rule, place = self._single(node.members[-1], edge.slot)
                varies = 0 if rule.formula is None else place
                yield edge.slot, _Shown(ref, _pattern(rule), varies, place, kinks)

    def _single(self, node: int, slot: int) -> tuple[LocalRule, int]:
        rule = self.rules[node, slot]
        return rule, self.places.partial(self.fine[node], rule)

    def _composed(self, node: Node, members: list[Node]) -> dict[int, Any]:
        """The local Jacobians of a group, with places for entries."""

        def make(member: int, slot: int) -> Callable[..., Labelled]:
            rule, place = self._single(member, slot)
            pattern = _pattern(rule)
            if pattern.gate:
                raise ValueError("what a gate does depends on the numbers")
            value = None if rule.formula is None else _Place(self, place)
            made = Labelled(self, None, (), (), pattern, value)
            return lambda inputs, out: made

        paths = tuple(paths_of(self.fine, members, True, make))
        return jacobians(Arrival(node.id, (), paths, ()), [None] * len(self.places.numbers))

    def _shown(self, ref: EdgeRef, jacobian: Any, kinks: Kinks) -> _Shown:
        pattern, value = jacobian.pattern, jacobian.value
        if value is None:
            return _Shown(ref, pattern, 0, self.places.constant(pattern.scale), kinks)
        entry = value if pattern.scale == 1 else value * pattern.scale
        return _Shown(ref, pattern, value.place, entry.place, kinks)

    def full(self, shape: tuple[()], value: float, dtype: None) -> _Place:
        """What the algebra asks of an array namespace."""
        return _Place(self, self.places.constant(value))

    def note(self, function: Callable[..., float], first: int, second: int) -> _Place:
        """Have something done with two numbers; return where the result will be."""
        place = self.places.blank()
        self.made.append((place, function, first, second))
        return _Place(self, place)


def _pattern(rule: LocalRule) -> Pattern:
    if rule.pattern is None or rule.pattern.scale == 0:
        raise TypeError("no entry to speak of")
    return rule.pattern


@dataclass(frozen=True, slots=True)
class _Place:
    """An entry that will be there, as the algebra of Jacobians uses it: instead of a product or a
    sum, it has one noted."""

    planner: _Planner
    place: int

    def __mul__(self, other: _Place | float) -> _Place:
        return self.planner.note(operator.mul, self.place, self._of(other))

    def __add__(self, other: _Place) -> _Place:
        return self.planner.note(operator.add, self.place, other.place)

    def _of(self, other: _Place | float) -> int:
        return other.place if isinstance(other, _Place) else self.planner.places.constant(other)
