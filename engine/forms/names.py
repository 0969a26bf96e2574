"""The names that a program uses, and new ones."""

from __future__ import annotations

import re
from itertools import count

from engine.forms.sequence import base
from engine.graph import Graph
from engine.ops import ALIASES, OPS
from engine.ops.block import BLOCKS

__all__ = ["fresh", "words_of"]


def fresh(word: str, taken: set[str]) -> str:
    """Return a name like `word` that stands for nothing yet."""
    name = next(each for k in count(1) if (each := f"{word}_{k}") not in taken)
    taken.add(name)
    return name


def words_of(graph: Graph) -> set[str]:
    """Return every name that the program uses."""
    texts = [*(definition.text for definition in graph.blocks.values()), *map(base, graph.id_of)]
    return {word for text in texts for word in re.findall(r"\w+", text)} | {*OPS, *ALIASES, *BLOCKS}
