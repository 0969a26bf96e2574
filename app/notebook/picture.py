"""A graph as a plain SVG, for where no script may run: what each node is, its value and its P."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from engine.program import Program

__all__ = ["picture"]

_WIDTH, _ROW, _GAP, _PAD = 216, 84, 64, 24
_INK, _FORWARD, _BACKWARD, _PAPER = "#1c1f24", "#0b6bcb", "#b4540a", "#ffffff"
_LETTER = {14: 8.6, 12: 6.6}
"""Width of a letter by the size of the type."""

_SANS = "font-family='system-ui,sans-serif'"


def picture(program: Program) -> str:
    """Return an SVG of a program after its run."""
    graph, found = program.graph_event, program.evaluate()
    names = [node.name for node in graph.nodes]
    inputs = {node.name: list(dict.fromkeys(node.inputs)) for node in graph.nodes}
    place_of = _placed(names, inputs)
    told: Mapping[str, Any] = (found.gradients or found.adjoints) or {}
    edges = [_edge(place_of[j], place_of[i]) for i in names for j in inputs[i]]
    cards = [
        _card(place_of[node.name], node.name, node.source, found.values[node.name], told)
        for node in graph.nodes
    ]
    width = max(x for x, _ in place_of.values()) + _WIDTH + _PAD
    height = max(y for _, y in place_of.values()) + _ROW + _PAD - 20
    lines = "; ".join(node.source for node in graph.nodes)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' "
        f"width='{width}' height='{height}' viewBox='0 0 {width} {height}'>"
        f"<title>Backprop Lab</title><desc>{escape(lines)}</desc>"
        f"<rect width='100%' height='100%' fill='{_PAPER}'/>{''.join([*edges, *cards])}</svg>"
    )


def _placed(
    names: Sequence[str], inputs: Mapping[str, Sequence[str]]
) -> dict[str, tuple[int, int]]:
    """Columns by the longest way from a leaf, a leaf right before its first user; rows in order,
    each near its inputs."""
    column: dict[str, int] = {}
    for name in names:
        column[name] = 1 + max((column[each] for each in inputs[name]), default=-1)
    users: dict[str, list[str]] = {name: [] for name in names}
    for name in names:
        for each in inputs[name]:
            users[each].append(name)
    for name in names:
        if not inputs[name] and users[name]:
            column[name] = min(column[user] for user in users[name]) - 1
    rows: dict[int, int] = {}
    placed = {}
    for name in names:
        row = rows.get(column[name], 0)
        rows[column[name]] = row + 1
        x, y = _PAD + column[name] * (_WIDTH + _GAP), _PAD + row * (_ROW + 8)
        placed[name] = (x, y)
    return placed


def _edge(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1, x2, y2 = start[0] + _WIDTH, start[1] + 32, end[0], end[1] + 32
    bend = max((x2 - x1) // 2, 24)
    return (
        f"<path d='M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}' fill='none' "
        f"stroke='{_FORWARD}' stroke-opacity='.45' stroke-width='1.5'/>"
    )


def _card(
    place: tuple[int, int], name: str, source: str, value: Any, told: Mapping[str, Any]
) -> str:
    x, y = place
    p = told.get(name)
    rows = [
        (20, 14, _INK, "600", source or name),
        (39, 12, _FORWARD, "400", _short(value)),
        (56, 12, _BACKWARD, "400", f"P {_short(p)}" if p is not None else ""),
    ]
    text = "".join(
        f"<text x='{x + 12}' y='{y + dy}' font-size='{size}' font-weight='{weight}' "
        f"fill='{ink}' {_SANS}>{escape(_cut(line, size))}</text>"
        for dy, size, ink, weight, line in rows
        if line
    )
    return (
        f"<rect x='{x}' y='{y}' width='{_WIDTH}' height='64' rx='8' fill='{_PAPER}' "
        f"stroke='{_INK}' stroke-opacity='.35'/>{text}"
    )


def _short(value: Any) -> str:
    """A number, a few numbers, or the shape."""
    array = np.asarray(value)
    if array.ndim == 0:
        return f"{float(array):.4g}"
    if array.size <= 3 and array.ndim == 1:
        return f"[{', '.join(f'{float(each):.3g}' for each in array)}]"
    shape = " × ".join(map(str, array.shape))
    return f"{shape}, norm {float(np.linalg.norm(array.ravel())):.4g}"


def _cut(line: str, size: int) -> str:
    """As much of the first line as there is room for."""
    room = int((_WIDTH - 24) / _LETTER[size])
    first = line.split("\n", 1)[0]
    return first if len(first) <= room else first[: room - 1] + "…"
