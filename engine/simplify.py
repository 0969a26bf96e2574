"""Formulas of which some arguments are numbers: the slope of x ** 2 is run, and shown, as 2 · x."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

from engine.errors import SourceError
from engine.formula import Formula, formula, number_of
from engine.graph import Node
from engine.ops import OPS

__all__ = ["reduced", "simplified"]

_SHORT = 6
"""A number worked out from others is put in their place if it is this short: 2 - 1 becomes 1, but
1 / 3 stays."""


def reduced(node: Node, numbers: dict[int, float]) -> int | None:
    """Note in `numbers` a node that is a mere number; return the input that a node is equal to, as
    x is to x ** 1, or None."""
    op, given = OPS[node.op], [numbers.get(i) for i in node.inputs]
    if op.absorbs is not None and op.absorbs in given:
        numbers[node.id] = op.absorbs
    elif None not in given and len(given) > 1:
        value = number_of(op, [each for each in given if each is not None], node.attrs)
        if value is not None and isfinite(value) and len(repr(value)) <= _SHORT:
            numbers[node.id] = value
    if node.id in numbers:
        return None
    if node.op == "where" and given[0] is not None:
        chosen = node.inputs[1 if given[0] else 2]
        if chosen in numbers:
            numbers[node.id] = numbers[chosen]
        return chosen
    for slot, unit in enumerate(op.units):
        if unit is not None and given[slot] == unit:
            other = node.inputs[1 - slot]
            if other in numbers:
                numbers[node.id] = numbers[other]
            return other
    return None


@lru_cache(maxsize=4096)
def simplified(rule: Formula, known: tuple[tuple[str, float], ...]) -> Formula:
    """Return the formula with numbers in the places of some names."""
    value_of, name_of = dict(known), dict(rule.used)
    numbers = dict(rule.literals)
    numbers.update((node, value_of[name]) for node, name in rule.used if name in value_of)
    text_of = {node: f"({value!r})" for node, value in numbers.items()}
    text_of.update((node, name) for node, name in name_of.items() if node not in numbers)
    for node in rule.graph:
        if not node.is_leaf:
            same = reduced(node, numbers)
            if node.id in numbers:
                text_of[node.id] = f"({numbers[node.id]!r})"
            else:
                inputs = [text_of[i] for i in node.inputs]
                text_of[node.id] = text_of[same] if same else _written(node, inputs)
    try:
        return formula(text_of[len(rule.graph)], rule.names)
    except SourceError:
        return rule  # 1 / 0 is no number that could be written


def _written(node: Node, inputs: list[str]) -> str:
    """The op in source text, in parentheses where it is not a call."""
    symbol = OPS[node.op].symbol
    if symbol:
        return f"({f' {symbol} '.join(inputs) if len(inputs) > 1 else symbol + inputs[0]})"
    settings = [f"{key}={value!r}" for key, value in node.attrs.items()]
    return f"{node.op}({', '.join([*inputs, *settings])})"
