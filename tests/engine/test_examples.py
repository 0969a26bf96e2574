"""Every P of every shipped example agrees with central differences; the tutorial's numbers hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import engine
from tests.engine.examples_by_numpy import RECIPES, expected

examples = pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)


smooth = pytest.mark.parametrize(
    "example",
    [e for e in engine.EXAMPLES if e.chapter != "kinks"],
    ids=lambda example: example.name,
)
STEP = 1e-4
TAPS = ((1, 8), (-1, -8), (2, -1), (-2, 1))
"""Offsets and weights of the fourth-order central difference."""


def prepared(example: Any, source: str | None = None, **options: Any) -> Any:
    if options.get("mode") != "forward":
        options["gradient"] = example.gradient
    return engine.prepare(source or example.source, output=example.output, **options)


def leaves_of(program: Any) -> list[str]:
    return [node.name for node in program.graph_event.nodes if node.op == "leaf"]


def jacobians(example: Any) -> dict[str, Any]:
    """P of every node, rows × the node's entries; None where nothing flows."""
    found = prepared(example).evaluate()
    given = found.gradients if found.gradients is not None else found.adjoints
    rows = 1 if example.gradient else found.values[example.output].size
    return {k: None if p is None else np.reshape(p, (rows, -1)) for k, p in given.items()}


def at_kinks(example: Any) -> set[str]:
    """The nodes with an edge that is marked: there the two sides differ."""
    events = prepared(example).events()
    return {event.edge.source for event in events if event.kind == "jacobian" and event.kink}


def slope(example: Any, output_at: Callable[[Any], Any], base: Any, direction: Any) -> Any:
    """How fast the output, weighted as the example says, moves when `base` goes in a direction."""
    ends = [weight * output_at(base + offset * STEP * direction) for offset, weight in TAPS]
    moved = np.ravel(np.sum(ends, axis=0)) / (12 * STEP)
    return moved if example.gradient is None else np.dot(example.gradient, moved)[None]


@smooth
def test_every_adjoint_of_a_leaf_agrees_with_central_differences(example: Any) -> None:
    program, p_of = prepared(example), jacobians(example)
    base = program.evaluate().values
    for name in leaves_of(program):
        if p_of[name] is None:
            continue
        for position in range(base[name].size):
            direction = np.zeros(base[name].shape)
            direction.flat[position] = 1
            measured = slope(
                example,
                lambda x, name=name: program.evaluate({name: x}).values[example.output],
                base[name],
                direction,
            )
            np.testing.assert_allclose(p_of[name][:, position], measured, rtol=1e-7, atol=1e-9)


@smooth
def test_every_adjoint_of_an_inner_node_agrees_with_cutting_the_graph_there(example: Any) -> None:
    program, p_of = prepared(example), jacobians(example)
    base, rng = program.evaluate().values, np.random.default_rng(0)
    lines = example.source.splitlines()
    written = [line.partition(" =")[0] for line in lines]
    for node in program.graph_event.nodes:
        name = node.name
        kept = node.inputs and name != example.output and name not in at_kinks(example)
        if not kept or written.count(name) != 1:
            continue
        direction = rng.normal(size=base[name].shape)

        def output_at(x: Any, name: str = name) -> Any:
            literal = f"{name} = {np.asarray(x).tolist()}"
            cut = [literal if line.startswith(f"{name} =") else line for line in lines]
            return prepared(example, "\n".join(cut)).evaluate().values[example.output]

        measured = slope(example, output_at, base[name], direction)
        found = p_of[name] @ np.ravel(direction)
        np.testing.assert_allclose(found, measured, rtol=1e-7, atol=1e-9)


@examples
def test_forward_mode_finds_what_reverse_mode_finds(example: Any) -> None:
    program, p_of = prepared(example), jacobians(example)
    base, rng = program.evaluate().values, np.random.default_rng(1)
    tangents = {
        n: rng.normal(size=base[n].shape) for n in leaves_of(program) if p_of[n] is not None
    }
    events = prepared(example, mode="forward", tangents=tangents).events()
    found = {event.node: event.value for event in events if event.kind == "tangent"}
    moved = np.ravel(found[example.output])
    if example.gradient is not None:
        moved = np.dot(example.gradient, moved)[None]
    expected_sum = sum(p_of[name] @ np.ravel(tangent) for name, tangent in tangents.items())
    np.testing.assert_allclose(moved, expected_sum, rtol=1e-11, atol=1e-13)


@examples
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_every_number_of_a_trace_is_finite(example: Any, mode: str) -> None:
    options: dict[str, Any] = {"mode": mode}
    if mode == "forward":
        leaf = next(name for name, p in jacobians(example).items() if p is not None)
        options["tangents"] = {leaf: np.ones(prepared(example).evaluate().values[leaf].shape)}
    events = list(prepared(example, **options).events())
    assert events[-1].kind == "finished"
    shown = [event.value for event in events if hasattr(event, "value")]
    assert len(shown) > len(events) // 3
    assert all(np.isfinite(value).all() for value in shown)


@pytest.mark.parametrize("name", RECIPES)
def test_an_output_is_what_plain_numpy_computes(name: str) -> None:
    example = next(e for e in engine.EXAMPLES if e.name == name)
    program = prepared(example)
    found = program.evaluate().values
    leaves = {leaf: found[leaf] for leaf in leaves_of(program)}
    np.testing.assert_allclose(found[example.output], expected(name, leaves), rtol=1e-12)


def test_only_what_tells_of_kinks_lies_on_one() -> None:
    marked = {example.name: at_kinks(example) for example in engine.EXAMPLES}
    assert {name: nodes for name, nodes in marked.items() if nodes} == {
        "relu-at-zero": {"x"},
        "tie-in-max": {"x"},
        "convolutional-network": {"a"},
    }


@examples
def test_an_example_is_small_enough_to_be_seen(example: Any) -> None:
    nodes = prepared(example).graph_event.nodes
    assert len(nodes) <= 25
    assert max(int(np.prod(node.shape)) for node in nodes) <= 72


def test_names_are_used_once_and_chapters_stay_together() -> None:
    names = [example.name for example in engine.EXAMPLES]
    assert len(set(names)) == len(names) >= 24
    chapters = [example.chapter for example in engine.EXAMPLES[4:]]
    runs = [
        chapter
        for chapter, before in zip(chapters, [None, *chapters], strict=False)
        if chapter != before
    ]
    assert len(set(runs)) == len(runs)


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
        ("penalised-line", {"w": 4, "x": -3, "b": -1}),
        ("neuron", {"x1": -1.5, "w1": 1, "x2": 0.5, "w2": 0}),
        ("long-expression", {"a": 138.8338192419825, "b": 645.5772594752186}),
        ("training-step", {"w": -8, "b": -4}),
        ("rosenbrock", {"x": -215.6, "y": -88}),
        ("newton", {"x@3": 0.0017301038062283902}),
        ("learning-rate", {"η": -35.38944}),
    ],
)
def test_the_numbers_of_the_textbooks(name: str, gradients: dict[str, float]) -> None:
    example = next(e for e in engine.EXAMPLES if e.name == name)
    found = engine.prepare(example.source).evaluate().gradients
    assert found is not None
    assert {key: float(found[key]) for key in gradients} == pytest.approx(gradients, rel=1e-12)
