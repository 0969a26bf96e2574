"""Who made the first NaN."""

from __future__ import annotations

import engine
from engine.backend import backend
from engine.language.parse import parse
from engine.sweeps.evaluate import evaluate
from engine.sweeps.provenance import Origin, first_in_adjoints, first_in_values

WHERE = backend("cpu")


def origins(source: str) -> list[tuple[str, str, int, int]]:
    """What the search finds in a program's values."""
    parsed = parse(source)
    values = evaluate(parsed.graph, parsed.literal_of, WHERE)
    found = first_in_values(parsed.graph, values, WHERE)
    return [(each.node, each.kind, each.entry, each.count) for each in found]


def test_finite_values_have_no_origin() -> None:
    assert origins("x = [1, 2]\ny = log(x)\nz = sum(y)") == []


def test_the_node_that_made_it_is_named_and_its_users_are_not() -> None:
    source = "x = [1, 0, -1]\ny = log(x)\nz = y * 2\nw = sum(z)"
    assert origins(source) == [("y", "nan", 2, 2)]


def test_two_independent_origins_are_both_named() -> None:
    source = "x = 0\na = log(x)\nb = 1 / x\nc = a + b"
    assert [name for name, *_ in origins(source)] == ["a", "b"]


def test_infinity_minus_infinity_is_blamed_on_the_infinity() -> None:
    assert origins("x = 1000\ny = exp(x)\nz = y - y") == [("y", "infinity", 0, 1)]


def test_an_infinite_derivative_is_found_on_the_way_back() -> None:
    program = engine.prepare("x = [0, 4]\ny = sqrt(x)\nz = 3 * y\ns = sum(z)", output="s")
    gradients = program.evaluate().gradients
    assert gradients is not None
    graph = program.run.view
    found = first_in_adjoints(graph, {n.id: gradients[n.name] for n in graph}, WHERE)
    assert found == (Origin("x", "infinity", 0, 1),)
