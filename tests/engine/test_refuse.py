"""What is not part of the language says what to write instead."""

from __future__ import annotations

import pytest

import engine
from engine.language.parse import parse_partial
from engine.language.refuse import _INSTEAD
from engine.ops import ALIASES, OPS
from engine.ops.block import BLOCKS


def errors(source: str) -> list[str]:
    """The code of every error."""
    return [each.code for each in parse_partial(source, 20_000)[1]]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("def f(x):\n    return f(x)\ny = f(1)", "flow.recursion"),
        ("def f(x):\n    return g(x)\ndef g(x):\n    return x\ny = f(1)", "flow.order"),
        ("def f(x):\n    y = x\ny = f(1)", "flow.nothing"),
        ("def f(*x):\n    return x\ny = f(1)", "block.parameters"),
        ("def f(x, x):\n    return x\ny = f(1, 2)", "block.parameters"),
        ("def f(x, y=zeros(2)):\n    return x\ny = f(1)", "block.default"),
        ("def f(x):\n    return x\ny = f(1, 2)", "op.arguments"),
        ("def f(x):\n    return x\ny = f(z=2)", "op.arguments"),
        ("x = 1.0\nif x:\n    y = 2", None),
        ("x = [1.0]\nif x > 0:\n    y = 2", "flow.condition"),
        ("x = 1.0\nfor i in x * 2:\n    y = 2", "flow.iterable"),
        ("x = 1.0\nfor i in x:\n    y = 2", "flow.iterable"),
        ("a, b = [1.0, 2.0, 3.0]", "flow.unpack"),
        ("a, b = zeros(3)", "flow.unpack"),
        ("hs = [1.0]\nhs.append(2.0)", "flow.list"),
        ("hs = []\ndef f(x):\n    hs.append(x)\n    return x\ny = f(1)", "flow.list"),
        ("hs = []\nx = 1.0\nhs.append(x)\ny = hs[3]", "flow.index"),
        ("f = lambda x: f(x)\ny = f(1)", "flow.recursion"),
        ("y = (lambda x: x)(2)", "syntax.lambda"),
        ("return 2", "flow.return"),
        ("for i in range(2):\n    break", "flow.break"),
        ("for i in range(2):\nx = 1", "syntax.body"),
        ("for i in range(2):\n    x = 1\n  y = 2", "syntax.indent"),
        ("else:\n    x = 1", "syntax.else"),
        ("while True:\n    x = 1", "syntax.while"),
        ("with torch.no_grad():\n    x = 1", "syntax.with"),
        ("try:\n    x = 1\nexcept E:\n    x = 2", "syntax.try"),
        ("class A:\n    x = 1", "syntax.class"),
        ("async def f():\n    x = 1", "syntax.async"),
        ("@timer\ndef f(x):\n    return x\ny = f(2)", "syntax.decorator"),
        ("x = 1\nx[0] = 2", "shape.indices"),
        ("x = [1.0, 2.0]\nx[0], x[1] = x[1], x[0]", "syntax.inplace"),
        ("x = zeros(3)\nx[[0, 0]] = 1.0", "syntax.inplace"),
        ("x = zeros(3)\ny = x\ny[0] = 1.0", "flow.shared"),
        ("x = zeros(3)\nh = x[:2]\nx[1] = 1.0", "flow.shared"),
        ("def f(x):\n    x[0] = 1.0\n    return x\nv = zeros(2)\ny = f(v)", "flow.shared"),
        ("x = 1\ny = x & 1", "syntax.logic"),
        ("x = 1\ny = not x * 2.5", "syntax.logic"),
        ("x = 1\ny = 0 < x < 2", "syntax.chain"),
        ("y = {1, 2}", "syntax.collection"),
        ("x = 1.0\ny = {k for k in range(3)}", "syntax.comprehension"),
        ("x = 1.0\ny = [x for k in range(3) if x > k * tanh(x)]", "flow.condition"),
        ("x = 1.0\ny = [x for k in x]", "flow.iterable"),
        ("x = 1.0\np = {x * tanh(x): 2}", "table.key"),
        ('p = {"W": 2.0}\ny = p["V"]', "table.missing"),
        ('p = {"W": 2.0}\ny = p * 2', "table.tensor"),
        ("x = 1.0\ny = x.grad", "syntax.grad"),
        ("x = 1.0\nx.backward([2])", "option.shape"),
        ("x = 1.0\nx.backward()\nx.backward()", "syntax.again"),
        ("n = 2**53 + 1", "literal.large"),
        ("n = [9007199254740993]", "literal.large"),
        ("x = 1.0\ny = x * 2\nx.requires_grad_()", "leaf.grad"),
        ("import pandas as pd\nx = 1", "import.unknown"),
        ("from numpy import exp as e\nx = 1", "import.alias"),
        ("x = [1.0]\ny = max(0, x)", "op.larger"),
        ("x = zeros(2, y=3)", "create.arguments"),
        ("x = zeros(-1)", "create.arguments"),
        ("hs = []\nx = stack(hs)", "op.arguments"),
        ("x = 1.0\ny = int(x * tanh(x))", "flow.constant"),
        ("x = float('inf')", "literal.number"),
        ("x = [1.0]\ny = nn.Dropout(0.5)(x)", "op.random"),
        ("x = [1.0]\ny = F.dropout(x, 0.5)", "op.random"),
        ("x = [1.0]\ny = F.dropout(x, p=0.5)", "op.random"),
        ("x = [1.0]\nm = [1.0]\ny = F.dropout(x, m, 0.5, training=True)", "op.random"),
        ("x = [1.0]\nm = [1.0]\ny = dropout(x, m, 0.5)", None),
        ("x = [1.0]\ny = dropout(x, mask=[1.0], p=0.5)", None),
        ("x = [1.0]\ny = dropout(x, 1, p=0.5)", None),
        ("x = [1.0]\ny = sum(x, foo=3)", "op.keyword"),
        ("x = 1.0\ny = x * 2\ndel x", "syntax.effect"),
        ("def f(x):\n    return x\ng = grad(f)(2.0)", "syntax.grad"),
        ("x = 1.0\ny = logistic(x)", "op.instead"),
        ("key = jax.random.PRNGKey(0)\nimport jax", "name.unknown"),
        ("import jax\nkey = jax.random.PRNGKey(0)", "op.instead"),
        ("bn = nn.BatchNorm2d(3)", "op.object"),
        ("cell = nn.LSTMCell(2, 3)", "op.object"),
        ("W = zeros(2, 2)\nx = zeros(2)\ny = W·x", "name.product"),
        ("x = 2.0\ny = 3 * λ·x", "syntax.character"),
        ("x = 1.0\ny = x + np.inf", "literal.number"),
    ],
)
def test_a_construct_that_is_not_there_says_what_to_write(source: str, code: str | None) -> None:
    assert errors(source)[:1] == ([] if code is None else [code])


@pytest.mark.parametrize("name", [name for name in _INSTEAD if name.islower()])
def test_what_to_write_instead_is_no_function_that_there_is(name: str) -> None:
    assert name not in {*OPS, *ALIASES, *BLOCKS}


def test_a_function_that_is_not_there_names_what_to_write() -> None:
    with pytest.raises(engine.EngineError) as error:
        engine.prepare("import numpy as np\nx = [1.0, 2.0]\ny = np.append(x, x)")
    assert error.value.params["suggestion"] == "concat([a, b])"
