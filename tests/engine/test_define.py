"""A `def` as a block: its parameters, how they may be given, and what cannot be defined."""

from __future__ import annotations

import pytest

import engine
from engine.forms.equal import alike
from engine.forms.source import source
from engine.language.define import library
from engine.language.parse import parse
from engine.ops.block import BLOCKS

MARKED = "def f(a, /, b, *, c, d=2.0):\n    return a - b * c + d\nx = 1.0\n"


@pytest.mark.parametrize(
    ("call", "expected"),
    [("f(x, 3.0, c=x)", 0.0), ("f(x, b=3.0, c=x, d=x)", -1.0), ("f(5.0, x, d=0.0, c=x)", 4.0)],
)
def test_parameters_are_given_as_python_allows(call: str, expected: float) -> None:
    assert engine.prepare(f"{MARKED}y = {call}").evaluate().values["y"] == expected


@pytest.mark.parametrize(
    "call", ["f(a=x, b=3.0, c=x)", "f(x, 3.0, x)", "f(x, 3.0)", "f(x, 3.0, c=x, e=x)", "f(c=x)"]
)
def test_parameters_given_otherwise_are_refused_with_the_usual_call(call: str) -> None:
    with pytest.raises(engine.EngineError) as error:
        engine.prepare(f"{MARKED}y = {call}")
    assert error.value.code == "op.arguments"
    assert error.value.hint == "Write it as `f(a, b, c=…, d=…)`."


def test_a_block_tells_how_its_parameters_are_given() -> None:
    parsed = parse(f"{MARKED}y = f(x, 3.0, c=x)")
    assert parsed.graph.blocks["f"].parameters == ("a", "/", "b", "*", "c", "d")
    assert "y = f(x, 3.0, c=x, d=2.0)" in source(parsed)
    assert alike(parse(source(parsed)), parsed)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("def f(*a):", "block.parameters"),
        ("def f(**a):", "block.parameters"),
        ("def f(a=g):", "block.default"),
    ],
)
def test_parameters_of_another_kind_are_refused(header: str, code: str) -> None:
    with pytest.raises(engine.EngineError) as error:
        engine.prepare(f"{header}\n    return 1.0\ny = f(2.0)")
    assert error.value.code == code


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_of_the_library_is_read_once(name: str) -> None:
    assert library(name) is library(name)
    signature = BLOCKS[name].signature
    assert library(name).parameters == (*signature.args, *signature.attrs)
