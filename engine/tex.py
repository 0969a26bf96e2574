r"""Graph, node and local rule → TeX.

In a formula, `\node{name}` stands for the node of that name: a reader puts its symbol there, or
its value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import pi

from engine.graph import CONST, Graph, Node
from engine.ops import ATOM, OPS
from engine.simplify import reduced

__all__ = ["Tex", "expression", "filled", "node_formula", "number", "symbol"]

Tex = tuple[str, int]
"""TeX and how strongly it binds (see `Op.binding`)."""

_ACCENTS = {
    "\u0303": "tilde",
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u0301": "acute",
    "\u0300": "grave",
    "\u20d7": "vec",
}
_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|"
    "upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_LONGEST = 600
"""A formula longer than this many characters gives way to the name of its function."""

_REMEMBERED = 32
"""Characters of a name whose TeX is kept: names come from outside, and there is no end of them."""


def symbol(name: str) -> str:
    r"""Return the TeX of a node's name: `W1` → `W_{1}`, `ỹ` → `\tilde{y}`, `h@2` → `h^{(2)}`,
    `loss` → `\mathrm{loss}`."""
    return _remembered(name) if len(name) <= _REMEMBERED else _symbol(name)


def _symbol(name: str) -> str:
    name, _, part = name.partition(".")
    base, _, again = name.partition("@")
    match = re.fullmatch(r"(.*?)_?(\d*)", base)
    assert match is not None
    stem, digits = match.groups()
    head, _, tail = stem.partition("_")
    below = [*(word for word in tail.split("_") if word), *([digits] if digits else [])]
    tex = _letters(head)
    if below:
        tex += "_{" + ",".join(word if word.isdigit() else _letters(word) for word in below) + "}"
    if again:
        tex = f"{tex}^{{({again})}}"
    return f"{tex}{{\\scriptstyle .{part}}}" if part else tex


_remembered = lru_cache(maxsize=4096)(_symbol)


def _letters(word: str) -> str:
    if _GREEK.fullmatch(word):
        return f"\\{word}"
    parts: list[str] = []
    for character in unicodedata.normalize("NFD", word):
        accent = _ACCENTS.get(character)
        if accent and parts:
            parts[-1] = f"\\{accent}{{{parts[-1]}}}"
        elif not unicodedata.combining(character):
            parts.append(character)
    if len(parts) == 1 and (parts[0].startswith("\\") or _is_plain(parts[0])):
        return parts[0]
    if all(len(part) == 1 and part.isascii() for part in parts):
        return f"\\mathrm{{{word}}}"
    if any(part.startswith("\\") for part in parts):
        return "".join(
            part if part.startswith("\\") or _is_plain(part) else f"\\text{{{part}}}"
            for part in parts
        )
    return f"\\text{{{word}}}"


def _is_plain(character: str) -> bool:
    """Latin and Greek letters, and digits, may stand in mathematics as they are."""
    return character.isascii() or "\u0370" <= character <= "\u03ff"


def number(value: float) -> str:
    r"""Return a literal as it would be written by hand: 2, 0.5, 10^{-3}, \pi."""
    if value == pi:
        return r"\pi"
    text = repr(float(value)).removesuffix(".0")
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else f"{mantissa} \\cdot {power}"


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

    rank: of a node, by id. columns: leave out the transposition of vectors, as a local Jacobian is
    about to turn them itself. known: numbers by node; given these, the expression is simplified.
    """
    done: dict[int, Tex] = {}
    numbers = dict(known or {})
    pending = [node_id]
    while pending:
        current = pending[-1]
        named = outside(current)
        if named is not None:
            done[current] = named
            pending.pop()
            continue
        missing = [i for i in graph[current].inputs if i not in done]
        if missing:
            pending.extend(missing)
            continue
        simple = None if known is None else _simplified(graph[current], done, numbers)
        done[current] = simple or _apply(graph[current], done, rank, columns)
        pending.pop()
    return done[node_id]


def _simplified(node: Node, done: Mapping[int, Tex], numbers: dict[int, float]) -> Tex | None:
    same = reduced(node, numbers)
    if node.id in numbers:
        return number(numbers[node.id]), ATOM if numbers[node.id] >= 0 else 1
    return done[same] if same else None


def _apply(node: Node, done: Mapping[int, Tex], rank: Callable[[int], int], columns: bool) -> Tex:
    op = OPS[node.op]
    if columns and op.name == "transpose" and rank(node.inputs[0]) <= 1:
        return done[node.inputs[0]]
    template = op.tensor_tex if op.tensor_tex and all(rank(i) for i in node.inputs) else op.tex
    operands = [done[i] for i in node.inputs]
    if len(operands) < len(op.args) and not op.variadic:
        template = op.short_tex
    if op.variadic:
        fixed = len(op.args) - 1
        operands[fixed:] = [(r",\, ".join(tex for tex, _ in operands[fixed:]), 0)]
    filled = {
        name: tex if binding >= needed else f"\\left({tex}\\right)"
        for name, (tex, binding), needed in zip(op.args, operands, op.operands, strict=False)
    }
    binding = operands[0][1] if op.name == "identity" else op.binding
    settings = {key: _setting(value) for key, value in {**op.attrs, **node.attrs}.items()}
    if "index" in node.attrs:
        settings["index"] = settings["index"][1:-1]
    return template.format(**filled, **settings), binding


def filled(template: str, operands: Mapping[str, Tex], attrs: Mapping[str, object]) -> str:
    """Fill in the template of a local Jacobian; an operand that is raised to a power or is a factor
    of a Kronecker product is put in parentheses unless it is an atom."""
    given: dict[str, object] = dict(attrs)
    for name, (tex, binding) in operands.items():
        tight = re.search(rf"\{{{name}\}}(\^| \\otimes)|\\otimes \{{{name}\}}", template)
        given[name] = f"\\left({tex}\\right)" if tight and binding < ATOM else tex
    return template.format(**given)


def _setting(value: object) -> str:
    """An attribute inside a formula; text without what TeX would take for a command."""
    if isinstance(value, tuple) and value[:1] == ("slice",):
        bounds = ["" if bound is None else number(bound) for bound in value[1:]]
        return "{:}".join(bounds[: 3 if bounds[-1] else 2])
    if isinstance(value, tuple):
        entries = value[1:] if value[:1] == ("list",) else value
        return f"({', '.join(map(_setting, entries))})"
    if value == "...":
        return r"\ldots"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    if value is None or value is ...:
        return r"\cdot"
    return f"\\text{{{re.sub(r'[^A-Za-z0-9 ,.>-]', '', str(value))}}}"


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
    if len(tex) <= _LONGEST:
        return tex
    return (
        f"f_{{{node.id}}}(" + ", ".join(f"\\node{{{view[i].name}}}" for i in node.inputs[:8]) + ")"
    )
