"""Shapes and limits, found before anything is allocated."""

from __future__ import annotations

import pytest

import engine
from engine.errors import LimitError, ShapeError
from engine.infer import Limits


@pytest.mark.parametrize(
    ("source", "code", "fragments"),
    [
        (
            "W = [[1, 2], [3, 4], [5, 6]]\nx = [1, 2, 3]\nz = W @ x",
            "shape.transpose",
            ["`z = W @ x`", "W has shape (3, 2)", "x has shape (3,)", "2 and 3 differ"],
        ),
        (
            "W = [[1, 2]]\nz = W @ (W + 1)",
            "shape.transpose",
            ["W + 1 has shape (1, 2)"],
        ),
        (
            "a = [1, 2]\nb = [1, 2, 3]\nc = a * b",
            "shape.broadcast",
            ["`c = a * b`", "(2,)", "(3,)"],
        ),
        ("a = 2\nb = [1]\nc = a @ b", "shape.rank", ["()", "(1,)"]),
        ("a = [1]\nb = sum(a, axis=1)", "shape.axis", ["axis 1", "(1,)"]),
        ("a = [1, 2] @ [1, 2, 3]", "shape.inner", ["`a = [1, 2] @ [1, 2, 3]`", "(2,)", "(3,)"]),
        ("a = reshape([1, 2], (3,))", "shape.reshape", ["(2,)"]),
        ("a = [1]\nb = sum(a, axis=(0, -1))", "shape.axis", ["axis 0"]),
        ("a = 1\nb = roll(a, 1, ())", "shape.broadcast", ["roll"]),
        ("a = [1]\nb = roll(a, ())", "shape.broadcast", ["roll"]),
        ("a = [1]\nb = pad(a, (2, 0), mode='mirror')", "shape.mode", ["`mirror`"]),
        (
            "a = 1\nb = einsum('" + "," * 32 + "->', " + "a, " * 32 + "a)",
            "shape.operands",
            ["33 operands", "at most 32"],
        ),
        ("a = [1]\nb = stack([a], (0,))", "shape.axes", ["(0,)"]),
        ("a = [1]\nb = concat([a], None)", "shape.axes", ["None"]),
    ],
)
def test_a_shape_error_names_the_operands_and_the_statement(
    source: str, code: str, fragments: list[str]
) -> None:
    with pytest.raises(ShapeError) as caught:
        engine.prepare(source)
    assert caught.value.code == code
    assert caught.value.span is not None
    assert all(fragment in caught.value.detail for fragment in fragments)


@pytest.mark.parametrize(
    ("limits", "unit"),
    [
        (Limits(nodes=3), "nodes"),
        (Limits(entries=5), "entries"),
        (Limits(flops=10), "FLOPs"),
        (Limits(bytes=50), "bytes"),
    ],
)
def test_each_limit_names_itself_and_the_amount(limits: Limits, unit: str) -> None:
    with pytest.raises(LimitError) as caught:
        engine.prepare(
            "W = [[1, 2, 3], [4, 5, 6]]\nx = [1, 2, 3]\nz = W @ x\ny = z * z", limits=limits
        )
    assert caught.value.params["unit"] == unit
    assert str(caught.value.params["asked"]) in caught.value.detail


def test_rows_of_p_are_limited_unless_a_weight_vector_is_given() -> None:
    source = "x = [1, 2, 3]\ny = x * x"
    with pytest.raises(LimitError) as caught:
        engine.prepare(source, limits=Limits(rows=2))
    assert caught.value.code == "limit.rows"
    assert engine.prepare(source, gradient=[1, 0, 0], limits=Limits(rows=2)).graph_event.m == 1


def test_an_enormous_product_is_refused_before_it_exists() -> None:
    column = [[1.0]] * 4000
    source = "a = [[1]]\nb = [[1]]\nc = a @ b"
    with pytest.raises(LimitError):
        engine.prepare(source, inputs={"a": column, "b": [[1.0] * 4000]})


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("W = [[1, 2], [3, 4]]\ny = embedding([0, 2], W)", "value.index"),
        ("W = [[1, 2], [3, 4]]\ni = [0.5]\ny = take(W, i, 0)", "value.index"),
        ("W = [[1, 2], [3, 4]]\ny = gather(W, 1, [[-3]])", "value.index"),
        ("W = [[1, 2], [3, 4]]\ny = W[2]", "shape.index"),
        ("W = [[1, 2], [3, 4]]\ny = W[0, 0, 0]", "shape.indices"),
        ("W = [[1, 2], [3, 4]]\ny = W[::0]", "shape.step"),
        ("W = [[1, 2], [3, 4]]\ny = split(W, 3)", "shape.split"),
        ("W = [[1, 2], [3, 4]]\ny = pad(W, (1, 2, 3))", "shape.pad"),
        ("W = [[1, 2], [3, 4]]\ny = concat([W, W[0]])", "shape.join"),
        ("W = [[1, 2], [3, 4]]\ny = permute(W, 0, 0)", "shape.axes"),
        ("W = [[1, 2], [3, 4]]\ny = inv(W[:1])", "shape.square"),
        ("W = [[1, 2], [3, 4]]\ny = triu(W[0])", "shape.matrix"),
        ("W = [[1, 2], [3, 4]]\ny = linear(W, W, [1])", "shape.linear"),
        ("x = [[[1, 2]]]\ny = conv1d(x, [[[1, 2, 3]]])", "shape.window"),
        ("x = [[[1, 2]]]\ny = conv1d(x, [[[1], [2]]])", "shape.channels"),
    ],
)
def test_what_an_op_cannot_do_is_said_before_anything_runs(source: str, code: str) -> None:
    with pytest.raises(ShapeError) as caught:
        engine.prepare(source)
    assert caught.value.code == code
    assert caught.value.span is not None


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("W = [[1, 2], [2, 4]]\ny = inv(W)", "value.singular"),
        ("W = [[1, 2], [2, 1]]\ny = cholesky(W)", "value.definite"),
        ("i = [1]\ny = take([1, 2], i * 2)", "value.index"),
    ],
)
def test_what_only_a_run_can_tell_is_said_by_the_run(source: str, code: str) -> None:
    program = engine.prepare(source)
    with pytest.raises(ShapeError) as caught:
        program.evaluate()
    assert caught.value.code == code
