"""Formulas of nodes that are built alike are made once: they differ in the names alone.

A long program repeats few forms, in a loop or layer by layer, and making TeX is the dearest part of
describing it. Two nodes are alike when their members have the same ops, attributes, shapes and
constants, and take the same inputs in the same places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.formulas.jacobian_tex import LONGEST as LONGEST_EDGE
from engine.formulas.jacobian_tex import Symbols, edge_formulas
from engine.formulas.tex import LONGEST, node_formula
from engine.graph import CONST, Node, Shape

__all__ = ["Formulas", "Made"]

_NODE = re.compile(r"\\node\{([^{}]*)\}")
_PLACE = r"\node{%s}"
_BETWEEN = "\0"

Key = tuple[object, ...]
Made = tuple[str, dict[int, str]]
"""The formula of a node, and those of the edges into it by slot."""


@dataclass(frozen=True, slots=True)
class _Template:
    """The formulas of a node, then those of the edges in these slots, as one format with places for
    names."""

    slots: tuple[int, ...]
    text: str
    places: tuple[int, ...]


_SMALL, _MOST = 40, 1024
_SHARED: dict[Key, _Template | None] = {}
"""Small forms are those of many programs: they are kept from one to the next."""


def _keep(templates: dict[Key, _Template | None], key: Key, template: _Template | None) -> None:
    if templates is _SHARED and len(_SHARED) >= _MOST:
        _SHARED.clear()
    templates[key] = template


class Formulas:
    """The formulas of one program, node by node. shape_of: by elementary id."""

    def __init__(self, symbols: Symbols, shape_of: Mapping[int, Shape]) -> None:
        self._symbols = symbols
        self._shape_of = shape_of
        self._templates: dict[Key, _Template | None] = {}

    def of(self, node: Node) -> Made:
        """Return the TeX of a node and of the local Jacobian of each edge into it."""
        form = None if node.is_leaf else self._form(node)
        if form is None:
            return self._made(node)
        key, names = form
        templates = _SHARED if len(key) <= _SMALL else self._templates
        if key not in templates:
            made = self._made(node)
            _keep(templates, key, _template(made, names))
            return made
        template = templates.get(key)
        return (template and _filled(template, names)) or self._made(node)

    def _made(self, node: Node) -> Made:
        symbols = self._symbols
        value = node_formula(symbols.fine, symbols.view, node, symbols.literal, symbols.rank)
        return value, edge_formulas(symbols, node) if node.inputs else {}

    def _form(self, node: Node) -> tuple[Key, list[str]] | None:
        """Return how a node is built, names aside, and the names; None where a name is part of a
        constant."""
        nodes, view = self._symbols.fine.nodes, self._symbols.view
        numbers, shape_of = self._symbols.numbers, self._shape_of
        place_of: dict[int, int] = {}
        parts: list[object] = [node.op]
        members = {i: at for at, i in enumerate(node.members)}
        for own in node.members:
            member, shape = nodes[own - 1], shape_of[own]
            if shape and member.op == CONST:
                return None
            attrs = repr(tuple(member.attrs.items())) if member.attrs else ""
            parts += (member.op, attrs, shape, member.requires_grad, member.inert)
            parts.append(repr(numbers[own]) if own in numbers else None)
            for i in member.inputs:
                if i in members:
                    parts.append(members[i])
                    continue
                place = place_of.setdefault(i, len(place_of))
                outer, known = nodes[i - 1], repr(numbers[i]) if i in numbers else None
                parts += (-1 - place, shape_of[i], outer.requires_grad, outer.op == CONST, known)
        parts += [place_of.get(view.nodes[i - 1].members[-1]) for i in node.inputs]
        names = [nodes[i - 1].name for i in place_of]
        names.append(nodes[node.members[-1] - 1].name)
        return tuple(parts), names


def _template(made: Made, names: Sequence[str]) -> _Template | None:
    """Return formulas as templates, unless one of them was too long and gave way."""
    value, edges = made
    if value.startswith("f_{") or not all(edges.values()) or len(set(names)) < len(names):
        return None
    places = {name: place for place, name in enumerate(names)}.get
    parts = [_split(tex, places) for tex in (value, *edges.values())]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    text = _BETWEEN.join(text for text, _ in known)
    return _Template(tuple(edges), text, tuple(place for _, own in known for place in own))


def _split(tex: str, place_of: Callable[[str], int | None]) -> tuple[str, tuple[int, ...]] | None:
    texts = _NODE.split(tex)
    places = [place_of(name) for name in texts[1::2]]
    known = tuple(place for place in places if place is not None)
    if len(known) < len(places):
        return None
    return _PLACE.join(text.replace("%", "%%") for text in texts[::2]), known


def _filled(template: _Template, names: Sequence[str]) -> Made | None:
    """Return the formulas with these names, unless one becomes too long to be shown."""
    whole = template.text % tuple([names[place] for place in template.places])
    value, *edges = whole.split(_BETWEEN)
    if len(whole) > LONGEST_EDGE and (
        len(value) > LONGEST or any(len(tex) > LONGEST_EDGE for tex in edges)
    ):
        return None
    return value, dict(zip(template.slots, edges, strict=True))
