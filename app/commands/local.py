"""The engine in this process, with the face of `app.client.Client` as far as commands need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from app.client.errors import ApiError
from app.client.stream import events_of
from app.errors import RequestError, problem_of
from app.operations import Job, perform
from app.settings import Settings
from app.wire.encode import encode, example_records, op_records
from engine import EngineError

__all__ = ["Local"]


class Local:
    """Answers what a server would, without one. Raises ApiError."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def close(self) -> None:
        """Nothing is held."""

    def graph(self, program: str, **fields: Any) -> dict[str, Any]:
        """The graph of a program."""
        (answer,) = self._chunks("graph", program, fields)
        return dict(orjson.loads(answer))

    def check(self, program: str, **fields: Any) -> dict[str, Any]:
        """The gradients compared with finite differences."""
        (answer,) = self._chunks("check", program, fields)
        return dict(orjson.loads(answer))

    def trace(self, program: str, **fields: Any) -> Iterator[dict[str, Any]]:
        """The events of a run, the last of them `finished`."""
        for event in events_of(self._chunks("trace", program, fields)):
            if event["kind"] == "failed":
                raise ApiError(event["problem"])
            yield event

    def ops(self) -> list[dict[str, Any]]:
        """The ops of the language."""
        return list(orjson.loads(encode(op_records())))

    def op(self, name: str) -> dict[str, Any]:
        """One op."""
        return _named(self.ops(), name)

    def examples(self) -> list[dict[str, Any]]:
        """The named programs."""
        return list(orjson.loads(encode(example_records())))

    def example(self, name: str) -> dict[str, Any]:
        """One named program."""
        return _named(self.examples(), name)

    def _chunks(self, operation: str, program: str, fields: Mapping[str, Any]) -> Iterator[bytes]:
        media = "text/event-stream" if operation == "trace" else "application/json"
        body = orjson.dumps({"source": program, **fields})
        try:
            answer = perform(Job(operation, body, media), self._settings)
            yield answer.first()
            while not answer.done:
                yield answer.following()
        except (EngineError, RequestError) as error:
            raise ApiError(problem_of(error)) from None


def _named(records: list[dict[str, Any]], name: str) -> dict[str, Any]:
    for record in records:
        if name == record["name"] or name in record.get("aliases", ()):
            return record
    raise ApiError(problem_of(RequestError(404, "request.path")))
