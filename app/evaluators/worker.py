"""A worker process: one job at a time, under limits of its own, until the server is gone."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from importlib.util import find_spec
from itertools import cycle

import orjson

from app.errors import RequestError, problem_of
from app.evaluators.frames import (
    BEGUN,
    CHUNK,
    FREE,
    JOB,
    LEAVE,
    NEXT,
    REFUSED,
    Frame,
    job_of,
    receive,
)
from app.operations import Answer, Job, Whole, perform
from app.settings import Settings

__all__ = ["begin", "confine", "go_on", "serve"]

_OPEN_FILES = 64
_GROWN_BYTES = 384 * 2**20
"""A worker that holds more than this after a job is replaced: NumPy's memory is not given back."""

_JOBS = 16
"""Garbage is collected after so many jobs, or once half of what may be held is."""

_NOTHING = Whole(b"")
_NOTHING.close()
"""What is left to answer after a refusal."""

_PR_SET_PDEATHSIG = 1
_HAS_CUPY = find_spec("cupy") is not None


def confine() -> None:
    """Take from this process what it does not need, and make it die with the one that forked it.

    Signals of a terminal or of a service manager are the server's to act on.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def serve(pipe: socket.socket, settings: Settings) -> None:
    """Do one job after the other; return when the server is gone or this process has grown.

    Garbage is collected between jobs: a graph is a great many objects and no cycles.
    """
    gc.disable()
    turns = cycle(range(_JOBS))
    answer: Answer | None = None
    while (frame := receive(pipe)) is not None:
        if frame.kind == JOB:
            job = job_of(frame.payload)
            _limit(job, settings)
            sent, answer = begin(job, settings)
            pipe.sendall(sent)
        elif frame.kind == NEXT and answer is not None:
            pipe.sendall(go_on(answer))
        if answer is not None and (answer.done or frame.kind == LEAVE):
            answer.close()
            answer = None
            if not next(turns) or _held_bytes() > _GROWN_BYTES // 2:
                gc.collect()
            if _held_bytes() > _GROWN_BYTES:
                return
            pipe.sendall(bytes(Frame(FREE)))


def begin(job: Job, settings: Settings) -> tuple[bytes, Answer]:
    """Do a job up to its first chunk. Returns the frames that say so, or why not; and the answer,
    which is done where nothing more is to come."""
    try:
        answer = perform(job, settings)
        first = answer.first()
    except Exception as error:
        return bytes(_refusal(error, settings)), _NOTHING
    head = Frame(BEGUN, orjson.dumps([answer.media_type, dict(answer.headers)]))
    return bytes(head) + bytes(Frame(CHUNK, first, answer.done, answer.seq)), answer


def go_on(answer: Answer) -> bytes:
    """Make the next chunk, as a frame."""
    payload = answer.following()
    return bytes(Frame(CHUNK, payload, answer.done, answer.seq))


def _refusal(error: BaseException, settings: Settings) -> Frame:
    """The problem, and for the server's log where an unforeseen one came from."""
    if isinstance(error, MemoryError):
        error = RequestError(422, "limit.memory", allowed=settings.worker_bytes)
    problem = problem_of(error)
    origin = "".join(traceback.format_exception(error)) if problem["status"] >= 500 else ""
    return Frame(REFUSED, orjson.dumps([problem, origin], default=str))


def _limit(job: Job, settings: Settings) -> None:
    """Limit memory, except for work on a GPU, whose driver reserves far more than it uses; and
    processor time, in case nobody is left to keep the deadline."""
    import resource

    held = resource.RLIM_INFINITY if _on_gpu(job) else settings.worker_bytes
    with suppress(ValueError):  # not on macOS
        resource.setrlimit(resource.RLIMIT_AS, (held, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + settings.seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _on_gpu(job: Job) -> bool:
    if not _HAS_CUPY:
        return False
    try:
        return "cupy" in sys.modules or str(orjson.loads(job.body)["device"]).startswith("cuda")
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return False


def _held_bytes() -> int:
    """Memory that this process holds now; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
