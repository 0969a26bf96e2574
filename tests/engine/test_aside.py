"""Lines of a notebook that compute nothing are passed over, or told to be left out."""

from __future__ import annotations

import pytest

from engine.language.parse import parse, parse_partial

LEAF = "x = torch.tensor([1.0, 2.0], requires_grad=True)\ny = (x ** 2).sum()\n"


@pytest.mark.parametrize(
    "line",
    [
        "y",
        "x.shape",
        "x.grad",
        "x.grad == 2 * x",
        "x.grad.zero_()",
        "x.grad.data.zero_()",
        "optimizer.zero_grad()",
        "x.size()",
        "print(f'{y.item():.2f}', x.grad)",
        "display(y)",
        "'a docstring'",
        "...",
        "assert x.shape == (2,)",
        "y.label = 'the loss'",
        "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')",
        "dtype = torch.float32",
    ],
)
def test_a_line_that_only_shows_something_changes_nothing(line: str) -> None:
    assert [node.name for node in parse(LEAF + line).graph if "." not in node.name] == ["x", "y"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("plt.plot(x, y)", "syntax.effect"),
        ("optimizer.step()", "syntax.effect"),
        ("draw_dot(y)", "syntax.effect"),
        ("opt = torch.optim.SGD([x], lr=0.1)", "syntax.effect"),
        ("y + 1", "syntax.unnamed"),
        ("relu(x)", "syntax.unnamed"),
        ("x.sum()", "syntax.unnamed"),
        ("loss", "name.unknown"),
        ("yy", "name.misspelled"),
        ("g = torch.autograd.grad(y, x)", "syntax.grad"),
    ],
)
def test_a_line_that_would_train_or_draw_is_told_to_be_left_out(line: str, code: str) -> None:
    assert [each.code for each in parse_partial(LEAF + line)[1]] == [code]


def test_the_main_part_of_a_script_is_read() -> None:
    source = 'x = 3.0\nif __name__ == "__main__":\n    y = x * x\n    print(y)'
    assert [node.name for node in parse(source).graph] == ["x", "y"]


def test_what_is_differentiated_may_be_an_expression() -> None:
    parsed = parse("x = [1.0, 2.0]\nl = x ** 2\nl.sum().backward()")
    assert parsed.output == "output"
    assert parsed.graph[parsed.graph.id_of["output"]].op == "sum"


def test_values_of_micrograd_are_leaves() -> None:
    source = "from micrograd.engine import Value\na = Value(-4.0, label='a')\nb = a * 2"
    assert [node.name for node in parse(source).graph if node.requires_grad] == ["a", "b"]


def test_a_block_of_numbers_alone_gives_a_leaf() -> None:
    parsed = parse("def f(x):\n    return x * x\ny = f(3.0)")
    assert [(node.name, node.op) for node in parsed.graph] == [("y", "leaf")]
