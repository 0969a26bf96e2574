"""The ops as data: complete, readable, and every example runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine
from engine.catalogue import OpRecord, catalogue
from engine.ops import OPS
from engine.ops.block import BLOCKS

FOLDER = Path(engine.__file__).parent / "ops"


def named(name: str) -> OpRecord:
    return next(each for each in catalogue() if each.name == name)


def test_every_op_and_every_block_is_listed_once() -> None:
    names = [each.name for each in catalogue()]
    blocks = {block.signature.name for block in BLOCKS.values()}
    assert len(names) == len(set(names))
    assert set(names) == set(OPS) | blocks


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)
def test_the_example_of_every_entry_runs(entry: OpRecord) -> None:
    assert engine.prepare(entry.example).evaluate().output == "out"


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)
def test_formulas_are_whole_and_name_no_placeholder(entry: OpRecord) -> None:
    for tex in [entry.tex, *(each.tex for each in entry.derivatives)]:
        assert tex
        assert "name{{" not in tex
        assert tex.count("{") == tex.count("}")
        assert r"\node" not in tex
        assert not re.search(r"_\{[^{}]*\}_", tex)


def test_an_elementwise_op_shows_the_partial_of_one_entry_and_its_rule() -> None:
    tanh = named("tanh")
    assert tanh.tex == r"\tanh\left(x\right)"
    (derivative,) = tanh.derivatives
    assert (derivative.rule, derivative.tex) == ("1 - out ** 2", r"1 - {\mathrm{out}}^{2}")


def test_any_other_op_shows_its_local_jacobian() -> None:
    assert [each.tex for each in named("matmul").derivatives] == [
        r"I \otimes {b}^T",
        r"a \otimes I",
    ]


def test_attributes_say_what_they_may_be() -> None:
    kinds = {each.name: each for each in named("sum").attributes}
    assert kinds["keepdims"].kind == "True or False"
    assert kinds["axis"].default is None
    assert not kinds["axis"].required
    assert named("getitem").attributes[0].required


def test_a_category_is_the_module_that_defines_the_op() -> None:
    for entry in catalogue():
        text = (FOLDER / f"{entry.category}.py").read_text("utf-8")
        assert "define" in text
    assert named("softmax").category == "softmax"
    assert named("attention").category == "block"


def test_a_block_shows_what_it_is_made_of() -> None:
    attention = named("attention")
    assert attention.kind == "block"
    assert "softmax(scores" in attention.body
    assert "scaled_dot_product_attention" in attention.aliases
    assert attention.tex.startswith(r"\operatorname{attention}\left(\mathrm{query}")
