"""A program → a PyTorch script that computes the same values and the same gradients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

import numpy as np

from engine.forms.phrase import ATOM, CALL, phrase
from engine.forms.sequence import base
from engine.forms.torch_call import Call
from engine.forms.torch_ops import expression
from engine.graph import CONST, Node
from engine.ops import OPS
from engine.program import Program

__all__ = ["torch_script"]

_OPERATORS = ("add", "sub", "mul", "div", "matmul", "pow", "neg")
_DEEPEST = 12
"""Expressions inside one another in a line."""

_OURS = ("torch", "F", "nodes", "output", "weights", "reached", "rows", "gradients", "name")

_CONSTANT = {
    *("greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "argmax", "argmin"),
    *("logical_and", "logical_or", "logical_not", "argsort", "size", "detach"),
    *("max_pool1d_places", "max_pool2d_places"),
}
"""Ops whose result requires no grad in PyTorch."""

_SCALAR = """
weights = {weights}
reached = [name for name in nodes if nodes[name].requires_grad]
found = torch.autograd.grad(output, [nodes[name] for name in reached], weights, allow_unused=True)
gradients = dict(zip(reached, found))
"""
_ROWS = """
reached = [name for name in nodes if nodes[name].requires_grad]
rows = [
    torch.autograd.grad(
        output, [nodes[name] for name in reached], row.reshape(output.shape),
        retain_graph=True, allow_unused=True,
    )
    for row in torch.eye(output.numel())
]
gradients = {
    name: None if row[0] is None else torch.stack([each.flatten() for each in row])
    for name, row in zip(reached, zip(*rows))
}
"""
_SHOWN = """
for name in nodes:
    print(name, "=", nodes[name].detach().tolist())
    if gradients.get(name) is not None:
        print("    gradient", gradients[name].tolist())
"""


def torch_script(program: Program) -> str:
    """Return a script of PyTorch. It binds `nodes` and `gradients` by the names of the nodes, and
    prints them; for an output of several entries without weights a gradient is P, a row for each.

    Raises OptionError for an op that PyTorch has no words for.
    """
    writer = _Writer(program)
    body = writer.lines()
    run = program.run
    lines = ["import torch", "import torch.nn.functional as F", ""]
    lines += [f"torch.set_default_dtype(torch.{program.dtype})", "", *body, ""]
    shown = [f"    {node.name!r}: {writer.name_of[node.members[-1]]}," for node in run.view]
    lines += ["nodes = {", *shown, "}"]
    output = run.view[run.output]
    lines.append(f"output = nodes[{output.name!r}]")
    if not output.requires_grad or not _reaches(program):
        lines.append("gradients = {}")
    elif run.rows == 1:
        told = "torch.ones_like(output)" if run.weights is None else _tensor(run.weights)
        lines += _SCALAR.format(weights=told).strip().split("\n")
    else:
        lines += _ROWS.strip().split("\n")
    return "\n".join([*lines, *_SHOWN.rstrip().split("\n")]) + "\n"


def _reaches(program: Program) -> bool:
    """Whether the output depends on a leaf through ops that have a derivative."""
    fine, flows = program.run.fine, set[int]()
    for node in fine:
        if node.is_leaf:
            flows |= {node.id} if node.requires_grad else set()
        elif node.op not in _CONSTANT and any(
            edge.source in flows for edge in fine.edges_into(node)
        ):
            flows.add(node.id)
    return program.run.view[program.run.output].members[-1] in flows


def _tensor(value: Any) -> str:
    return f"torch.tensor({_entries(np.asarray(value).tolist())})"


def _entries(entries: Any) -> str:
    if isinstance(entries, list):
        return f"[{', '.join(map(_entries, entries))}]"
    if np.isfinite(entries):
        return repr(float(entries))
    return "torch.nan" if np.isnan(entries) else f"{'-' if entries < 0 else ''}torch.inf"


def _is_atom(text: str) -> bool:
    """Whether all operators of an expression are inside brackets."""
    while (inner := re.sub(r"\([^()\[\]]*\)|\[[^()\[\]]*\]", "", text)) != text:
        text = inner
    return re.fullmatch(r"[\w.]*", text) is not None


def _bare(text: str, args: Sequence[str]) -> str:
    """Leave out the parentheses of what is an argument by itself."""
    for arg in args:
        alone = rf"(?:(?<=[(\[])|(?<=, )){re.escape(arg)}(?=[,)\]])"
        text = re.sub(alone, arg[1:-1].replace("\\", r"\\"), text)
    return text


@dataclass(slots=True)
class _Writer:
    """name_of: what each node is called, for those that are. text_of: expressions that are written
    where they are used, with how strongly they bind and how deep they are."""

    program: Program
    name_of: dict[int, str] = field(default_factory=dict)
    text_of: dict[int, tuple[float, str, int]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=lambda: set(_OURS))

    def lines(self) -> list[str]:
        fine, told = self.program.run.fine, []
        shown = {node.members[-1] for node in self.program.run.view}
        uses = [0] * (len(fine) + 1)
        statement_of: dict[int, set[str]] = {}
        for node in fine:
            for source in node.inputs:
                uses[source] += 1
                statement_of.setdefault(source, set()).add(node.statement)
        for node in fine:
            binding, text, depth = self._written(node)
            within = uses[node.id] == 1 and statement_of[node.id] == {node.statement}
            number = node.op == CONST and not self._shape(node.id)
            if node.id not in shown and (number or (within and depth < _DEEPEST)):
                self.text_of[node.id] = (binding, text, depth)
                continue
            told += [f"# {row}" for row in node.note.split("\n") if row]
            told.append(f"{self._name(node)} = {text}")
        return told

    def _written(self, node: Node) -> tuple[float, str, int]:
        """Return the expression of a node, how strongly it binds, and how deep it is."""
        if node.is_leaf:
            return self._leaf(node)
        attrs = {**OPS[node.op].attrs, **node.attrs}
        depth = 1 + max(self.text_of[i][2] if i in self.text_of else 0 for i in node.inputs)
        numbers = [self._number(i) for i in node.inputs]
        if node.op in _OPERATORS and not all(number is not None for number in numbers):
            binding, pieces = phrase(node, lambda i: self._number(i) is not None, lambda name: name)
            parts = [p if isinstance(p, str) else self._operand(*p) for p in pieces]
            return binding, "".join(parts), depth
        args = [self._operand(i, CALL, literal=False) for i in node.inputs]
        shapes = [self._shape(i) for i in node.inputs]
        call = Call(node.op, args, shapes, numbers, self._shape(node.id), attrs)
        text = expression(call)
        wrapped = [
            arg for i, arg in zip(node.inputs, args, strict=True) if arg == f"({self._inner(i)})"
        ]
        return (CALL if _is_atom(text) else 0.5), _bare(text, wrapped), depth

    def _leaf(self, node: Node) -> tuple[float, str, int]:
        text = _tensor(self.program.run.given[node.id])
        shape = self._shape(node.id)
        if 0 in shape:
            text = f"torch.zeros({shape})"
        if node.requires_grad:
            text = f"{text[:-1]}, requires_grad=True)"
        return ATOM, text, 0

    def _number(self, node_id: int) -> float | None:
        """Return the number that a constant is, or None."""
        node = self.program.run.fine[node_id]
        if node.op != CONST or self._shape(node_id):
            return None
        return float(self.program.run.given[node_id])

    def _operand(self, node_id: int, needed: float, literal: bool = True) -> str:
        """Return an input. literal: whether a constant may be a number of Python's."""
        number = self._number(node_id)
        if literal and number is not None and np.isfinite(number):
            text = repr(number).removesuffix(".0")
            return f"({text})" if text.startswith("-") else text
        if node_id in self.name_of:
            return self.name_of[node_id]
        binding, text, _ = self.text_of[node_id]
        return text if binding >= needed else f"({text})"

    def _inner(self, node_id: int) -> str:
        return self.text_of[node_id][1] if node_id in self.text_of else ""

    def _shape(self, node_id: int) -> tuple[int, ...]:
        return tuple(self.program.shapes.shape_of[node_id])

    def _name(self, node: Node) -> str:
        """Give a node a name of Python's: `h_2` for `h@2`."""
        stem = base(node.name) if "@" not in node.name else node.name.replace("@", "_")
        stem = re.sub(r"\W", "_", stem)
        stem = f"{stem}_" if iskeyword(stem) or stem in _OURS else stem
        name, count = stem, 1
        while name in self.taken:
            count += 1
            name = f"{stem}_{count}"
        self.taken.add(name)
        self.name_of[node.id] = name
        return name
