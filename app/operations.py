"""What the API does, one function an operation: (Job, Settings) → Answer. No web in here.

A job is a few bytes, so that it can be done anywhere: in this process, in a worker, on another
machine (`app.evaluators`). All that can go wrong before the first byte is raised by the function,
as EngineError or RequestError; afterwards an answer ends itself with a `failed` event.

To add an operation: write its function and enter it in OPERATIONS. A function must not answer where
a LimitError was met: jobs are first tried under tighter limits than the server's own, and go to a
worker when these do not do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.errors import RequestError, problem_of
from app.reading import limits_of, part_of, prepared, program_of, read_request
from app.schemas import AutogradRequest, CheckRequest, DraftRequest, WindowRequest
from app.settings import Settings
from app.wire.answers import check_record, evaluated_record, raw_window, window_record
from app.wire.encode import encode, graph_record
from app.wire.forms import script_of
from app.wire.framing import FRAMINGS
from app.wire.lines import Lines
from app.wire.stream import Chunks
from app.wire.told import Told, numbered
from engine.autograd import run
from engine.errors import EngineError
from engine.events import EdgeRef
from engine.probes.check import check as checked
from engine.probes.window import window as entries_of
from engine.program import Program
from engine.trace import count_steps

__all__ = ["BINARY", "JSON", "OPERATIONS", "Answer", "Job", "Whole", "perform"]

JSON = "application/json"
BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work for the engine: an operation by name, the request's body as it came, the
    media type of the answer; of a stream, the number of the last event that the client has."""

    operation: str
    body: bytes
    media: str = JSON
    after: int = -1


class Answer(Protocol):
    """What an operation answers, in chunks. seq: the number of the next event, in a stream."""

    media_type: str
    headers: Mapping[str, str]
    seq: int
    done: bool

    def first(self) -> bytes:
        """Make the first chunk."""

    def following(self) -> bytes:
        """Make the next chunk; asked for only while not `done`."""

    def close(self) -> None:
        """Free what is held; nothing more will be asked for."""


class Whole:
    """An answer that is one chunk."""

    seq = 0

    def __init__(
        self, body: bytes, media_type: str = JSON, headers: Mapping[str, str] | None = None
    ) -> None:
        self._body = body
        self.media_type = media_type
        self.headers = headers or {}
        self.done = False

    def first(self) -> bytes:
        """All of it."""
        self.done = True
        return self._body

    def following(self) -> bytes:
        """Nothing follows."""
        return b""

    def close(self) -> None:
        """Nothing is held."""
        self.done = True


def perform(job: Job, settings: Settings) -> Answer:
    """Do a job up to where its first chunk can be made. Raises EngineError, RequestError."""
    return OPERATIONS[job.operation](job, settings)


def graph(job: Job, settings: Settings) -> Answer:
    """The graph of a program and its cost; nothing is evaluated."""
    if b'"partial"' in job.body or b'"torch"' in job.body:
        return _draft(read_request(job.body, DraftRequest), settings)
    return Whole(encode(graph_record(program_of(job.body, settings))))


def _draft(request: DraftRequest, settings: Settings) -> Answer:
    """The graph, or that of what can be read and what is wrong with the rest; as a script, too."""
    if not request.partial:
        program: Program | None = prepared(request, settings)
        errors: Sequence[EngineError] = ()
    else:
        program, errors = part_of(request, settings)
    record = {"nodes": [], "edges": []} if program is None else graph_record(program)
    if request.partial:
        record["problems"] = [problem_of(error) for error in errors]
    if request.torch and program is not None:
        record["torch"] = script_of(program)
    return Whole(encode(record))


def evaluate(job: Job, settings: Settings) -> Answer:
    """Every value and gradient of a program."""
    program = program_of(job.body, settings)
    return Whole(encode(evaluated_record(program, program.evaluate())))


def trace(job: Job, settings: Settings) -> Answer:
    """Every step of a program, as events."""
    program = program_of(job.body, settings)
    if job.after > count_steps(program.run):
        raise RequestError(400, "request.resume", given=job.after)
    lines = Lines.of(program, FRAMINGS[job.media])
    return Chunks(program.steps(), lines, settings, job.after)


def autograd(job: Job, settings: Settings) -> Answer:
    """Every statement of a PyTorch snippet, as events."""
    request = read_request(job.body, AutogradRequest)
    try:
        events = numbered(run(request.snippet))
    except EngineError as error:
        if not request.as_events:
            raise
        events = iter([Told(kind="failed", seq=0, problem=problem_of(error))])
    return Chunks(events, Lines(FRAMINGS[job.media]), settings, job.after)


def window(job: Job, settings: Settings) -> Answer:
    """Entries of a value, of P, of a tangent or of a local Jacobian."""
    request = read_request(job.body, WindowRequest)
    program = prepared(request, settings)
    told = request.edge
    edge = None if told is None else EdgeRef(told.source, told.to, told.slot)
    most = settings.window_entries
    found = entries_of(program, request.what, request.node, edge, request.ranges, most)
    if job.media == BINARY:
        body, headers = raw_window(found, program)
        return Whole(body, BINARY, headers)
    return Whole(encode(window_record(found)))


def check(job: Job, settings: Settings) -> Answer:
    """P of a program compared with finite differences."""
    request = read_request(job.body, CheckRequest)
    program = prepared(request, settings)
    entry = None if request.entry is None else request.entry.model_dump()
    return Whole(encode(check_record(checked(program, request.wrt, entry, limits_of(settings)))))


OPERATIONS: dict[str, Callable[[Job, Settings], Answer]] = {
    "graph": graph,
    "evaluate": evaluate,
    "trace": trace,
    "autograd": autograd,
    "window": window,
    "check": check,
}
