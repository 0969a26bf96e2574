"""Recurrent cells and layers of PyTorch, written out: a state is computed from the one before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.interop.phrases import Call, Untold, bound, said

__all__ = ["RECURRENT"]

_GATES = ("add", "keep", "new", "show")
"""What is added to the cell, what of it is kept, what could be new, and what of it is shown."""

Words = list[str]
Step = Callable[[str, str, Sequence[str], Sequence[Any], int], Words]
"""(name of the next state, input, states before, weights, size) → statements."""


def _sum(*terms: str) -> str:
    return " + ".join(term for term in terms if term != "None")


def _lstm_step(
    state: str, x: str, before: Sequence[str], weights: Sequence[Any], size: int
) -> Words:
    """The next state, and the next cell, which is called `cell` behind it."""
    w, u, *biases = (said(each) for each in weights)
    gates = [
        f"{state}{name} = {'tanh' if name == 'new' else 'sigmoid'}"
        f"({state}gates[..., {place * size}:{place * size + size}])"
        for place, name in enumerate(_GATES)
    ]
    return [
        f"{state}gates = {_sum(f'{x} @ {w}.T', f'{before[0]} @ {u}.T', *biases)}",
        *gates,
        f"{state}cell = {state}keep * {before[1]} + {state}add * {state}new",
        f"{state} = {state}show * tanh({state}cell)",
    ]


def _gru_step(state: str, x: str, before: Sequence[str], weights: Sequence[Any], _: int) -> Words:
    w, u, *biases = (said(each) for each in weights)
    rest = ", ".join("0" if each == "None" else each for each in biases or ("0", "0"))
    return [f"{state} = gru_cell({x}, {before[0]}, {w}, {u}, {rest})"]


def _rnn_step(state: str, x: str, before: Sequence[str], weights: Sequence[Any], _: int) -> Words:
    w, u, *biases = (said(each) for each in weights)
    bias = _sum(*biases) or "0"
    return [f"{state} = rnn_cell({x}, {before[0]}, {w}, {u}, {bias})"]


def _lstm_cell(call: Call) -> Words:
    x, (h, c), *weights = call.args
    state, cell = call.outs
    lines = _lstm_step(str(state), said(x), (said(h), said(c)), weights, h.shape[-1])
    return [line.replace(f"{state}cell", str(cell)) for line in lines]


def _cell(step: Step) -> Callable[[Call], Words]:
    def write(call: Call) -> Words:
        x, h, *weights = call.args
        return bound(call, step("", said(x), (said(h),), weights, 0)[0].removeprefix(" = "))

    return write


def _layers(step: Step, cells: bool) -> Callable[[Call], Words]:
    """Layers over a sequence, one time step after another; where there are two directions, the
    second from the end, and what both show side by side. cells: whether a state has a cell."""

    def write(call: Call) -> Words:
        x, given, weights, biased, count, dropped, training, both, batch = call.args[:9]
        if not isinstance(weights, list | tuple) or (dropped and training and count > 1):
            raise Untold("dropout between layers")
        states, ways = given if cells else (given,), 1 + bool(both)
        size, each = states[0].shape[-1], 4 if biased else 2
        rows = [f"{said(x)}[{':, ' if batch else ''}{t}]" for t in range(x.shape[int(batch)])]
        lines, ends = Words(), list[list[str]]()
        for layer in range(count):
            shown = []
            for way in range(ways):
                place = layer * ways + way
                before = [f"{said(state)}[{place}]" for state in states]
                own = weights[place * each : place * each + each]
                names = _names(str(call.outs[0]), layer, way, len(rows))
                for t in range(len(rows))[:: -1 if way else 1]:
                    lines += step(names[t], rows[t], before, own, size)
                    before = [names[t], f"{names[t]}cell"][: len(states)]
                shown.append(names)
                ends.append(before)
            rows = shown[0] if ways == 1 else _side_by_side(lines, shown)
        lines.append(f"{call.outs[0]} = torch.stack([{', '.join(rows)}], dim={int(batch)})")
        for place, out in enumerate(call.outs[1:]):
            last = ", ".join(end[place] for end in ends)
            lines.append(f"{out} = torch.stack([{last}], dim=0)")
        return lines

    return write


def _names(out: str, layer: int, way: int, count: int) -> list[str]:
    """What the states of a layer are called, by time."""
    return [f"{out}{layer}_{t}_{'back_' * way}" for t in range(count)]


def _side_by_side(lines: Words, shown: Sequence[Sequence[str]]) -> list[str]:
    """Join the states of both directions, time by time; return what these are called."""
    rows = []
    for there, back in zip(*shown, strict=True):
        rows.append(f"{there}both")
        lines.append(f"{rows[-1]} = torch.cat([{there}, {back}], dim=-1)")
    return rows


RECURRENT: dict[str, Callable[[Call], Words]] = {
    "lstm_cell": _lstm_cell,
    "gru_cell": _cell(_gru_step),
    "rnn_tanh_cell": _cell(_rnn_step),
    "lstm": _layers(_lstm_step, cells=True),
    "gru": _layers(_gru_step, cells=False),
    "rnn_tanh": _layers(_rnn_step, cells=False),
}
"""By function."""
