"""Every P of every shipped example agrees with central differences; the tutorial's numbers hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine

examples = pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)


@examples
def test_every_adjoint_of_a_leaf_agrees_with_central_differences(example: Any) -> None:
    program = engine.prepare(example.source)
    base = program.evaluate()
    assert base.gradients is not None
    leaves = [node.name for node in program.graph_event.nodes if node.op == "leaf"]
    for name in leaves:
        measured = np.zeros(base.values[name].size)
        for position in range(measured.size):
            ends = []
            for step in (1e-6, -1e-6):
                moved = np.array(base.values[name])
                moved.flat[position] += step
                run = engine.prepare(example.source, inputs={name: moved.tolist()}).evaluate()
                ends.append(float(run.values[example.output]))
            measured[position] = (ends[0] - ends[1]) / 2e-6
        np.testing.assert_allclose(np.ravel(base.gradients[name]), measured, rtol=1e-6, atol=1e-9)


@examples
def test_every_adjoint_of_an_inner_node_agrees_with_cutting_the_graph_there(example: Any) -> None:
    program = engine.prepare(example.source)
    base = program.evaluate()
    assert base.gradients is not None
    inner = [n.name for n in program.graph_event.nodes if n.inputs and n.name != example.output]
    for name in inner:
        for position in range(base.values[name].size):
            ends = []
            for step in (1e-6, -1e-6):
                moved = np.array(base.values[name])
                moved.flat[position] += step
                lines = example.source.splitlines()
                cut = [
                    f"{name} = {moved.tolist()}" if line.startswith(f"{name} =") else line
                    for line in lines
                ]
                ends.append(float(engine.prepare("\n".join(cut)).evaluate().values[example.output]))
            measured = (ends[0] - ends[1]) / 2e-6
            assert np.ravel(base.gradients[name])[position] == pytest.approx(
                measured, rel=1e-6, abs=1e-9
            )


@examples
def test_every_example_is_told_in_both_languages(example: Any) -> None:
    for text in (example.title, example.text):
        assert set(text) == {"en", "zh-CN"}
        assert any("\u4e00" <= character <= "\u9fff" for character in text["zh-CN"])


def test_the_network_has_the_eleven_nodes_of_the_tutorial() -> None:
    network = next(e for e in engine.EXAMPLES if e.name == "two-layer-network")
    nodes = engine.prepare(network.source).graph_event.nodes
    names = ["W1", "b1", "x", "W2", "b2", "ỹ", "z1", "a1", "z2", "y", "E"]
    assert [(node.id, node.name) for node in nodes] == list(enumerate(names, start=1))


def test_the_network_has_the_right_structures() -> None:
    network = next(e for e in engine.EXAMPLES if e.name == "two-layer-network")
    structures = {
        (event.edge.source, event.edge.to): event.jacobian.structure
        for event in engine.prepare(network.source).events()
        if event.kind == "jacobian"
    }
    assert structures == {
        ("W1", "z1"): "kronecker",
        ("x", "z1"): "dense",
        ("b1", "z1"): "identity",
        ("z1", "a1"): "diagonal",
        ("W2", "z2"): "kronecker",
        ("a1", "z2"): "dense",
        ("b2", "z2"): "identity",
        ("z2", "y"): "diagonal",
        ("y", "E"): "dense",
        ("ỹ", "E"): "dense",
    }


@pytest.mark.parametrize(
    ("name", "gradients"),
    [
        ("worked-example", {"u1": 3, "u2": 8, "u3": 3, "u4": 1}),
        ("product-of-sum", {"x": -4, "y": -4, "z": 3, "q": -4, "f": 1}),
        ("shared-input", {"w": 5, "x": 2, "a": 2, "b": 3, "y": 1}),
    ],
)
def test_the_numbers_of_the_textbooks(name: str, gradients: dict[str, float]) -> None:
    example = next(e for e in engine.EXAMPLES if e.name == name)
    found = engine.prepare(example.source).evaluate().gradients
    assert found is not None
    assert {key: float(value) for key, value in found.items()} == gradients
