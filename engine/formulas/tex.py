r"""Graph, node and rule → TeX.

In a formula, `\node{name}` stands for the node of that name: a reader puts its symbol there, or
its value. A vector is a column, as in a local Jacobian: NumPy's `x @ y` of two vectors reads xᵀ y,
and `x @ W` reads Wᵀ x.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from engine.formulas.typeset import Tex, bracketed, is_negation, number, turned
from engine.graph import CONST, Attributes, Graph, Node
from engine.ops import ATOM, OPS, Op
from engine.simplify import reduced

__all__ = ["LONGEST", "expression", "filled", "node_formula", "setting"]

LONGEST = 600
"""A formula longer than this many characters gives way to the name of its function."""

_SHOWN = 6
"""Entries of an attribute that are shown."""

_BOOKKEEPING = {"keepdims", "momentum", "reverse_order"}
"""Attributes that change no entry of the result."""

_COMMA, _MORE = r",\, ", [r"\ldots"]
_NAMED = re.compile(r"\\operatorname\{[^{}]*\}(?=\\left\()")


class _Form(NamedTuple):
    """The TeX of a node; of a vector as a column, and as a row where it was written as one."""

    tex: Tex
    rank: int
    row: Tex | None = None


def expression(
    graph: Graph,
    node_id: int,
    outside: Callable[[int], Tex | None],
    rank: Callable[[int], int],
    *,
    columns: bool = False,
    known: Mapping[int, float] | None = None,
) -> Tex:
    """Return the expression of a node, down to the nodes for which `outside` has a name.

    rank: of a node, by id. columns: write a vector as a column even where it is transposed, as a
    local Jacobian is about to turn it itself. known: numbers by node; given these, the expression
    is simplified.
    """
    done: dict[int, _Form] = {}
    numbers = dict(known or {})
    pending = [node_id]
    while pending:
        current = pending[-1]
        named = outside(current)
        if named is not None:
            done[current] = _Form(named, rank(current))
            pending.pop()
            continue
        missing = [i for i in graph[current].inputs if i not in done]
        if missing:
            pending.extend(missing)
            continue
        simple = None if known is None else _simplified(graph[current], done, numbers)
        done[current] = simple or _apply(graph[current], done, rank)
        pending.pop()
    form = done[node_id]
    return form.tex if columns or form.row is None else form.row


def _simplified(node: Node, done: Mapping[int, _Form], numbers: dict[int, float]) -> _Form | None:
    same = reduced(node, numbers)
    if node.id in numbers:
        return _Form((number(numbers[node.id]), ATOM if numbers[node.id] >= 0 else 1), 0)
    return done[same] if same else None


def _apply(node: Node, done: Mapping[int, _Form], rank: Callable[[int], int]) -> _Form:
    op, forms, own = OPS[node.op], [done[i] for i in node.inputs], rank(node.id)
    ranks = [form.rank for form in forms]
    template = op.template(ranks, node.attrs)
    if template == "{x_T}" and ranks[0] < 2:
        row = turned(forms[0].tex) if ranks[0] and forms[0].row is None else None
        return _Form(forms[0].tex, own, row)
    written = [i for i, form in enumerate(forms) if form.row is not None]
    columns = _filled_op(op, template, [form.tex for form in forms], forms, node.attrs)
    if op.name == "matmul" and ranks == [1, 2] and written:
        rows = [forms[0].row or forms[0].tex, forms[1].tex]
        return _Form(columns, own, _filled_op(op, r"{a} \, {b}", rows, forms, node.attrs))
    vectors = [i for i, each in enumerate(ranks) if each]
    if op.elementwise and written and written == vectors and max(ranks) == 1:
        rows = [form.row or form.tex for form in forms]
        return _Form(columns, own, _filled_op(op, template, rows, forms, node.attrs))
    return _Form(columns, own)


def _filled_op(
    op: Op, template: str, operands: Sequence[Tex], forms: Sequence[_Form], attrs: Attributes
) -> Tex:
    """Fill in the template of an op. `{a_T}` is the transpose of `a`, as it was written if so."""
    if template in ("{x}", "{x_T}"):
        return operands[0] if template == "{x}" else turned(operands[0])
    texts = list(operands)
    binding, needs = op.binding, list(op.operands)
    if op.variadic:
        fixed = len(op.args) - 1
        texts[fixed:] = [(_COMMA.join(text for text, _ in texts[fixed:]), 0)]
    elif op.symbol in ("*", "@") and is_negation(texts[0][0]):
        binding, needs[0] = 1, 1
    given = {
        name: bracketed(tex, needed)
        for name, tex, needed in zip(op.args, texts, needs, strict=False)
    }
    for name, form in zip(op.args, forms, strict=False):
        if f"{{{name}_T}}" in template:
            given[f"{name}_T"] = bracketed(form.row or turned(form.tex), 2)
    settings = {key: setting(value) for key, value in {**op.attrs, **attrs}.items()}
    if "index" in attrs:
        settings["index"] = _bare(settings["index"])
    tex = template.format(**given, **settings)
    return _with_settings(tex, op, template, attrs, forms[0].rank), binding


def _bare(index: str) -> str:
    return index.removeprefix(r"\left(").removesuffix(r"\right)") or r"\left(\right)"


def _with_settings(tex: str, op: Op, template: str, attrs: Attributes, rank: int) -> str:
    """Write the attributes that differ from the usual below the name of the op. rank: of the first
    argument; over all of its axes is as usual."""
    shown = [
        _named_setting(key, value)
        for key, value in attrs.items()
        if value != op.attrs.get(key)
        and key not in _BOOKKEEPING
        and not (key == "axis" and isinstance(value, tuple) and len(value) == rank)
        and not re.search(rf"(?<!{{){{{key}}}(?!}})", template)
    ]
    name = _NAMED.match(tex) if shown else None
    return f"{name[0]}_{{{_COMMA.join(shown)}}}{tex[name.end() :]}" if name else tex


def _named_setting(key: str, value: object) -> str:
    if value is True or isinstance(value, str) or key == "shape":
        return setting(key if value is True else value)
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    return f"{setting(key)}={setting(str(value) if value is None else value)}"


def filled(template: str, operands: Mapping[str, Tex], attrs: Mapping[str, object]) -> str:
    """Fill in the template of a local Jacobian; an operand that has a superscript or an index, or
    is a factor of a product, is put in parentheses unless it is an atom. `{x_T}` is the transpose
    of `x`."""
    given: dict[str, object] = {key: setting(value) for key, value in attrs.items()}
    if "index" in given:
        given["index"] = _bare(str(given["index"]))
    for name, tex in operands.items():
        near = rf"\{{{name}\}}\}}*(\^|_|\s*\\(otimes|,))|\\(otimes|,)\s*\{{+{name}\}}"
        given[name] = bracketed(tex, ATOM if re.search(near, template) else 0)
        given[f"{name}_T"] = bracketed(turned(tex), 3)
    return template.format(**given)


def setting(value: object) -> str:
    """Return the TeX of an attribute; text without what TeX would take for a command."""
    if isinstance(value, tuple) and value[:1] == ("slice",):
        bounds = ["" if bound is None else number(bound) for bound in value[1:]]
        return "{:}".join(bounds[: 3 if bounds[-1] else 2])
    if isinstance(value, tuple):
        entries = value[1:] if value[:1] == ("list",) else value
        shown = [setting(each) for each in entries[:_SHOWN]] + _MORE * bool(entries[_SHOWN:])
        return f"\\left({_COMMA.join(shown)}\\right)"
    if value == "...":
        return r"\ldots"
    if value == "inf":
        return r"\infty"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    if value is None or value is ...:
        return r"\cdot"
    text = re.sub(r"[^A-Za-z0-9_ ,.>-]", "", str(value)).replace("_", r"\_")
    return f"\\text{{{text}}}"


def node_formula(
    fine: Graph, view: Graph, node: Node, literal: Callable[[int], Tex], rank: Callable[[int], int]
) -> str:
    r"""Return the TeX of f_i(α_i) with `\node{…}` for its inputs; empty for a leaf."""
    if node.is_leaf:
        return literal(node.members[-1])[0] if node.op == CONST else ""
    inside = set(node.members)

    def outside(i: int) -> Tex | None:
        if i not in inside:
            return f"\\node{{{fine[i].name}}}", ATOM
        return literal(i) if fine[i].op == CONST else None

    tex, _ = expression(fine, node.members[-1], outside, rank)
    if len(tex) <= LONGEST:
        return tex
    return (
        f"f_{{{node.id}}}(" + ", ".join(f"\\node{{{view[i].name}}}" for i in node.inputs[:8]) + ")"
    )
