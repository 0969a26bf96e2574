"""What is sure is put together without becoming less sure or more."""

from __future__ import annotations

from engine.language.needs import NODE, UNKNOWN, Leaf, Needs, is_node, join
from engine.language.scope import Constant


def test_what_is_one_or_the_other_is_sure_where_both_are_alike() -> None:
    assert join(NODE, NODE) == NODE
    assert join(Constant(2), Constant(2)) == Constant(2)
    assert join(NODE, UNKNOWN) == join(Constant(2), NODE) == UNKNOWN


def test_what_either_branch_needs_is_the_less_of_both() -> None:
    assert Needs(3, 1).at_least(Needs(2, 5)) == Needs(2, 1)
    assert Needs(3, 1).and_(Needs(2, 5)).times(2) == Needs(10, 12)


def test_a_number_of_the_program_is_a_node_whose_value_is_known() -> None:
    assert is_node(Leaf(2))
    assert not is_node(Constant(2))
    assert join(Leaf(2), Constant(2)) == UNKNOWN
