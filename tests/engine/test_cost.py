"""Counts of passes and multiplications, against a count by hand."""

from __future__ import annotations

import engine

WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"


def test_the_worked_example_counts_two_products_a_pass() -> None:
    cost = engine.prepare(WORKED).cost
    assert (cost.reverse.passes, cost.reverse.multiplications) == (1, 2)
    assert (cost.forward.passes, cost.forward.multiplications) == (2, 4)


def test_passes_are_counted_by_entries_of_output_and_leaves() -> None:
    cost = engine.prepare("x = [1, 2, 3]\nW = [[1, 2, 3], [4, 5, 6]]\ny = W @ x").cost
    assert (cost.reverse.passes, cost.forward.passes) == (2, 9)
    assert cost.reverse.multiplications == 2 * (6 + 6)


def test_only_what_the_output_depends_on_is_counted() -> None:
    cost = engine.prepare(WORKED + "\nspare = u4 * u4 * u4", output="u3").cost
    assert cost.reverse.multiplications == 0


def test_a_scalar_loss_of_many_weights_is_what_reverse_mode_is_for() -> None:
    network = next(e for e in engine.EXAMPLES if e.name == "two-layer-network")
    cost = engine.prepare(network.source).cost
    assert cost.forward.passes == 6 + 3 + 2 + 6 + 2 + 2
    assert cost.reverse.multiplications * cost.forward.passes == cost.forward.multiplications
