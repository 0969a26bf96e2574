"""Bodies become programs; the small ones asked for last are kept."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

import engine
from app import reading
from app.errors import RequestError
from app.operations import Job, perform
from app.reading import is_deeper_than, program_of
from app.settings import Settings
from engine.errors import LimitError


def body(source: str) -> bytes:
    return json.dumps({"source": source}).encode()


def test_the_same_small_body_gives_the_same_program() -> None:
    assert program_of(body("x = 1"), Settings()) is program_of(body("x = 1"), Settings())


def test_a_program_is_not_kept_for_other_limits() -> None:
    program_of(body("x = [1, 2, 3]"), Settings())
    with pytest.raises(LimitError):
        program_of(body("x = [1, 2, 3]"), Settings(tensor_entries=2))


def test_programs_are_kept_up_to_so_many_nodes_but_the_last_whatever_it_has() -> None:
    for length in (4_000, 5_000, 6_000, 12_000):
        text = body("x = 1\n" + "y=x\n" + "y=-y\n" * length)
        program_of(text, Settings())
        kept = [len(program.run.fine) for program in reading._RECENT.values()]
        assert sum(kept) == reading._RECENT.nodes
        assert sum(kept) <= 10_000 or len(kept) == 1
        assert kept[-1] > length


def traced(request: dict[str, Any], media: str) -> list[bytes]:
    """A whole stream by lines, without its last event, which tells the time it took."""
    answer = perform(Job("trace", json.dumps(request).encode(), media), Settings())
    parts = [answer.first()]
    while not answer.done:
        parts.append(answer.following())
    return b"".join(parts).splitlines()[:-1]


@pytest.mark.parametrize("example", engine.EXAMPLES, ids=lambda example: example.name)
def test_a_kept_program_with_other_values_is_traced_as_one_never_seen(example: Any) -> None:
    leaves = [n for n in engine.prepare(example.source).run.fine if n.op == "leaf"]
    values = engine.prepare(example.source).evaluate().values
    kept = {"source": example.source, "output": example.output}
    for factor in (1, 0.875, -1):
        inputs = {leaf.name: (np.asarray(values[leaf.name]) * factor).tolist() for leaf in leaves}
        for media in ("application/jsonl", "text/event-stream"):
            try:
                found = traced({**kept, "inputs": inputs}, media)
            except engine.EngineError:
                inputs = {}  # an index or a fixed value among the leaves
                found = traced(kept, media)
            unseen = {**kept, "source": example.source + f"\n# {factor} {media}"}
            assert without_source(found) == without_source(
                traced({**unseen, "inputs": inputs}, media)
            )


def without_source(lines: list[bytes]) -> list[bytes]:
    """The events without the digest, which names the source as well."""
    return [re.sub(rb'"digest":"\w+"', b"", line) for line in lines]


def test_few_programs_are_kept() -> None:
    for number in range(200):
        program_of(body(f"x = {number}"), Settings())
    assert len(reading._RECENT) < 150


def test_depth_is_counted_in_levels() -> None:
    assert not is_deeper_than([[1]], 2)
    assert is_deeper_than([[[1]]], 2)
    assert is_deeper_than({"a": {"b": [1]}}, 2)


@pytest.mark.parametrize("text", [b"{", b'{"source": 1}', b"[" * 100])
def test_what_is_no_request_is_refused(text: bytes) -> None:
    with pytest.raises(RequestError):
        program_of(text, Settings())
