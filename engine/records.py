"""A graph given as records instead of text: nodes with `name`, `op`, ordered `inputs`, `attrs`,
`value`, `requires_grad`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np

from engine.build import Builder
from engine.errors import OptionError, SourceError, closest, likeliest
from engine.graph import LEAF, Attribute
from engine.ops import ALIASES, OPS, Op
from engine.ops.attributes import fits
from engine.parse import Parsed
from engine.scope import check_name
from engine.values import tensor_value

__all__ = ["from_records"]

Record = Mapping[str, Any]


def from_records(
    records: Sequence[Record], most: int | None = None, nonfinite: bool = False
) -> Parsed:
    """Read a list of node records; they need not be sorted.

    A record without `inputs` is a leaf and needs a `value`. most: how many nodes there may be.
    nonfinite: whether values may hold NaN and ±infinity. Raises OptionError, SourceError or
    LimitError.
    """
    by_name = {str(record.get("name", "")): record for record in records}
    if len(by_name) != len(records) or not all(name.isidentifier() for name in by_name):
        raise _invalid(
            "every node needs a name of its own",
            "Names are words such as `W1`; no two nodes may share one.",
        )
    for name in by_name:
        check_name(name, None)
    builder = Builder(most=most)
    for name in _sorted(by_name):
        record = by_name[name]
        builder.begin(name, None, name)
        if record.get("inputs"):
            _add_op(builder, name, record)
        else:
            builder.leaf(
                tensor_value(record.get("value"), "graph", name, nonfinite),
                record.get("requires_grad") is not False,
            )
    if not builder.names:
        raise SourceError("syntax.empty")
    graph, literals = builder.finish()
    return Parsed(graph, literals)


def _invalid(reason: str, remedy: str) -> OptionError:
    return OptionError("graph.invalid", reason=reason, remedy=remedy)


def _sorted(by_name: Mapping[str, Record]) -> list[str]:
    """Keep the given order where it is topological already; otherwise sort."""
    before = {
        name: [str(i) for i in record.get("inputs") or ()] for name, record in by_name.items()
    }
    for name, inputs in before.items():
        for source in inputs:
            if source not in by_name:
                raise _invalid(
                    f"`{name}` uses `{source[:60]}`, which is not a node",
                    "Add that node, or name another.",
                )
    seen: set[str] = set()
    if all(set(inputs) <= seen and not seen.add(name) for name, inputs in before.items()):  # type: ignore[func-returns-value]
        return list(before)
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError as error:
        names = [str(name) for name in error.args[1]]
        cycle = " → ".join(names if len(names) <= 8 else [*names[:4], "…", *names[-3:]])
        raise _invalid(
            f"it has a cycle, {cycle}",
            "A computation graph must be acyclic: remove one of these edges.",
        ) from None


def _add_op(builder: Builder, name: str, record: Record) -> None:
    op = _op(str(record.get("op", "")))
    inputs = [str(i) for i in record["inputs"]]
    attrs = {key: _frozen(value) for key, value in (record.get("attrs") or {}).items()}
    missing = [key for key, default in op.attrs.items() if default is ... and key not in attrs]
    needed_arity = len([name for name in op.args if name not in op.absent]) - op.optional
    fits_arity = needed_arity <= len(inputs) <= len(op.args)
    if missing or not (fits_arity or op.variadic):
        expected = f"{len(op.args)} input" + ("" if len(op.args) == 1 else "s")
        expected += "".join(f" and `{key}`" for key in missing)
        raise SourceError(
            "op.arguments", op=op.name, expected=expected, given=len(inputs), usage=op.usage
        )
    for key, value in attrs.items():
        reason = f"{op.name} takes {', '.join(op.attrs) or 'no keywords'}."
        if key in op.attrs:
            needed = fits(key, op.attrs[key], value, op.name)
            reason = f"It must be {needed}."
        if key not in op.attrs or needed is not None:
            text = str(value)[:40]
            raise SourceError("op.attribute", op=op.name, attribute=key, value=text, reason=reason)
    operands = [builder.names[i] for i in inputs]
    left_out = [op.absent[each] for each in op.args[len(inputs) :] if each in op.absent]
    operands += [builder.const(np.asarray(number), None, "") for number in left_out]
    builder.end(builder.op(op, tuple(operands), attrs, None, name))


def _frozen(value: object) -> Attribute:
    """JSON has lists where attributes have tuples."""
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value


def _op(name: str) -> Op:
    op = OPS.get(ALIASES.get(name, name))
    if op is not None:
        return op
    guess = closest(name, [*OPS, *ALIASES])
    if guess:
        raise SourceError("op.misspelled", name=name[:60], suggestion=guess)
    raise SourceError(
        "op.unknown", name=name[:60] or LEAF, ops=likeliest(name, OPS), count=len(OPS)
    )
