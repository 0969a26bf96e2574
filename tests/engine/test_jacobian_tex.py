r"""The local Jacobian of an edge in symbols, from the rule that makes its entries."""

from __future__ import annotations

import pytest

import engine


def edges(source: str) -> dict[tuple[str, str], str]:
    return {(e.source, e.to): e.formula for e in engine.prepare(source).graph_event.edges}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("r = A @ x", {"A": r"I \otimes {x}^T", "x": "A"}),
        ("r = A @ B", {"A": r"I \otimes {B}^T", "B": r"A \otimes I"}),
        ("r = x @ A", {"x": "{A}^T", "A": r"{x}^T \otimes I"}),
        ("r = x @ y", {"x": "{y}^T", "y": "{x}^T"}),
        ("r = A @ x + y", {"A": r"I \otimes {x}^T", "x": "A", "y": "I"}),
        ("r = x * y", {"x": r"\operatorname{diag}\left(y\right)"}),
        ("r = s * x", {"s": "x", "x": r"s \cdot I"}),
        ("r = x - y", {"x": "I", "y": "-I"}),
        ("r = 3 * s", {"s": "3"}),
        ("r = s ** 2", {"s": r"2 \cdot s"}),
        ("r = tanh(s)", {"s": r"1 - {r}^{2}"}),
        ("r = A + x", {"A": "I", "x": r"\mathbf{1} \otimes I"}),
        ("r = sum(A)", {"A": r"\mathbf{1}^T"}),
        ("r = sum(A, axis=1)", {"A": r"I \otimes \mathbf{1}^T"}),
        ("r = sum(A, axis=0)", {"A": r"\mathbf{1}^T \otimes I"}),
        ("r = A.T", {"A": "K"}),
        (
            "r = 1/2 * (x - y).T @ (x - y)",
            {"x": r"{\left(x - y\right)}^T"},
        ),
        ("r = s * s * s", {"s": r"s \cdot s + s \cdot s + s \cdot s"}),
        ("r = s * exp(s)", {"s": r"e^{s} + s \cdot e^{s}"}),
        ("r = s ** t", {"s": r"t \cdot {s}^{t - 1}", "t": r"r \cdot \ln\left(s\right)"}),
        ("r = x.T @ A", {"x": "{A}^T", "A": r"{x}^T \otimes I"}),
        ("r = x @ A.T", {"x": "A"}),
        ("r = mean(x)", {"x": r"0.5 \cdot \mathbf{1}^T"}),
        ("r = logsumexp(x)", {"x": r"{\operatorname{softmax}\left(x\right)}^T"}),
        (
            "r = logsumexp(A, axis=1)",
            {
                "A": r"\left(I \otimes \mathbf{1}^T\right) \, \operatorname{diag}\left("
                r"\operatorname{softmax}_{\text{axis}=1}\left(A\right)\right)"
            },
        ),
        ("r = norm(x)", {"x": r"{\left(\frac{x}{r}\right)}^T"}),
        ("r = mse_loss(x, y)", {"x": r"{\left(x - y\right)}^T", "y": r"-{\left(x - y\right)}^T"}),
        ("r = softmax(x)", {"x": r"\operatorname{diag}\left(r\right) - r \, {r}^T"}),
        (
            "r = softmax(A)",
            {
                "A": r"\bigoplus_{r} \left(\operatorname{diag}\left(r_{r}\right)"
                r" - r_{r} \, {r_{r}}^T\right)"
            },
        ),
        (
            "r = cross_entropy(x, 0)",
            {"x": r"\left(\operatorname{softmax}\left(x\right) - Y_{0}\right)^T"},
        ),
        ("r = linear(A, B)", {"B": r"\left(A \otimes I\right) \, K", "A": r"I \otimes B"}),
        ("r = linear(x, B)", {"B": r"I \otimes {x}^T", "x": "B"}),
        ("r = A[0]", {"A": "S_{0}"}),
        ("r = floor(x)", {"x": "0"}),
        ("r = maximum(x, y)", {"x": r"\operatorname{diag}\left(\left[x > y\right]\right)"}),
        (
            "r = layer_norm(x, 2)",
            {
                "x": r"\frac{1}{\sqrt{\operatorname{var}\left(x\right) + \varepsilon}} "
                r"\left(I - \frac{1}{2} \mathbf{1} \, \mathbf{1}^T"
                r" - \frac{1}{2} \widehat{x} \, {\widehat{x}}^T\right)"
            },
        ),
    ],
)
def test_the_local_jacobian_in_symbols(statement: str, expected: dict[str, str]) -> None:
    leaves = "A = [[1, 2], [3, 4]]\nB = [[5, 6], [7, 8]]\nx = [1, 2]\ny = [3, 4]\ns = 2\nt = 3\n"
    found = edges(leaves + statement)
    for name, tex in expected.items():
        shown = found[name, "r"]
        for each in "ABxystr":
            shown = shown.replace(f"\\node{{{each}}}", each)
        assert shown == tex


def test_paths_between_numbers_have_no_identity() -> None:
    assert "I" not in edges("s = 2\nr = s * s + s")["s", "r"]


def test_what_holds_only_at_a_kink_is_left_out_but_where_it_is_meant() -> None:
    assert "= 0" not in edges("x = [1, 2]\nn = 3\nr = x ** n")["x", "r"]
    assert "= 0" in edges("c = [1, 0]\nx = [1, 2]\ny = 3\nr = where(c, x, y)")["y", "r"]


def test_a_block_for_each_index_of_a_stack() -> None:
    source = "A = [[1, 2], [3, 4]]\nB = [[5, 6], [7, 8]]\nS = stack([A, B])\nr = bmm(S, S)"
    found = [edge.formula for edge in engine.prepare(source).graph_event.edges if edge.to == "r"]
    assert found == [
        r"\bigoplus_{i} \left(I \otimes {\node{S}_{i}}^T\right)",
        r"\bigoplus_{i} \left(\node{S}_{i} \otimes I\right)",
    ]
