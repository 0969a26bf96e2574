"""The ops of the language as data: what each takes, how it is written, its formula and its
derivatives, all worked out from the registry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from engine.events import GraphEvent
from engine.formulas.typeset import symbol
from engine.graph import Attributes
from engine.infer import Limits, infer
from engine.language.parse import parse
from engine.ops import OPS, Op
from engine.ops.attributes import words_of
from engine.ops.block import BLOCKS, Block
from engine.prepare import prepare

__all__ = ["OpRecord", "catalogue"]

_LEAF = "[[1, 2], [3, 4]]"
_OUT = "out"
_NODE = re.compile(r"\\node\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class AttributeRecord:
    """A keyword of an op. kind: what it may be, in words; default: None where it is required."""

    name: str
    kind: str
    required: bool
    default: Any


@dataclass(frozen=True, slots=True)
class DerivativeRecord:
    """The local Jacobian by one argument, in TeX; of an elementwise op the partial of one entry,
    and the rule that is run for it. `out` is the op's own value."""

    argument: str
    rule: str
    tex: str


@dataclass(frozen=True, slots=True)
class OpRecord:
    """An op, or a block, which is written in the language and opens into its parts.

    kind: "op" or "block". category: what it is listed under. usage: a call; example: a program that
    runs. tex: its value over symbols named like the arguments. body: of a block.
    """

    name: str
    kind: str
    category: str
    args: tuple[str, ...]
    usage: str
    aliases: tuple[str, ...]
    attributes: tuple[AttributeRecord, ...]
    doc: str
    tex: str
    derivatives: tuple[DerivativeRecord, ...]
    example: str
    body: str = ""


@cache
def catalogue() -> tuple[OpRecord, ...]:
    """Return every op in the order of definition, then every block."""
    named = {block.signature.name: block for block in BLOCKS.values()}
    return (*(_op(op) for op in OPS.values()), *(_block(block) for block in named.values()))


def example_of(usage: str, names: Sequence[str] = ()) -> str:
    """Return a program that makes one call. names: its leaves; by default its one-letter names."""
    leaves = names or sorted(set(re.findall(r"\b[a-z]\b", usage)))
    return "".join(f"{name} = {_LEAF}\n" for name in leaves) + f"{_OUT} = {usage}"


def _op(op: Op) -> OpRecord:
    example = example_of(op.usage, () if op.example else op.args)
    event = _drawn(op, example)
    return OpRecord(
        name=op.name,
        kind="op",
        category=_category(op.forward),
        args=op.args,
        usage=op.usage,
        aliases=op.aliases,
        attributes=tuple(_attribute(op, key, default) for key, default in op.attrs.items()),
        doc=op.doc,
        tex=_readable(event.nodes[-1].formula),
        derivatives=tuple(
            DerivativeRecord(
                edge.source, _rule(op, edge.slot, event.nodes[-1].attrs), _readable(edge.formula)
            )
            for edge in event.edges
        ),
        example=example,
    )


def _block(block: Block) -> OpRecord:
    op = block.signature
    arguments = r",\, ".join(symbol(name) for name in op.args)
    return OpRecord(
        name=op.name,
        kind="block",
        category="block",
        args=op.args,
        usage=op.usage,
        aliases=tuple(name for name, each in BLOCKS.items() if each is block and name != op.name),
        attributes=tuple(_attribute(op, key, default) for key, default in op.attrs.items()),
        doc=op.doc,
        tex=f"{op.tex}\\left({arguments}\\right)",
        derivatives=(),
        example=example_of(block.example),
        body=block.body.strip(),
    )


def _drawn(op: Op, example: str) -> GraphEvent:
    """The graph of one call over leaves named like the arguments: numbers, for an elementwise op,
    else of the shapes that the example has there."""
    parsed = parse(example)
    graph = parsed.graph
    node = graph[graph.id_of[_OUT]]
    given = {i: value.shape for i, value in parsed.literal_of.items()}
    shape_of = infer(graph, given, 8, Limits()).shape_of
    shapes = {
        op.argument(i): () if op.elementwise and op.shape is None else shape_of[source]
        for i, source in enumerate(node.inputs)
    }
    leaves = [{"name": name, "value": np.zeros(shape).tolist()} for name, shape in shapes.items()]
    call = {"name": _OUT, "op": op.name, "inputs": list(shapes), "attrs": dict(node.attrs)}
    first = leaves[0]
    tangents = {first["name"]: first["value"]}
    return prepare(graph=[*leaves, call], mode="forward", tangents=tangents).graph_event


def _category(forward: Any) -> str:
    """The module in which an op is defined."""
    while isinstance(forward, partial):
        forward = forward.func
    return str(forward.__module__).rpartition(".")[2]


def _attribute(op: Op, key: str, default: Any) -> AttributeRecord:
    required = default is ...
    return AttributeRecord(
        key, words_of(key, default, op.name), required, None if required else default
    )


def _rule(op: Op, slot: int, attrs: Attributes) -> str:
    return op.partial(slot, attrs) if op.elementwise else ""


def _readable(tex: str) -> str:
    """Put the symbols of the arguments in their places; one that gets an index stands in braces."""
    indexed = re.sub(_NODE.pattern + "(?=_)", lambda found: f"{{{symbol(found[1])}}}", tex)
    return _NODE.sub(lambda found: symbol(found[1]), indexed)
