"""One node given as data: what its name, its op and its attributes may be."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any
from unicodedata import normalize

import numpy as np

from engine.errors import OptionError, SourceError, closest
from engine.forms.values import Value, tensor_value
from engine.graph import CONST, LEAF, Attribute, Attributes
from engine.language.scope import check_name
from engine.ops import ALIASES, OPS, Op
from engine.ops.attributes import fits

__all__ = ["Record", "applied", "check_word", "given", "invalid", "is_leaf"]

Record = Mapping[str, Any]


def invalid(reason: str, remedy: str) -> OptionError:
    """Return the error of a graph that is none."""
    return OptionError("graph.invalid", reason=reason, remedy=remedy)


def check_word(name: str) -> None:
    """Raise OptionError for a name that no program could bind."""
    check_name(name, None)
    if not name.isidentifier() or iskeyword(name) or normalize("NFKC", name) != name:
        raise invalid(
            f"`{name[:60]}` is no name",
            "Names are words such as `W1`, and none of Python's own, such as `lambda`.",
        )


def is_leaf(record: Record) -> bool:
    """Whether a record gives a value rather than an op. Raises OptionError where it gives both."""
    leaf = record.get("op", LEAF) in (LEAF, CONST)
    given = record.get("value") is not None
    name = str(record.get("name"))[:60]
    if leaf and record.get("inputs"):
        raise invalid(f"`{name}` has inputs but no op", "Say which op it is.")
    if given and not leaf:
        raise invalid(f"`{name}` is computed and has a value, too", "Leave one of them out.")
    if not leaf and record.get("requires_grad") is False:
        raise invalid(
            f"`{name}` is computed, and told not to be differentiated",
            "Only a leaf may have `requires_grad`; put the op `detach` behind this node.",
        )
    return leaf


def given(record: Record, name: str, nonfinite: bool) -> Value:
    """Return the value of a leaf or a constant. What is not differentiated may be infinite, as a
    mask is. nonfinite: whether all values may be, or NaN. Raises OptionError."""
    value = tensor_value(record.get("value"), "graph", name, True)
    fixed = record.get("requires_grad") is False or record.get("op") == CONST
    if not (nonfinite or np.isfinite(value).all() or (fixed and not np.isnan(value).any())):
        raise OptionError("option.nonfinite", option="graph", name=name)
    return value


def applied(record: Record) -> tuple[Op, Attributes]:
    """Return the op of a record and its attributes. Raises SourceError."""
    op = _op(str(record.get("op", "")))
    count = len(record.get("inputs") or ())
    attrs = {key: _frozen(value) for key, value in (record.get("attrs") or {}).items()}
    missing = [key for key, default in op.attrs.items() if default is ... and key not in attrs]
    needed_arity = len([name for name in op.args if name not in op.absent]) - op.optional
    fits_arity = needed_arity <= count <= len(op.args)
    if missing or not count or not (fits_arity or op.variadic):
        expected = f"{len(op.args)} input" + ("" if len(op.args) == 1 else "s")
        expected += "".join(f" and `{key}`" for key in missing)
        raise SourceError(
            "op.arguments", op=op.name, expected=expected, given=count, usage=op.usage
        )
    for key, value in attrs.items():
        _check_attribute(op, key, value)
    return op, attrs


def _check_attribute(op: Op, key: str, value: Attribute) -> None:
    if key not in op.attrs:
        choices = ", ".join(op.attrs) or "-"
        raise SourceError("op.keyword", op=op.name, attribute=key[:60], choices=choices)
    needed = fits(key, op.attrs[key], value, op.name)
    if needed is None:
        return
    text, reason = str(value)[:40], f"It must be {needed}."
    raise SourceError("op.attribute", op=op.name, attribute=key, value=text, reason=reason)


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
    raise SourceError("op.unknown", name=name[:60] or LEAF, count=len(OPS))
