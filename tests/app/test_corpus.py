"""Hostile bodies and sources: none makes a server error, and every answer to them is small.

Each file of `corpus` is a case: `.body` a request's body as it is sent, `.source` a program.
"""

from __future__ import annotations

import gc
import json
import resource
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings

CORPUS = Path(__file__).parent / "corpus"
OPERATIONS = ("graph", "evaluate", "trace", "window", "check")
MADE = {
    "nested-a-million-times": b"[" * 10**6,
    "a-million-keys": b'{"source": "x = 1", %s}'
    % b", ".join(b'"k%d": 1' % i for i in range(60_000)),
    "a-million-zeros": json.dumps({"source": "x = 1", "inputs": {"x": [0] * 300_000}}).encode(),
    "a-long-line": json.dumps({"source": "x = " + "1 + " * 15_000 + "1"}).encode(),
    "many-lines": json.dumps({"source": "x = 1\n" * 10_000}).encode(),
    "too-large": b'{"source": "' + b"x" * 2**20 + b'"}',
}
BUDGETS = {"seconds": 2, "flops": 2 * 10**8, "memory_bytes": 2**27}
HARMLESS = Settings(evaluator="threads", requests_per_minute=0, client_evaluations=0, **BUDGETS)


def cases() -> dict[str, bytes]:
    """Every body by name."""
    found = dict(MADE)
    for path in sorted(CORPUS.iterdir()):
        raw = path.read_bytes()
        if path.suffix == ".source":
            raw = json.dumps({"source": raw.decode()}).encode()
        found[path.name] = raw
    return found


CASES = cases()


@pytest.fixture(scope="module")
def client() -> Any:
    """A client of a server that refuses soon and never counts."""
    with TestClient(create_app(HARMLESS), raise_server_exceptions=False) as client:
        yield client


def sent(client: TestClient, operation: str, raw: bytes) -> Any:
    """Send a body, and look at what must hold of every answer."""
    headers = {"Content-Type": "application/json"}
    answer = client.post(f"/api/v1/{operation}", content=raw, headers=headers)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.content) < 8 * 1024
        problem = answer.json()
        assert {"type", "title", "status", "detail", "code", "params", "hint"} <= set(problem)
        assert problem["status"] == answer.status_code
    return answer


@pytest.mark.parametrize("name", CASES)
def test_no_hostile_request_makes_a_server_error(client: TestClient, name: str) -> None:
    for operation in OPERATIONS:
        sent(client, operation, CASES[name])


REFUSED_AT_ONCE = [
    "gigabyte.source",
    "huge-broadcast.source",
    "huge-matmul.source",
    "huge-shape.source",
    "doubling-blocks.source",
    "endless-for.source",
    "nested-for.source",
    "while.source",
    "recursion.source",
    "brackets.source",
    "unclosed.source",
    "deep-arrays.body",
    "nested-a-million-times",
]


@pytest.mark.parametrize("name", REFUSED_AT_ONCE)
def test_what_would_take_all_time_or_memory_is_refused_at_once(
    client: TestClient, name: str
) -> None:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        answer = sent(client, "evaluate", CASES[name])
        times.append(time.perf_counter() - start)
        assert answer.status_code in (400, 422)
    assert min(times) < 0.05


def test_the_memory_of_a_server_under_attack_stays_flat(client: TestClient) -> None:
    bodies = [raw for name, raw in CASES.items() if name not in MADE]
    peaks = []
    for _ in range(4):
        for raw in bodies:
            sent(client, "evaluate", raw)
        gc.collect()
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    assert peaks[-1] - peaks[1] < 24, peaks


NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=2**63, max_value=2**70),
    st.floats(),
    st.sampled_from([-0.0, 5e-324, 1.7976931348623157e308]),
)
TEXTS = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zs", "So"]), max_size=8),
    st.sampled_from(["u1", "u4", "x", "y", "add", "sum", "leaf", "float64", "\ud800", "__class__"]),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
NODES = st.lists(
    st.fixed_dictionaries(
        {"name": TEXTS},
        optional={"op": TEXTS, "inputs": st.lists(TEXTS, max_size=3), "attrs": VALUES}
        | {"value": VALUES, "requires_grad": VALUES},
    ),
    max_size=5,
)
FIELDS = {
    "source": st.one_of(VALUES, st.sampled_from(["u1 = 2\nu4 = u1 * u1", "x = [1, 2]\ny = x @ x"])),
    "graph": st.one_of(VALUES, NODES),
    "inputs": st.one_of(VALUES, st.dictionaries(TEXTS, VALUES, max_size=3)),
    "output": st.one_of(VALUES, TEXTS),
    "gradient": VALUES,
    "mode": st.one_of(VALUES, st.just("forward")),
    "tangents": st.one_of(VALUES, st.dictionaries(TEXTS, VALUES, max_size=3)),
    "granularity": st.one_of(VALUES, st.just("op")),
    "differentiate": st.one_of(VALUES, st.lists(TEXTS, max_size=3)),
    "dtype": st.one_of(VALUES, st.just("float32")),
    "device": st.one_of(VALUES, TEXTS),
    "what": st.one_of(VALUES, st.sampled_from(["value", "adjoint", "jacobian", "tangent"])),
    "node": st.one_of(VALUES, TEXTS),
    "edge": st.one_of(VALUES, st.fixed_dictionaries({"from": TEXTS, "to": TEXTS, "slot": NUMBERS})),
    "ranges": st.one_of(VALUES, st.lists(st.lists(st.integers(), max_size=3), max_size=3)),
    "wrt": st.one_of(VALUES, st.lists(TEXTS, max_size=3)),
    "entry": st.one_of(VALUES, st.fixed_dictionaries({"node": TEXTS, "index": VALUES})),
    "partial": VALUES,
}


def written(value: Any) -> bytes:
    """JSON as a careless client writes it: NaN, surrogates and all."""
    return json.dumps(value).encode()


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.fixed_dictionaries({}, optional=FIELDS), operation=st.sampled_from(OPERATIONS))
@example(body={"source": "x = 1", "inputs": {"x": float("inf")}}, operation="evaluate")
@example(body={"source": "x = 1", "gradient": 10**30}, operation="evaluate")
def test_no_body_of_wild_fields_makes_a_server_error(
    client: TestClient, body: dict[str, Any], operation: str
) -> None:
    sent(client, operation, written(body))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.binary(max_size=200), operation=st.sampled_from(OPERATIONS))
def test_no_bytes_make_a_server_error(client: TestClient, raw: bytes, operation: str) -> None:
    assert sent(client, operation, raw).status_code >= 400


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(st.sampled_from("xy1.=+-*/@()[]{},:#'\"\\ \n\t%&|^~<>!abdefgnorsu"), max_size=60)
)
def test_no_text_of_code_letters_makes_a_server_error(client: TestClient, text: str) -> None:
    sent(client, "evaluate", written({"source": text}))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(depth=st.integers(1, 5000), pair=st.sampled_from(["[]", "{}"]), closed=st.booleans())
def test_no_depth_makes_a_server_error(
    client: TestClient, depth: int, pair: str, closed: bool
) -> None:
    opening = '{"a":' if pair == "{}" else "["
    inner = opening * depth + ("1" + pair[1] * depth if closed else "")
    sent(client, "graph", b'{"source": "x = 1", "inputs": {"x": %s}}' % inner.encode())


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(count=st.integers(1, 3000), seed=st.integers(0, 10**6))
def test_thousands_of_unknown_keys_are_refused_in_few_words(
    client: TestClient, count: int, seed: int
) -> None:
    body = {"source": "x = 1", **{f"{seed}{i}": i for i in range(count)}}
    answer = sent(client, "graph", written(body))
    assert answer.json()["code"] == "request.field"
