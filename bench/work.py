"""What is measured, each beside the floor it is measured against."""

from __future__ import annotations

import json
from collections.abc import Iterator

import orjson

import engine
from app.encode import encode
from bench.measure import Comparison, compare, seconds_of
from bench.server import Client, running

__all__ = ["comparisons"]

WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"


def comparisons() -> Iterator[Comparison]:
    """Run them one after the other."""
    yield first_event()
    yield long_stream(2_000)


def chain(nodes: int) -> str:
    """A scalar program in which every node is used twice."""
    lines = ["x = 1.01", "y0 = x * 0.99", "y1 = y0 + x"]
    lines += [f"y{i} = y{i - 1} * y{i - 2}" for i in range(2, nodes - 1)]
    return "\n".join(lines)


def first_event() -> Comparison:
    """Time to the first event of the worked example over HTTP."""
    body = json.dumps({"source": WORKED}).encode()
    with running(ours=True) as ours, running(ours=False) as floor:
        client, empty = Client(ours, "/api/v1/trace", body), Client(floor, "/", b"")
        return compare(
            "worked example over HTTP, first event",
            lambda: client.first(b'"kind":"graph"'),
            "an empty FastAPI reply",
            empty.whole,
            rounds=300,
            target=2.0,
            missed="Reading the program, planning it and writing its formulas takes the rest, "
            "about 0.6 ms; nothing is kept from one request to the next.",
        )


def long_stream(nodes: int) -> Comparison:
    """A long trace over HTTP, whole, against encoding the same events from plain dicts."""
    source = chain(nodes)
    lines = [encode(event) for event in engine.prepare(source=source).events()]
    events = [orjson.loads(line) for line in lines]
    size = sum(map(len, lines))
    with running(ours=True) as port:
        client = Client(port, "/api/v1/trace", json.dumps({"source": source}).encode())
        return compare(
            f"trace of {nodes:,} nodes over HTTP, whole",
            client.whole,
            "orjson alone, same bytes",
            lambda: seconds_of(lambda: [orjson.dumps(event) for event in events]),
            rounds=15,
            target=3.0,
            missed="The row includes reading, planning and evaluating the program; each event is "
            "computed and encoded by itself, about 15 µs each.",
            note=f"{len(events):,} events, {size / 1e6:.1f} MB; parsing and computing included",
        )
