"""A recorded run as a graph of ours, with what PyTorch computed beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from keyword import iskeyword
from typing import Any

import numpy as np

from engine.errors import OptionError
from engine.forms.records import to_records
from engine.forms.source import source
from engine.forms.values import spelled
from engine.graph import CONST, LEAF
from engine.interop.tape import Leaf, Opaque, Step, Tape, Value
from engine.interop.trial import close, placeholder
from engine.language.parse import Parsed, parse
from engine.ops import ALIASES, OPS
from engine.ops.block import BLOCKS
from engine.prepare import prepare
from engine.program import Program

__all__ = ["Captured", "assembled"]


@dataclass(frozen=True)
class Captured:
    """A graph recorded from another framework.

    parsed: the graph. output, gradient: what is differentiated, and its weights. values, gradients:
    what the other framework computed, by node; a gradient in the node's shape, None where the
    output does not depend on it. opaque: nodes known by value and local Jacobian alone.
    """

    parsed: Parsed
    output: str
    gradient: Value | None
    dtype: str
    values: Mapping[str, Value]
    gradients: Mapping[str, Value | None]
    opaque: tuple[str, ...] = ()

    @cached_property
    def graph(self) -> dict[str, Any]:
        """The graph as data, as `POST /api/v1/graph` and its like take it."""
        return to_records(self.parsed)

    @cached_property
    def source(self) -> str:
        """The graph as a program. Raises Unprintable where a value is NaN."""
        return source(self.parsed)

    def request(self) -> dict[str, Any]:
        """Return the body of a request to the API."""
        weights = None if self.gradient is None else spelled(self.gradient)
        return {
            "graph": self.graph,
            "output": self.output,
            "gradient": weights,
            "dtype": self.dtype,
            "allow_nonfinite": True,
        }

    def program(self, dtype: str | None = None) -> Program:
        """Return the graph ready to run, in the precision of the run. Raises EngineError."""
        return prepare(**{**self.request(), "dtype": dtype or self.dtype})

    def check(self, precision: str = "") -> None:
        """Run the graph, and raise OptionError at the first node that differs. precision: of the
        numbers beside it, by default that of the run."""
        found = self.program().evaluate()
        pairs = [(name, found.values[name], value) for name, value in self.values.items()]
        for name, gradient in self.gradients.items():
            ours = (found.gradients or {}).get(name)
            if gradient is not None and ours is not None:
                pairs.append((name, ours, gradient))
            elif gradient is not None and gradient.any():
                pairs.append((name, np.zeros(gradient.shape), gradient))
        for name, mine, theirs in pairs:
            if not close(np.asarray(mine, np.float64), theirs, precision or self.dtype):
                difference = np.abs(np.asarray(mine) - theirs).max()
                raise OptionError("interop.differs", name=name, difference=f"{difference:.3g}")


def assembled(
    tape: Tape,
    output: str,
    wanted: Sequence[str],
    gradient: Value | None,
    gradient_of: Mapping[str, Value | None],
    dtype: str,
) -> Captured:
    """Return the graph that computes what is wanted. output, wanted: tokens; gradient_of: by
    token."""
    leaves, steps = tape.needed(wanted)
    name_of = _names(tape, [*(leaf.token for leaf in leaves), *(t for s in steps for t in s.outs)])
    parsed = parse(_text(tape, leaves, steps, name_of))
    values = {name_of[leaf.token]: tape.value_of[leaf.token] for leaf in leaves}
    constants = {name_of[s.outs[0]]: _constants_of(s.opaque) for s in steps if s.opaque}
    shown = {name: token for token, name in name_of.items() if name in parsed.graph.id_of}
    return Captured(
        _filled(parsed, values, constants),
        name_of[output],
        gradient,
        dtype,
        {name: tape.value_of[token] for name, token in shown.items()},
        {n: gradient_of[t] for n, t in shown.items() if t in gradient_of},
        tuple(name_of[step.outs[0]] for step in steps if step.opaque),
    )


def _text(
    tape: Tape, leaves: Sequence[Leaf], steps: Sequence[Step], name_of: Mapping[str, str]
) -> str:
    """Write the program, with zeros in the place of numbers that are put in afterwards."""
    blocks = _Blocks()
    lines = [
        f"{leaf.token} = {placeholder(tape.value_of[leaf.token].shape, leaf.differentiated)}"
        for leaf in leaves
    ]
    for step in steps:
        lines += [f"# {step.note}"] * bool(step.note)
        lines += blocks.call(step) if step.opaque else step.lines
    text = re.sub(r"\b(t\d+_)(\w*)\b", lambda m: _renamed(m, name_of), "\n".join(lines))
    return "\n".join([*blocks.texts, text])


def _renamed(found: re.Match[str], name_of: Mapping[str, str]) -> str:
    rest = found[2].strip("_")
    return name_of[found[1]] + (f"_{rest}" if rest else "")


def _names(tape: Tape, tokens: Sequence[str]) -> dict[str, str]:
    """Give every tensor the name of the user's code, or one after the function that made it."""
    taken: set[str] = set()
    found = {}
    for token in tokens:
        hint = tape.hint_of.get(token)
        word = tape.word_of[token].strip("_")
        name = re.sub(r"\W", "_", hint or f"{word}_1").strip("_") or "value"
        name = f"v{name}" if name[0].isdigit() else name
        known = name in OPS or name in ALIASES or name in BLOCKS or iskeyword(name)
        stem, number = (name, 1) if hint else (name.removesuffix("_1"), 1)
        name = f"{stem}_1" if known or not hint else name
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name)
        found[token] = name
    return found


def _constants_of(opaque: Opaque | None) -> list[Value]:
    """Return what the call of an opaque step is given beside its inputs, in order."""
    if opaque is None:
        return []
    points = [
        point if jacobian.shape == opaque.value.shape == point.shape else point.reshape(-1)
        for point, jacobian in zip(opaque.points, opaque.jacobians, strict=True)
    ]
    return [*points, np.atleast_1d(opaque.value), *opaque.jacobians]


class _Blocks:
    """The blocks that opaque steps call: the tangent plane at what was recorded."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._name_of: dict[str, str] = {}

    def call(self, step: Step) -> list[str]:
        opaque = step.opaque
        assert opaque is not None
        body = self._body(opaque)
        stem = re.sub(r"\W", "_", opaque.name).strip("_") or "recorded"
        key = f"{stem}{body}"
        if key not in self._name_of:
            stem = f"{stem}_recorded" if stem in {*OPS, *ALIASES, *BLOCKS} else stem
            numbered = (f"{stem}_{k}" if k > 1 else stem for k in count(1))
            taken = {*self._name_of.values()}
            self._name_of[key] = next(name for name in numbered if name not in taken)
            self.texts.append(f"def {self._name_of[key]}{body}")
        sizes = (", ".join(map(str, each.shape)) or "()" for each in _constants_of(opaque))
        given = [*opaque.inputs, *(f"zeros({size})" for size in sizes)]
        return [f"{step.outs[0]} = {self._name_of[key]}({', '.join(given)})"]

    @staticmethod
    def _body(opaque: Opaque) -> str:
        letters = [
            f"x{k + 1}" if len(opaque.inputs) > 1 else "x" for k in range(len(opaque.inputs))
        ]
        at = [f"{x}_at" for x in letters]
        factors = [f"J_{x}" for x in letters]
        terms = ["value"]
        for x, point, factor, jacobian in zip(letters, at, factors, opaque.jacobians, strict=True):
            if jacobian.shape == opaque.value.shape:
                terms.append(f"{factor} * ({x} - {point})")
            else:
                moved = f"{factor} @ (reshape({x}, (-1,)) - {point})"
                terms.append(f"reshape({moved}, {opaque.value.shape or (1,)})")
        parameters = ", ".join([*letters, *at, "value", *factors])
        total = " + ".join(terms)
        return f"({parameters}):\n    return {total if opaque.value.shape else f'sum({total})'}"


def _filled(
    parsed: Parsed, values: Mapping[str, Value], constants: Mapping[str, Sequence[Value]]
) -> Parsed:
    """Put the recorded values where the text has zeros."""
    literals = dict(parsed.literal_of)
    waiting = {name: list(each) for name, each in constants.items()}
    for node in parsed.graph:
        if node.op == LEAF and node.name in values:
            literals[node.id] = values[node.name]
        elif node.op == CONST and waiting.get(node.statement) and len(node.path) == 1:
            literals[node.id] = waiting[node.statement].pop(0)
    return replace(parsed, literal_of=literals, fixed=frozenset(), shaped=frozenset())
