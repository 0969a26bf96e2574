"""The examples as the gallery shows them: by chapter, each with what a search may find it by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import engine
from engine import EXAMPLES, OPS, Example
from engine.graph import CONST, LEAF

__all__ = ["Card", "Chapter", "chapters"]


@dataclass(frozen=True, slots=True)
class Card:
    """One example. nodes, edges: of its graph, a node for each statement; found_by: every word of
    both languages, of the source and of its ops, in lower case."""

    example: Example
    nodes: int
    edges: int
    found_by: str

    def matches(self, query: str) -> bool:
        """Whether every word of the query is in the card."""
        return all(word in self.found_by for word in query.lower().split())


@dataclass(frozen=True, slots=True)
class Chapter:
    """Examples that belong together, in the order in which they are best read."""

    name: str
    cards: Sequence[Card]

    def matches(self, query: str) -> int:
        """How many of the cards a query finds."""
        return sum(card.matches(query) for card in self.cards)


@cache
def chapters() -> tuple[Chapter, ...]:
    """All examples; the registry is read once, as it never changes while a server runs."""
    cards: dict[str, list[Card]] = {}
    for example in EXAMPLES:
        cards.setdefault(example.chapter, []).append(_card(example))
    return tuple(Chapter(name, members) for name, members in cards.items())


def _card(example: Example) -> Card:
    graph = engine.prepare(source=example.source, output=example.output).graph_event
    words = [*example.title.values(), *example.text.values(), example.name, example.source]
    found_by = " ".join([*words, *_ops_of(example)]).lower()
    return Card(example, len(graph.nodes), len(graph.edges), found_by)


def _ops_of(example: Example) -> set[str]:
    """Names and aliases of the ops that an example uses."""
    program = engine.prepare(source=example.source, output=example.output, granularity="op")
    names = {node.op for node in program.graph_event.nodes} - {LEAF, CONST}
    aliases = {alias for name in names & OPS.keys() for alias in OPS[name].aliases}
    return names | aliases
