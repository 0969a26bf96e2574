"""Expressions of several values: what `torch.split(x, [2, 4])` and `q, k = split(x, 2)` are in a
graph, and how a list of values is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.forms.sequence import Statement, base
from engine.graph import LEAF, Graph

__all__ = ["Cut", "cut", "cuts", "is_ordered", "steps", "unpacked"]

_WHOLE = ("slice", None, None, None)
_NAMED_AFTER = 4
"""Names that the node before several names is called by."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Pieces of one tensor along an axis. bounds: where each begins and ends."""

    source: int
    bounds: tuple[tuple[int, int], ...]
    axis: int

    def call(self) -> tuple[str, str, str]:
        """Return whose function makes these pieces, and what stands before and behind the
        tensor."""
        (starts, stops) = zip(*self.bounds, strict=True)
        if starts == (0, *stops[:-1]) and list(stops) == sorted(stops):
            sizes = [stop - start for start, stop in self.bounds]
            along = f", dim={self.axis}" if self.axis else ""
            return "torch", "split(", f", {sizes}{along})"
        along = f", axis={self.axis}" if self.axis else ""
        return "numpy", "split(", f", {list(starts[1:])}{along})"


def cut(graph: Graph, parts: Sequence[int]) -> Cut | None:
    """Return the cut that nodes are the pieces of, in order, or None."""
    nodes = [graph[i] for i in parts]
    if not nodes or any(node.op != "getitem" or node.inputs != nodes[0].inputs for node in nodes):
        return None
    bounds: list[tuple[int, int]] = []
    axis = len(nodes[0].attrs["index"]) - 1
    for node in nodes:
        *before, last = node.attrs["index"]
        ends = last[1:] if isinstance(last, tuple) and last[0] == "slice" else ()
        if tuple(before) != (_WHOLE,) * axis or [type(each) for each in ends[:2]] != [int, int]:
            return None
        if ends[2] is not None:
            return None
        bounds.append((ends[0], ends[1]))
    return Cut(nodes[0].inputs[0], tuple(bounds), axis)


def cuts(graph: Graph, nodes: Iterable[int], idle: set[int]) -> Mapping[int, list[int]]:
    """Return, by the only piece of a cut that is used, all its pieces. nodes: of a statement;
    idle: those that nothing uses."""
    pieces: dict[int, list[int]] = {}
    for i in nodes:
        if graph[i].op == "getitem":
            pieces.setdefault(graph[i].inputs[0], []).append(i)
    runs = (sorted(each, key=lambda i: _start(graph, i)) for each in pieces.values())
    used = {tuple(each): [i for i in each if i not in idle] for each in runs}
    return {
        alone[0]: list(each)
        for each, alone in used.items()
        if len(each) > 1 and len(alone) == 1 and cut(graph, each)
    }


def _start(graph: Graph, piece: int) -> int:
    """Return where a piece begins."""
    last = graph[piece].attrs["index"][-1:]
    found = last[0][1] if last and isinstance(last[0], tuple) and last[0][0] == "slice" else 0
    return found if type(found) is int else 0


def unpacked(graph: Graph, gathered: Sequence[list[Statement]]) -> Iterator[list[Statement]]:
    """Yield what one assignment binds; `q, k = split(x, 2)` binds the entries of a value."""
    place = 0
    while place < len(gathered):
        first, *others = gathered[place]
        rest = [each[0] for each in gathered[place + 1 : place + 1001] if len(each) == 1]
        count = 0 if others else _entries(graph, first, rest)
        if count:
            first = replace(first, parts=tuple(each.value for each in rest[:count]))
        yield [first, *others]
        place += 1 + count


def _entries(graph: Graph, first: Statement, rest: Sequence[Statement]) -> int:
    """Return how many of the statements behind `first` bind the entries of its value and nothing
    else uses it, as `q, k = split(x, 2)` makes them; 0 where they do not."""
    count = 0
    for each in rest:
        node = graph[each.value] if each.value and len(each.nodes) == 1 else None
        entry = node is not None and node.op == "getitem" and node.inputs == (first.value,)
        if node is None or not entry or node.attrs["index"] != (count,):
            break
        count += 1
    if not first.value or count < 2 or graph[first.value].op == LEAF:
        return 0
    notes = {graph[each.value].note for each in (first, *rest[:count])}
    users = sum(first.value in node.inputs for node in graph)
    named = "_".join(base(each.name) for each in rest[: min(count, _NAMED_AFTER)])
    return count if named == base(first.name) and len(notes) == 1 and users == count else 0


def steps(graph: Graph, statement: Statement) -> list[tuple[int, str]]:
    """Return the ops of a statement, and its calls by name, in the order they are made: that of
    their ids, of a call the last."""
    inside = {i for nodes in statement.within.values() for i in nodes}
    ops = [(i, "") for i in statement.nodes - inside if not graph[i].is_leaf]
    calls = [(max(nodes), name) for name, nodes in statement.within.items()]
    return sorted([*ops, *(each for each in calls if each[1] != statement.call)])


def is_ordered(graph: Graph, statement: Statement) -> bool:
    """Whether the ops of a statement were made from left to right, operands first."""
    least: dict[int, int] = {}
    for i, name in steps(graph, statement):
        before, node = 0, graph[i]
        for each in () if name else node.inputs:
            if least.get(each, i) < before:
                return False
            before = each if each in least else before
        known = () if name else [least[each] for each in node.inputs if each in least]
        inside = statement.within[name] if name else ()
        first = min((each for each in inside if not graph[each].is_leaf), default=i)
        shown = graph.groups[name].value if name in graph.groups else i
        least[shown] = min([first, *known])
    return True
