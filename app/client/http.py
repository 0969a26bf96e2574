"""One call of the API for each operation, over HTTP, with patience for a server that is busy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2
import numpy as np
import orjson
from numpy.typing import NDArray

from app.client.errors import ApiError, CutStream, Unreachable
from app.client.stream import events_of
from app.client.tensors import Tensor, to_array, to_wire

__all__ = ["Client", "Evaluated"]

Program = str | Sequence[Mapping[str, Any]]
"""A program's source, or its graph as data: nodes with name, op, inputs, attrs, value."""

_PATIENCE = 30.0
_BUSY = (429, 503)
_TENSORS = ("inputs", "tangents")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What `evaluate` answers, by name of node. gradients: in each node's own shape; or adjoints:
    of shape (m, d) where the output has several entries and there is no weight vector. None stands
    for a node that the output does not depend on. origins: where NaN and infinity come from."""

    output: str
    values: Mapping[str, Tensor]
    gradients: Mapping[str, Tensor | None] | None
    adjoints: Mapping[str, Tensor | None] | None
    origins: Sequence[Mapping[str, Any]]
    dtype: str
    device: str


class Client:
    """Calls one server.

    Every call takes a program and the other fields of the request as keywords: `inputs`, `output`,
    `gradient`, `mode`, `tangents`, `granularity`, `dtype`, `device`; tensors may be NumPy arrays.
    Raises ApiError, Unreachable; `trace` also CutStream.

    retries: how often a call is repeated when the server is busy, after the time that it asks for;
    timeout: seconds without a byte.
    """

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        *,
        retries: int = 3,
        timeout: float = 60.0,
        transport: httpx2.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        url = f"{base_url.rstrip('/')}/api/v1/"
        self._http = httpx2.Client(base_url=url, timeout=timeout, transport=transport)
        self._retries = retries
        self._wait = wait

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def graph(self, program: Program, **fields: Any) -> dict[str, Any]:
        """The nodes, edges, shapes, formulas and cost of a program, as docs/wire.md has them."""
        return self._json("graph", program, fields)

    def evaluate(self, program: Program, **fields: Any) -> Evaluated:
        """Every value and gradient."""
        answer = self._json("evaluate", program, fields)
        return Evaluated(
            output=answer["output"],
            values={name: to_array(wire) for name, wire in answer["values"].items()},
            gradients=_arrays(answer.get("gradients")),
            adjoints=_arrays(answer.get("adjoints")),
            origins=answer.get("origins", ()),
            dtype=answer["dtype"],
            device=answer["device"],
        )

    def check(self, program: Program, **fields: Any) -> dict[str, Any]:
        """The gradients compared with finite differences. More fields: `wrt`, `entry`."""
        return self._json("check", program, fields)

    def window(
        self,
        program: Program,
        what: str,
        node: str | None = None,
        *,
        edge: Mapping[str, Any] | None = None,
        ranges: Sequence[Sequence[int] | None] | None = None,
        **fields: Any,
    ) -> NDArray[Any]:
        """Entries of a `value`, `adjoint` or `tangent` of a node, or of the `jacobian` of an edge.

        ranges: [start, stop] or [start, stop, step] for each axis, None for all of it.
        """
        asked = {"what": what, "node": node, "edge": edge, "ranges": ranges, **fields}
        body = _body(program, {name: given for name, given in asked.items() if given is not None})
        answer = self._ask("POST", "window", body, {"Accept": "application/octet-stream"})
        shape = [int(size) for size in answer.headers["x-tensor-shape"].split(",") if size]
        dtype = np.dtype(answer.headers["x-tensor-dtype"]).newbyteorder("<")
        return np.frombuffer(answer.content, dtype).reshape(shape)

    def trace(self, program: Program, **fields: Any) -> Iterator[dict[str, Any]]:
        """The events of a run as they come, the last of them `finished`.

        A stream that is cut is asked for again from where it was. Raises ApiError for `failed`.
        """
        return self._stream("trace", _body(program, fields), "finished")

    def autograd(self, snippet: str) -> Iterator[dict[str, Any]]:
        """The events of a PyTorch snippet as they come, the last of them `ended`."""
        return self._stream("autograd", orjson.dumps({"snippet": snippet}), "ended")

    def _stream(self, name: str, body: bytes, last: str) -> Iterator[dict[str, Any]]:
        received, tries = 0, self._retries
        while True:
            before = received
            try:
                for event in self._events(name, body, received):
                    received += 1
                    yield event
                    if event["kind"] == last:
                        return
            except (httpx2.TransportError, Unreachable) as error:
                if not received:
                    raise Unreachable(str(error)) from error
            tries = self._retries if received > before else tries - 1
            if tries <= 0:
                raise CutStream(received)
            self._wait(min(2.0, 0.2 * 2 ** (self._retries - tries)))

    def ops(self) -> list[dict[str, Any]]:
        """The ops of the language."""
        return list(self._get("ops"))

    def op(self, name: str) -> dict[str, Any]:
        """One op."""
        return dict(self._get(f"ops/{name}"))

    def examples(self) -> list[dict[str, Any]]:
        """The named programs."""
        return list(self._get("examples"))

    def example(self, name: str) -> dict[str, Any]:
        """One named program."""
        return dict(self._get(f"examples/{name}"))

    def lessons(self) -> list[dict[str, Any]]:
        """The lessons of /autograd."""
        return list(self._get("lessons"))

    def _events(self, name: str, body: bytes, received: int) -> Iterator[dict[str, Any]]:
        headers = {"Accept": "text/event-stream", "Content-Type": "application/json"}
        if received:
            headers["Last-Event-ID"] = str(received - 1)
        answer = self._ask("POST", name, body, headers, stream=True)
        try:
            for event in events_of(answer.iter_bytes()):
                if event["kind"] != "failed":
                    yield event
                elif event["problem"]["code"] == "server.stopping":
                    return  # as good as a cut: another server may go on
                else:
                    raise ApiError(event["problem"])
        finally:
            answer.close()

    def _json(self, name: str, program: Program, fields: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._ask("POST", name, _body(program, fields), {"Accept": "application/json"})
        return dict(orjson.loads(answer.content))

    def _get(self, path: str) -> Any:
        return orjson.loads(self._ask("GET", path, None, {"Accept": "application/json"}).content)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        stream: bool = False,
    ) -> httpx2.Response:
        """A good answer, after waiting for a busy server as long as it asks."""
        sent = {"Content-Type": "application/json", **headers} if body is not None else headers
        for left in range(self._retries, -1, -1):
            request = self._http.build_request(method, path, content=body, headers=sent)
            try:
                answer = self._http.send(request, stream=stream)
                if answer.is_success:
                    return answer
                answer.read()
            except httpx2.TransportError as error:
                raise Unreachable(f"{self._http.base_url.host}: {error}") from error
            if answer.status_code not in _BUSY or not left:
                break
            self._wait(_seconds(answer.headers.get("retry-after")))
        raise _error(answer)


def _seconds(told: str | None) -> float:
    return min(_PATIENCE, float(told)) if told and told.isdigit() else 1.0


def _error(answer: httpx2.Response) -> ApiError | Unreachable:
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        return ApiError(orjson.loads(answer.content))
    return Unreachable(f"{answer.url} answered {answer.status_code} and is no Backprop Lab")


def _body(program: Program, fields: Mapping[str, Any]) -> bytes:
    """The request: tensors as lists, whatever they were given as."""
    named = {"source": program} if isinstance(program, str) else {"graph": _nodes(program)}
    given = dict(fields)
    for name in _TENSORS:
        if given.get(name):
            given[name] = {leaf: _tensor(value) for leaf, value in given[name].items()}
    if given.get("gradient") is not None:
        given["gradient"] = _tensor(given["gradient"])
    return orjson.dumps({**named, **given})


def _nodes(program: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [
        {**node, "value": _tensor(node["value"])} if node.get("value") is not None else node
        for node in program
    ]


def _tensor(value: Any) -> Any:
    return value if isinstance(value, Mapping) else to_wire(value)


def _arrays(wires: Mapping[str, Any] | None) -> Mapping[str, Tensor | None] | None:
    if wires is None:
        return None
    return {name: None if wire is None else to_array(wire) for name, wire in wires.items()}
