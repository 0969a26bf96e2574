"""The trace of a graph of mere numbers, worked out on Python floats: planned once, then a few
passes over one list.

What is not known before the run is a place in that list. The local Jacobian of a group is planned
by composing those of its members as ever, with places for entries: what is done with them is
noted, to be done with the numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite
from typing import Any

from engine.graph import GROUP, Graph, Node
from engine.jacobians.jacobian import Labelled
from engine.jacobians.pattern import Pattern
from engine.ops import OPS
from engine.sweeps.columns import Column, Ends, JacobianColumn, SumColumn, ValueColumn
from engine.sweeps.edges import Arrival, Kinks, jacobians, kinks_of, met, paths_of
from engine.sweeps.evaluate import reader
from engine.sweeps.local import LocalRule, Rules
from engine.sweeps.reverse import Schedule
from engine.sweeps.scalar import CANNOT, Partial, Places, Step, step_of

__all__ = ["Plan", "plan"]

_TOGETHER = 32
"""Nodes or edges of a column."""

Back = tuple[int, tuple[tuple[int, int], ...]]
"""A node of the reverse sweep and its edges: (user, place of the entry)."""


@dataclass(slots=True)
class _Edges:
    """The edges of the view. varies, entries: places; varies is 0 where the scale is all. kinks: by
    position."""

    ends: list[Ends] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    varies: list[int] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    kinks: dict[int, Kinks] = field(default_factory=dict)

    def add(self, ends: Ends, pattern: Pattern, varies: int, entry: int) -> None:
        self.ends.append(ends)
        self.patterns.append(pattern)
        self.varies.append(varies)
        self.entries.append(entry)

    def kinks_met(self, some: slice, numbers: list[float]) -> tuple[int, ...]:
        """Which of some edges are at a kink, counted from the first of them."""
        kinks, start = self.kinks, some.start
        if not kinks:
            return ()
        places = range(*some.indices(len(self.ends)))
        return tuple([i - start for i in places if i in kinks and met(kinks[i], numbers)])


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the list of numbers: values first, at the ids of the elementary nodes; then
    constants, partials, and what is made of these.

    names, places: of the nodes of the view. back: the reverse sweep; told: its nodes, each with its
    edges, by name.
    """

    start: tuple[float, ...]
    steps: tuple[Step, ...]
    partials: tuple[Partial, ...]
    made: tuple[Step, ...]
    names: tuple[str, ...]
    places: tuple[int, ...]
    edges: _Edges
    back: tuple[Back, ...]
    told: tuple[tuple[str, tuple[Ends, ...]], ...]

    def numbers(self, given: Mapping[int, Any]) -> list[float] | None:
        """Return the list when all is worked out; None where only arrays give what NumPy does.
        given: values of leaves and constants."""
        numbers = list(self.start)
        for node, value in given.items():
            numbers[node] = float(value)
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

    def sums(self, numbers: list[float], output: int, seed: float) -> list[float] | None:
        """Return the numbers of the reverse sweep as `SumColumn` has them; None where it overflows.
        output: in the view."""
        adjoint_of: dict[int, float] = {output: seed}
        found: list[float] = []
        for node, arriving in self.back:
            total: Any = None
            for user, place in arriving:
                term = adjoint_of[user] * numbers[place]
                total = term if total is None else total + term
                found += (term, total)
            adjoint_of[node] = total
            found.append(total)
        return found if all(map(isfinite, found)) else None

    def values(self, numbers: list[float], seq: Iterator[int]) -> Iterator[Column]:
        """Yield the values of the view."""
        values = reader(self.places)(numbers)
        for some in _parts(len(values)):
            yield ValueColumn(_taken(seq, len(values[some])), values[some], self.names[some])

    def jacobians(self, numbers: list[float], seq: Iterator[int]) -> Iterator[Column]:
        """Yield the local Jacobians of the view."""
        edges = self.edges
        entries = reader(edges.entries)(numbers)
        for some in _parts(len(entries)):
            given = (entries[some], edges.ends[some], edges.patterns[some])
            first = _taken(seq, len(given[0]))
            kinks = edges.kinks_met(some, numbers)
            yield JacobianColumn(first, *given, kinks, edges.varies[some], numbers)

    def adjoints(self, sums: list[float], seq: Iterator[int]) -> Iterator[Column]:
        """Yield the reverse sweep. sums: its numbers."""
        start = 0
        for some in _parts(len(self.told)):
            nodes = self.told[some]
            end = start + sum([1 + 2 * len(edges) for _, edges in nodes])
            yield SumColumn(_taken(seq, end - start), sums[start:end], nodes)
            start = end


def _parts(length: int) -> Iterator[slice]:
    return (slice(at, at + _TOGETHER) for at in range(0, length, _TOGETHER))


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
    try:
        for node in view:
            planner.arrive(view, node)
    except CANNOT:
        return None
    return Plan(
        tuple(planner.places.numbers),
        tuple(step_of(node) for node in fine if not node.is_leaf),
        tuple(planner.places.partials),
        tuple(planner.made),
        tuple([node.name for node in view]),
        tuple([node.members[-1] for node in view]),
        planner.edges,
        *_back(view, planner.edges, order),
    )


def _back(view: Graph, edges: _Edges, order: Schedule) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The two sides of the reverse sweep: what is computed and what is told."""
    at = {id(edge): position for position, edge in enumerate(view.edges)}  # the sweep has the same
    ends, entries, nodes = edges.ends, edges.entries, view.nodes
    back, told = [], []
    for node, arriving in order.steps:
        found = [at[id(edge)] for edge in arriving]
        back.append(
            (node, tuple([(e.to, entries[i]) for e, i in zip(arriving, found, strict=True)]))
        )
        told.append((nodes[node - 1].name, tuple([ends[i] for i in found])))
    return tuple(back), tuple(told)


class _Planner:
    """Gathers the list of numbers and what is done with it."""

    def __init__(self, fine: Graph, rules: Rules, places: Places) -> None:
        self.fine, self.rules, self.places = fine, rules, places
        self.made: list[Step] = []
        self.edges = _Edges()
        self.unknown = [None] * (len(fine) + 1)
        self.kinked = {node.id for node in fine if node.inputs and OPS[node.op].kink}

    def arrive(self, view: Graph, node: Node) -> None:
        """Plan what leads into a node of the view."""
        arriving = view.edges_into(node)
        if not arriving:
            return
        members = [self.fine[i] for i in node.members]
        names = [view.nodes[source - 1].name for source, _, _ in arriving]
        if not self.kinked.isdisjoint(node.members):
            kinks = tuple(kinks_of(members))
            self.edges.kinks.update((len(self.edges.ends) + i, kinks) for i in range(len(names)))
        if node.op == GROUP:
            composed = self._composed(node, members)
            for name, (source, _, slot) in zip(names, arriving, strict=True):
                self._add((name, node.name, slot), composed[view[source].members[-1]])
            return
        (own,) = members
        for name, (_, _, slot) in zip(names, arriving, strict=True):
            rule = self.rules[own.id, slot]
            place = self.places.partial(own, rule)
            varies = 0 if rule.formula is None else place
            self.edges.add((name, node.name, slot), _pattern(rule), varies, place)

    def _add(self, ends: Ends, jacobian: Any) -> None:
        pattern, value = jacobian.pattern, jacobian.value
        if value is None:
            self.edges.add(ends, pattern, 0, self.places.constant(pattern.scale))
        else:
            entry = value if pattern.scale == 1 else value * pattern.scale
            self.edges.add(ends, pattern, value.place, entry.place)

    def _composed(self, node: Node, members: list[Node]) -> dict[int, Any]:
        """The local Jacobians of a group, with places for entries."""

        def make(member: int, slot: int) -> Callable[..., Labelled]:
            rule = self.rules[member, slot]
            place = self.places.partial(self.fine[member], rule)
            pattern = _pattern(rule)
            if pattern.gate:
                raise ValueError("what a gate does depends on the numbers")
            value = None if rule.formula is None else _Place(self, place)
            made = Labelled(self, None, (), (), pattern, value)
            return lambda inputs, out: made

        paths = tuple(paths_of(self.fine, members, True, make))
        return jacobians(Arrival(node.id, (), paths, ()), self.unknown)

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
