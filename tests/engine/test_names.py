"""The names that a program uses, and new ones."""

from __future__ import annotations

from engine.forms.names import fresh, words_of
from engine.language.parse import parse


def test_a_fresh_name_is_used_by_nothing_else() -> None:
    taken = words_of(parse("def f(h_1):\n    return h_1 * 2\nh = f(3)\nh_2 = h").graph)
    assert {"f", "h", "h_1", "h_2", "tanh"} <= taken
    assert fresh("h", taken) == "h_3"
    assert fresh("h", taken) == "h_4"
