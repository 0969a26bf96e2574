"""Random shapes and random graphs: tensors against the graph engine and central differences."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine import eager
from engine.eager import Tensor, tensor

SIZES = st.lists(st.integers(1, 3), max_size=3)
UNARY = ["sin", "exp", "sigmoid", "tanh", "neg", "square", "softplus", "atan"]
BINARY = ["add", "sub", "mul", "maximum", "atan2"]
calm = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def broadcast(draw: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes that combine."""
    full = draw(SIZES)
    shapes = []
    for _ in range(2):
        kept = full[draw(st.integers(0, len(full))) :]
        shapes.append(tuple(size if draw(st.booleans()) else 1 for size in kept))
    return shapes[0], shapes[1]


def entries(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1.5, 1.5, shape)


@calm
@given(broadcast(), st.sampled_from(BINARY), st.integers(0, 1000))
def test_gradients_have_the_shape_of_their_tensor_and_agree_with_differences(
    shapes: tuple[tuple[int, ...], tuple[int, ...]], op: str, seed: int
) -> None:
    arrays = [entries(shape, seed + i) for i, shape in enumerate(shapes)]
    function = getattr(eager, op)
    leaves = [tensor(array, requires_grad=True) for array in arrays]
    out = function(*leaves)
    assert out.shape == np.broadcast_shapes(*shapes)
    weights = entries(out.shape, seed + 2)
    out.backward(tensor(weights))
    for slot, leaf in enumerate(leaves):
        assert leaf.grad is not None and leaf.grad.shape == leaf.shape
        direction = entries(leaf.shape, seed + 3)
        ends = []
        for step in (1e-6, -1e-6):
            moved = list(arrays)
            moved[slot] = arrays[slot] + step * direction
            ends.append(np.sum(weights * function(*map(tensor, moved)).array))
        measured = (ends[0] - ends[1]) / 2e-6
        np.testing.assert_allclose(
            np.sum(leaf.grad.array * direction), measured, rtol=1e-5, atol=1e-7
        )


@st.composite
def programs(draw: Any) -> tuple[str, str]:
    """A random graph as source text, and its leaf's shape in words."""
    names = ["x", "y"]
    lines = []
    for i in range(draw(st.integers(1, 12))):
        if draw(st.booleans()):
            text = f"{draw(st.sampled_from(UNARY))}({draw(st.sampled_from(names))})"
        else:
            a, b = draw(st.sampled_from(names)), draw(st.sampled_from(names))
            text = f"{draw(st.sampled_from(BINARY))}({a}, {b})"
        lines.append(f"n{i} = tanh({text})")
        names.append(f"n{i}")
    used = " + ".join(draw(st.lists(st.sampled_from(names), min_size=1, max_size=4)))
    return "\n".join(lines), draw(st.sampled_from(["number", "vector"])) + ":" + used


def replay(lines: str, used: str, leaves: dict[str, Tensor]) -> Tensor:
    """Run the source on tensors, by the same names."""
    known = dict(leaves)
    for line in lines.splitlines():
        name, _, rest = line.partition(" = tanh(")
        op, _, args = rest.removesuffix(")").partition("(")
        given_ = [known[arg] for arg in args.removesuffix(")").split(", ")]
        known[name] = getattr(eager, op)(*given_).tanh()
    terms = used.split(" + ")
    total = known[terms[0]]
    for term in terms[1:]:
        total = total + known[term]
    return total.sum()


@calm
@given(programs(), st.integers(0, 1000))
def test_a_random_graph_has_the_gradients_of_the_graph_engine_and_of_differences(
    program: tuple[str, str], seed: int
) -> None:
    lines, (kind, _, used) = program[0], program[1].partition(":")
    shape = () if kind == "number" else (3,)
    values = {name: entries(shape, seed + i) for i, name in enumerate("xy")}
    source = "".join(f"{name} = {array.tolist()}\n" for name, array in values.items())
    expected = engine.prepare(f"{source}{lines}\nout = sum({used})", output="out").evaluate()
    leaves = {name: tensor(array, requires_grad=True) for name, array in values.items()}
    out = replay(lines, used, leaves)
    np.testing.assert_allclose(out.item(), expected.values["out"], rtol=1e-12)
    if out.requires_grad:
        out.backward()
    assert expected.gradients is not None
    for name, leaf in leaves.items():
        mine = np.zeros(shape) if leaf.grad is None else leaf.grad.array
        theirs = expected.gradients[name]
        np.testing.assert_allclose(mine, 0.0 if theirs is None else theirs, rtol=1e-10, atol=1e-12)
        direction = entries(shape, seed + 5)
        ends = []
        for step in (1e-6, -1e-6):
            moved = {k: tensor(v + step * direction * (k == name)) for k, v in values.items()}
            ends.append(replay(lines, used, moved).item())
        measured = (ends[0] - ends[1]) / 2e-6
        np.testing.assert_allclose(np.sum(mine * direction), measured, rtol=1e-4, atol=1e-6)


@calm
@given(programs(), st.integers(0, 1000))
def test_the_recorded_pass_gives_the_same_gradients(program: tuple[str, str], seed: int) -> None:
    lines, (_, _, used) = program[0], program[1].partition(":")
    leaves = {
        name: tensor(entries((), seed + i), requires_grad=True) for i, name in enumerate("xy")
    }
    out = replay(lines, used, leaves)
    plain = eager.grad(out, list(leaves.values()), retain_graph=True, materialize_grads=True)
    recorded = eager.grad(out, list(leaves.values()), create_graph=True, materialize_grads=True)
    for a, b in zip(plain, recorded, strict=True):
        assert a is not None and b is not None
        np.testing.assert_allclose(a.item(), b.item(), rtol=1e-11, atol=1e-13)
