"""The client calls a server as a program would: arrays in, arrays out, errors with their place."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import numpy as np
import orjson
import pytest

from app.client import Client
from app.client.errors import ApiError, CutStream, Unreachable
from app.client.tensors import Summary
from app.main import create_app
from app.settings import Settings

from .serving import serving

WORKED = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server's address."""
    with serving(create_app(Settings(evaluator="threads"))) as address:
        yield address


@pytest.fixture
def lab(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


def test_values_and_gradients_are_arrays(lab: Client) -> None:
    answer = lab.evaluate("x = [1, 2]\nW = [[1, 0], [2, 1]]\ny = sum(W @ x)", output="y")
    assert answer.output == "y"
    assert answer.gradients is not None
    np.testing.assert_array_equal(answer.gradients["W"], [[1, 2], [1, 2]])
    np.testing.assert_array_equal(answer.values["y"], 5.0)
    assert answer.adjoints is None


def test_arrays_are_inputs_gradients_and_tangents(lab: Client) -> None:
    source = "x = [0, 0, 0]\ny = x * x"
    given = {"x": np.arange(3.0)}
    answer = lab.evaluate(source, inputs=given, gradient=np.ones(3, np.float32))
    assert answer.gradients is not None
    np.testing.assert_array_equal(answer.gradients["x"], [0.0, 2.0, 4.0])
    events = lab.trace(source, inputs=given, mode="forward", tangents={"x": np.ones(3)})
    tangents = [event for event in events if event["kind"] == "tangent"]
    assert tangents[-1]["value"]["data"] == [0.0, 2.0, 4.0]


def test_several_outputs_have_adjoints_and_some_nodes_none(lab: Client) -> None:
    answer = lab.evaluate("x = [1, 2]\nz = 1\ny = x * x")
    assert answer.gradients is None
    assert answer.adjoints is not None
    np.testing.assert_array_equal(answer.adjoints["x"], [[2, 0], [0, 4]])
    assert answer.adjoints["z"] is None


def test_a_large_value_is_a_summary_and_a_window_has_its_entries(lab: Client) -> None:
    big = np.arange(2_500.0).reshape(50, 50)
    source = "x = 0\ny = x + 1"
    answer = lab.evaluate(source, inputs={"x": big}, gradient=np.ones((50, 50)))
    assert isinstance(answer.values["y"], Summary)
    found = lab.window(source, "value", "y", ranges=[[1, 3], [0, 50, 10]], inputs={"x": big})
    np.testing.assert_array_equal(found, (big + 1)[1:3, 0:50:10])


def test_the_jacobian_of_an_edge_is_an_array(lab: Client) -> None:
    edge = {"from": "x", "to": "y", "slot": 0}
    found = lab.window("x = [1, 2, 3]\ny = exp(x)", "jacobian", edge=edge)
    np.testing.assert_allclose(found, np.diag(np.exp([1, 2, 3])))


def test_a_graph_as_data_is_a_program_too(lab: Client) -> None:
    nodes = [
        {"name": "x", "value": np.array([1.0, 2.0])},
        {"name": "y", "op": "sum", "inputs": ["x"]},
    ]
    assert float(lab.evaluate(nodes).values["y"]) == 3.0  # type: ignore[arg-type]


def test_a_graph_and_a_check_are_records(lab: Client) -> None:
    assert lab.graph(WORKED)["order"] == ["u1", "u2", "u3", "u4"]
    assert lab.check(WORKED)["verdict"] == "ok"


def test_the_registries_are_lists_and_have_entries_by_name(lab: Client) -> None:
    assert lab.op("sigmoid") in lab.ops()
    assert lab.example("worked-example") in lab.examples()
    with pytest.raises(ApiError) as caught:
        lab.op("nothing")
    assert caught.value.status == 404


def test_a_trace_is_its_events_in_order(lab: Client) -> None:
    events = list(lab.trace(WORKED))
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert (events[0]["kind"], events[-1]["kind"]) == ("graph", "finished")
    assert events[0]["steps"] == len(events) - 1


def test_a_snippet_is_its_events_and_lessons_have_snippets(lab: Client) -> None:
    snippet = lab.lessons()[0]["snippet"]
    events = list(lab.autograd(snippet))
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[-1]["kind"] == "ended" and events[-1]["ok"]
    with pytest.raises(ApiError) as caught:
        list(lab.autograd("x = ("))
    assert caught.value.code == "autograd.invalid"


def test_an_error_has_a_code_a_place_and_a_hint(lab: Client) -> None:
    for call in (lab.graph, lab.evaluate, lab.check, lambda p: list(lab.trace(p))):
        with pytest.raises(ApiError) as caught:
            call("x = 1\ny = sigmiod(x)")
        error = caught.value
        assert (error.status, error.code) == (422, "op.misspelled")
        assert error.span is not None
        assert (error.span["line"], error.span["column"]) == (2, 5)
        assert "sigmoid" in error.hint
        assert "line 2" in str(error)


def test_nobody_at_an_address_is_unreachable() -> None:
    with Client("http://127.0.0.1:9") as lab, pytest.raises(Unreachable):
        lab.ops()
    with Client("http://127.0.0.1:9") as lab, pytest.raises(Unreachable):
        list(lab.trace(WORKED))


def mocked(answer: Callable[[httpx2.Request], httpx2.Response], **options: Any) -> Client:
    """A client whose server is a function, and the list of its waits in `waits`."""
    waits: list[float] = []
    client = Client(
        "http://lab", transport=httpx2.MockTransport(answer), wait=waits.append, **options
    )
    client.waits = waits  # type: ignore[attr-defined]
    return client


def busy(status: int, **headers: str) -> httpx2.Response:
    problem = {"status": status, "code": "server.busy", "detail": "Busy.", "hint": "Wait."}
    return httpx2.Response(
        status, json=problem, headers={"content-type": "application/problem+json", **headers}
    )


def test_a_busy_server_is_asked_again_when_it_says() -> None:
    answers = [busy(503, **{"retry-after": "7"}), busy(429), httpx2.Response(200, json=[])]
    lab = mocked(lambda _: answers.pop(0))
    assert lab.ops() == []
    assert lab.waits == [7.0, 1.0]  # type: ignore[attr-defined]


def test_a_server_that_stays_busy_is_given_up() -> None:
    lab = mocked(lambda _: busy(503, **{"retry-after": "100000"}), retries=2)
    with pytest.raises(ApiError) as caught:
        lab.ops()
    assert caught.value.status == 503
    assert lab.waits == [30.0, 30.0]  # type: ignore[attr-defined]


def test_somebody_else_s_answer_is_no_lab() -> None:
    with pytest.raises(Unreachable, match="no Backprop Lab"):
        mocked(lambda _: httpx2.Response(404, text="<html>")).ops()


EVENTS = [{"kind": "graph", "seq": 0}, {"kind": "value", "seq": 1}, {"kind": "finished", "seq": 2}]


def sse(events: list[dict[str, Any]]) -> bytes:
    return b"".join(b"id: %d\ndata: %s\n\n" % (e["seq"], orjson.dumps(e)) for e in events)


class Cut(httpx2.SyncByteStream):
    """A body that breaks off."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    def __iter__(self) -> Iterator[bytes]:
        yield self._sent
        raise httpx2.ReadError("cut")


@pytest.mark.parametrize("clean", [True, False])
def test_a_cut_stream_is_continued_after_its_last_event(clean: bool) -> None:
    seen: list[str | None] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("last-event-id"))
        after = int(seen[-1] or -1) + 1
        body = sse(EVENTS[after : after + 1]) + b'id: 9\ndata: {"kind":'
        return (
            httpx2.Response(200, content=body) if clean else httpx2.Response(200, stream=Cut(body))
        )

    assert list(mocked(answer).trace(WORKED)) == EVENTS
    assert seen == [None, "0", "1"]


def test_a_stream_that_cannot_be_continued_says_how_far_it_came() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        first = "last-event-id" not in request.headers
        return httpx2.Response(200, content=sse(EVENTS[:2]) if first else b"")

    stream = mocked(answer, retries=2).trace(WORKED)
    assert [next(stream)["seq"] for _ in range(2)] == [0, 1]
    with pytest.raises(CutStream) as caught:
        next(stream)
    assert caught.value.received == 2


def test_a_failed_stream_is_an_error_and_one_of_a_stopping_server_is_continued() -> None:
    def failing(code: str) -> Callable[[httpx2.Request], httpx2.Response]:
        def answer(request: httpx2.Request) -> httpx2.Response:
            after = int(request.headers.get("last-event-id", -1)) + 1
            failed = {"kind": "failed", "seq": 1, "problem": {"code": code, "status": 422}}
            return httpx2.Response(
                200, content=sse(EVENTS[after:] if after else [EVENTS[0], failed])
            )

        return answer

    with pytest.raises(ApiError) as caught:
        list(mocked(failing("limit.seconds")).trace(WORKED))
    assert caught.value.code == "limit.seconds"
    assert list(mocked(failing("server.stopping")).trace(WORKED)) == EVENTS


def test_the_client_needs_no_engine() -> None:
    check = "import sys, app.client; sys.exit('engine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
