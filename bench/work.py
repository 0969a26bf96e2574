"""What is measured, each beside the floor it is measured against."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import orjson

import engine
from app.wire.encode import encode
from bench.measure import Comparison, compare, seconds_of
from bench.server import Client, running

__all__ = ["PARTS"]

UNSEEN = (
    "The row includes reading, planning and evaluating the program. Of some 4.2 µs for each event "
    "in the worker, reading takes 1, shapes and plans 1.1, formulas and the graph event 1.2, and "
    "the sweeps with all their writing 0.9; orjson alone takes 0.7 from dicts that are there "
    "already."
)
WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"


def chain(nodes: int) -> str:
    """A scalar program in which every node is used twice and no number grows, as short as it can
    be written: 10,000 nodes fit the limit of a source."""
    lines = ["x=1.5", "y=.8"]
    lines += ["y=x/y" if i % 2 else "x=y/x" for i in range(nodes - 2)]
    return "\n".join(lines)


def first_event() -> Iterator[Comparison]:
    """Time to the first event of the worked example over HTTP."""
    body = json.dumps({"source": WORKED}).encode()
    with running(ours=True) as ours, running(ours=False) as floor:
        client, empty = Client(ours, "/api/v1/trace", body), Client(floor, "/", b"")
        yield compare(
            "worked example over HTTP, first event",
            lambda: client.first(b'"kind":"graph"'),
            "an empty FastAPI reply",
            empty.whole,
            rounds=300,
            target=2.0,
            note="asked for again and again, as a lecture does: small programs are kept",
        )


def first_event_of_another() -> Iterator[Comparison]:
    """The same of a program that was never seen before."""
    number = count()
    with running(ours=True) as ours, running(ours=False) as floor:
        client, empty = Client(ours, "/api/v1/trace", b""), Client(floor, "/", b"")

        def another() -> float:
            source = WORKED.replace("u2", f"v{next(number)}")
            client.body = json.dumps({"source": source}).encode()
            return client.first(b'"kind":"graph"')

        yield compare(
            "the same with other names each time, first event",
            another,
            "an empty FastAPI reply",
            empty.whole,
            rounds=300,
        )


def long_stream(nodes: int = 10_000) -> Iterator[Comparison]:
    """A long trace over HTTP, whole, against encoding the same events from plain dicts: of a
    program never seen before, and of one that is asked for again with other values."""
    source = chain(nodes)
    lines = [encode(event) for event in engine.prepare(source=source).events()]
    events = [orjson.loads(line) for line in lines]
    note = f"{len(events):,} events, {sum(map(len, lines)) / 1e6:.1f} MB"
    numbers = (f"1.{number}" for number in count(501))
    unseen = ({"source": source.replace("x=1.5", f"x={number}")} for number in numbers)
    again = ({"source": source, "inputs": {"x": float(number)}} for number in numbers)
    with running(ours=True) as port:
        client = Client(port, "/api/v1/trace", b"")
        for name, requests, missed in (("unseen", unseen, UNSEEN), ("again", again, "")):
            for _ in range(3):  # each worker has met it
                whole(client, requests)
            yield compare(
                f"trace of {nodes:,} nodes over HTTP, {name}",
                lambda requests=requests: whole(client, requests),  # type: ignore[misc]
                "orjson alone, same bytes",
                lambda: seconds_of(lambda: b"\n".join([orjson.dumps(event) for event in events])),
                rounds=9,
                target=3.0,
                missed=missed,
                note=note,
            )


def whole(client: Client, requests: Iterator[dict[str, Any]]) -> float:
    """Seconds until the answer to the next request is here."""
    client.body = json.dumps(next(requests)).encode()
    return client.whole()


PARTS = (first_event, first_event_of_another, long_stream)
"""What is measured, in order."""
