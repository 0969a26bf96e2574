"""How many parts a statement has, counted before Python's parser sees it: its time grows with them,
and where they stand inside one another its stack does, too."""

from __future__ import annotations

import re
from itertools import accumulate

from engine.errors import SourceError, Span

__all__ = ["check_length", "depth_of", "operators_in"]

_MOST = 6_000
_SHORT = 4_096
"""Characters: what is no longer cannot have too many parts."""

_STRING = re.compile(
    r"""'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*\"""", re.DOTALL
)
_NAME = re.compile(r"(?<!\w)[^\W\d]\w*")
_OPERATOR = re.compile(
    r"(?<=[\w)\]])(?<![\d.][eE])\s*(?:[-+*/%@<>&|^=:;\[(]|\.(?!\d))|[-+~*]\s*(?=[-+~*])"
)
"""What follows an operand, unless it is the sign of an exponent, and signs before signs."""

_ENTRIES = re.compile(r"(?:[\w\])]|\bin )(?:\[\[?|\()([^\[\]()]{8192,})")
"""Of one index, call or loop that is long and has no brackets inside it."""


def check_length(text: str, place: Span) -> None:
    """Raise SourceError for a statement with more names and operators than are read, or an index, a
    call or a loop with more entries. Numbers of a list that is written out do not count."""
    if len(text) <= _SHORT:
        return
    bare = _STRING.sub(lambda found: "s" + " s" * found.group().count("{"), text)
    asked = len(_NAME.findall(bare)) + operators_in(bare)
    for found in _ENTRIES.finditer(bare):
        asked = max(asked, found[1].count(",") + 1)
    if asked > _MOST:
        raise SourceError("syntax.long", place, asked=asked, allowed=_MOST)


def operators_in(text: str) -> int:
    """Return how many operators, indices, calls and signs there are."""
    return len(_OPERATOR.findall(text))


def depth_of(text: str) -> int:
    """Return how deep the brackets of a text that opens some go."""
    steps = ((each in "([{") - (each in ")]}") for each in text)
    return max(accumulate(steps, initial=0))
