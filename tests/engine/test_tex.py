r"""The formula of a node: what it computes, as a mathematician would write it."""

from __future__ import annotations

import re

import numpy as np
import pytest

import engine
from engine.events import GraphEvent
from engine.ops import OPS
from tests.engine.test_ops import EVERY, Case

NUMBERS = "a = 1\nb = 2\nc = 3\n"
VECTORS = "a = [1, 2]\nb = [3, 4]\nc = [5, 6]\n"
MATRICES = "a = [[1, 2], [3, 4]]\nb = [[5, 6], [7, 8]]\nc = [1, 2]\n"


def formula(expression: str, leaves: str = NUMBERS) -> str:
    nodes = engine.prepare(f"{leaves}r = {expression}").graph_event.nodes
    tex = nodes[-1].formula
    for name in "abc":
        tex = tex.replace(f"\\node{{{name}}}", name)
    return tex


@pytest.mark.parametrize(
    ("expression", "tex"),
    [
        ("a + b * c", r"a + b \cdot c"),
        ("(a + b) * c", r"\left(a + b\right) \cdot c"),
        ("a - (b - c)", r"a - \left(b - c\right)"),
        ("a - b - c", "a - b - c"),
        ("a * -b", r"a \cdot \left(-b\right)"),
        ("-a * b", r"-a \cdot b"),
        ("c - (-a) * b", r"c - \left(-a \cdot b\right)"),
        ("-(a + b)", r"-\left(a + b\right)"),
        ("-a ** 2", "-{a}^{2}"),
        ("(-a) ** 2", r"{\left(-a\right)}^{2}"),
        ("a ** b ** c", "{a}^{{b}^{c}}"),
        ("(a + 1) / (b * c)", r"\frac{a + 1}{b \cdot c}"),
        ("(a / b) ** 2", r"{\left(\frac{a}{b}\right)}^{2}"),
        ("exp(-a)", "e^{-a}"),
        ("sigmoid(a * b + c)", r"\sigma\left(a \cdot b + c\right)"),
        ("a + (-2)", r"a + \left(-2\right)"),
        ("1/3 * a", r"\frac{1}{3} \cdot a"),
        ("0.3333333333333333 * a", r"\frac{1}{3} \cdot a"),
    ],
)
def test_parentheses_stand_where_they_are_needed_and_nowhere_else(
    expression: str, tex: str
) -> None:
    assert formula(expression) == tex


@pytest.mark.parametrize(
    ("expression", "tex"),
    [
        ("a * b", r"a \odot b"),
        ("a @ b", r"{a}^T \, b"),
        ("a.T @ b", r"{a}^T \, b"),
        ("(a + b) @ c", r"{\left(a + b\right)}^T \, c"),
        ("1/2 * a.T @ b", r"\frac{1}{2} \cdot {a}^T \, b"),
        ("a.T", "{a}^T"),
        ("a.T.T", "a"),
    ],
)
def test_a_vector_is_a_column(expression: str, tex: str) -> None:
    assert formula(expression, VECTORS) == tex


@pytest.mark.parametrize(
    ("expression", "tex"),
    [
        ("c @ a", "{a}^T \\, c"),
        ("c.T @ a", "{c}^T \\, a"),
        ("(c @ a).T", "{\\left({a}^T \\, c\\right)}^T"),
        ("c @ a @ c", "{\\left({a}^T \\, c\\right)}^T \\, c"),
        ("c.T @ a @ c", "{c}^T \\, a \\, c"),
        ("c @ a.T", "a \\, c"),
        ("a.T.T", "a"),
        ("(a + b).T.T @ c", "\\left(a + b\\right) \\, c"),
        ("swapaxes(a, -1, -2) @ b", "{a}^T \\, b"),
        ("a.T @ b", "{a}^T \\, b"),
        ("linear(c, a, c)", "a \\, c + c"),
        ("linear(b, a, c)", "b \\, {a}^T + c"),
        ("a[0, 1:]", "{a}_{0,\\, 1{:}}"),
        ("a[:, 0]", "{a}_{{:},\\, 0}"),
        ("(a + b)[1]", "{\\left(a + b\\right)}_{1}"),
        ("sum(a)", r"\operatorname{sum}\left(a\right)"),
        ("sum(a, axis=0)", r"\operatorname{sum}_{\text{axis}=0}\left(a\right)"),
        ("mean(a, axis=(0,))", r"\operatorname{mean}_{\text{axis}=0}\left(a\right)"),
        ("sum(a, axis=0, keepdims=True)", r"\operatorname{sum}_{\text{axis}=0}\left(a\right)"),
        ("norm(a)", r"\left\lVert a \right\rVert_{F}"),
        ("norm(c)", r"\left\lVert c \right\rVert"),
        ("norm(c, 1)", r"\left\lVert c \right\rVert_{1}"),
        ("norm(a, 'inf', axis=1)", r"\left\lVert a \right\rVert_{\infty,\, \text{axis}=1}"),
        ("reshape(a, (4,))", r"\operatorname{reshape}_{\left(4\right)}\left(a\right)"),
        ("mse_loss(a, b)", r"\frac{1}{n} \sum \left(a - b\right)^2"),
        ("l1_loss(a, b)", r"\frac{1}{n} \sum \left\lvert a - b \right\rvert"),
        ("huber_loss(a, b)", r"\operatorname{huber\,loss}\left(a,\, b\right)"),
        (
            "var(a)",
            r"\frac{1}{n - 1} \sum \left(a - \operatorname{mean}\left(a\right)\right)^2",
        ),
        ("logsumexp(a, 0)", r"\log \sum_{\text{axis}=0} e^{a}"),
        (
            "mse_loss(a, b, reduction='sum')",
            r"\sum \left(a - b\right)^2",
        ),
    ],
)
def test_matrices_transposes_indices_and_attributes_are_shown(expression: str, tex: str) -> None:
    assert formula(expression, MATRICES) == tex


def test_a_formula_too_long_to_read_gives_way_to_a_name() -> None:
    nodes = engine.prepare("x = 1\ny = " + " + ".join(["exp(x)"] * 100)).graph_event.nodes
    assert nodes[-1].formula == r"f_{2}(\node{x})"


def test_long_attributes_are_cut() -> None:
    entries = ", ".join(["0"] * 40)
    assert formula(f"a[[{entries}]]", VECTORS).count("0") == 6


def is_balanced(tex: str) -> bool:
    """Whether braces and \\left … \\right nest."""
    open_: list[str] = []
    for token in re.findall(r"\\left(?![a-z])|\\right(?![a-z])|\\.|[{}]", tex):
        if token in ("{", r"\left"):
            open_.append(token)
        elif token in ("}", r"\right") and (
            not open_ or open_.pop() != {"}": "{", r"\right": r"\left"}[token]
        ):
            return False
    return not open_


def is_readable(tex: str) -> bool:
    """Whether TeX is balanced and shows nothing of Python."""
    bare = re.sub(r"\\(text|operatorname|node)\{[^{}]*\}", "", tex)
    left = re.search(r"None|True|slice|'list|\be-?\d|J|_\w\w|\(\)", bare)
    return is_balanced(tex) and left is None and "{}" not in tex


@pytest.mark.parametrize(
    "case", [case for case in EVERY if all(0 not in shape for shape in case.shapes)], ids=str
)
def test_the_formulas_of_every_op_are_balanced_and_tell_everything(case: Case) -> None:
    event = drawn(case)
    for tex in [event.nodes[-1].formula, *(edge.formula for edge in event.edges)]:
        assert is_readable(tex), tex


def drawn(case: Case) -> GraphEvent:
    """The graph of one op over leaves."""
    values = case.inputs(np.random.default_rng(0))
    leaves = {case.op.argument(i): np.asarray(value) for i, value in enumerate(values)}
    records = [{"name": name, "value": value.tolist()} for name, value in leaves.items()]
    node = {"name": "result", "op": case.op.name, "inputs": list(leaves), "attrs": dict(case.attrs)}
    first = next(iter(leaves))
    tangents = {first: leaves[first].tolist()}
    return engine.prepare(graph=[*records, node], mode="forward", tangents=tangents).graph_event


def test_every_op_says_its_formula_over_its_arguments() -> None:
    for op in OPS.values():
        for ranks in ([1] * len(op.args), [2] * len(op.args)):
            template = op.template(ranks, dict.fromkeys(op.attrs, 0))
            assert all(f"{{{name}" in template for name in op.args), op.name
