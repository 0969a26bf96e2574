"""What a call names is told, where it is nothing that can be called."""

from __future__ import annotations

import pytest

from engine.language.parse import parse_partial


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("y = 2(x + 1)", "syntax.factors", "`2(x + 1)`"),
        ("y = (x + 1)(x - 1)", "syntax.factors", "side by side"),
        ("y = x(x - 1)", "syntax.factors", "`2 * x`"),
        ("y = tf.nn.relu(x)", "name.unknown", "`tf`"),
        ("y = nn.LSTM(3, 2)", "op.object", "lstm_cell("),
        ("y = nn.Dropout(0.5)", "op.random", "dropout("),
        ("y = nn.Linear(2)", "create.arguments", "nn.Linear(in_features, out_features)"),
        ("f = nn.Linear(2, 2)\ny = f + x", "flow.uncalled", "`net(x)`"),
        ("f = nn.Linear(2, 2)\ny = f(x, x)", "create.arguments", "net(x)"),
        ("y = nn.Sequential(x)", "create.arguments", "nn.ReLU()"),
        ("y = tf.constant(x)", "name.unknown", "`tf`"),
        ("y = Net()", "op.unknown", "`def Net(x):`"),
        ("y = x.meen()", "op.misspelled", "`mean`"),
        ("y = lgo(x)", "op.misspelled", "`log`"),
        ("y = eval('1')", "op.unknown", "`eval`"),
    ],
)
def test_what_cannot_be_called_says_what_to_write(line: str, code: str, told: str) -> None:
    (error,) = parse_partial(f"x = 2.0\n{line}")[1]
    assert error.code == code
    assert told in f"{error.detail} {error.hint}"


@pytest.mark.parametrize("line", ["n = x.numel()", "n = x.dim() * 2", "n = x.size * 2"])
def test_what_a_tensor_tells_of_its_size_is_a_number(line: str) -> None:
    assert not parse_partial(f"x = [1.0, 2.0]\n{line}\ny = x * n")[1]


def test_what_uses_an_unknown_module_is_not_told_again() -> None:
    source = "import tensorflow as tf\nx = tf.constant(3.0)\ny = tf.nn.relu(x)\ntf.print(y)"
    assert [each.code for each in parse_partial(source)[1]] == ["import.unknown"]
