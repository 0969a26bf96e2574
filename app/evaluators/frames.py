"""What passes between a server and its workers: short frames of bytes, and never a pickle.

    Frame ::= kind (1 byte)  done (1 byte)  seq (4 bytes)  length (4 bytes)  payload

From a worker at first: READY, with its process's number for `seq`. To it: JOB, then NEXT for each
further chunk, LEAVE when nobody wants more. From it: BEGUN (the answer's head), then a CHUNK for
JOB and for every NEXT; or REFUSED, with a problem, instead. FREE ends every job, however it ended,
once nothing of it is held; a worker that will not take another ends instead.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from struct import Struct

import orjson

from app.operations import Job

__all__ = [
    "BEGUN",
    "CHUNK",
    "FREE",
    "HEAD",
    "JOB",
    "LEAVE",
    "NEXT",
    "READY",
    "REFUSED",
    "Frame",
    "job_of",
    "payload_of",
    "receive",
    "split",
]

JOB, NEXT, LEAVE = b"J", b"N", b"L"
READY, BEGUN, CHUNK, REFUSED, FREE = b"W", b"B", b"C", b"R", b"F"
HEAD = Struct("<c?II")


@dataclass(frozen=True, slots=True)
class Frame:
    """One message. done: of a chunk, whether it is the last; seq: the number of the event after it.

    `bytes(frame)` is what crosses the pipe.
    """

    kind: bytes
    payload: bytes = b""
    done: bool = False
    seq: int = 0

    def __bytes__(self) -> bytes:
        return HEAD.pack(self.kind, self.done, self.seq, len(self.payload)) + self.payload


def split(received: bytearray) -> list[Frame]:
    """Take the whole frames off the front of what was received; what is left is the next one's."""
    frames, place = [], 0
    while len(received) - place >= HEAD.size:
        kind, done, seq, length = HEAD.unpack_from(received, place)
        end = place + HEAD.size + length
        if end > len(received):
            break
        frames.append(Frame(kind, bytes(received[place + HEAD.size : end]), done, seq))
        place = end
    del received[:place]
    return frames


def receive(pipe: socket.socket) -> Frame | None:
    """Wait for one frame; None when the other side is gone."""
    head = _exactly(pipe, HEAD.size)
    if head is None:
        return None
    kind, done, seq, length = HEAD.unpack(head)
    payload = _exactly(pipe, length)
    return None if payload is None else Frame(kind, payload, done, seq)


def _exactly(pipe: socket.socket, length: int) -> bytes | None:
    received = bytearray(length)
    view, place = memoryview(received), 0
    while place < length:
        count = pipe.recv_into(view[place:])
        if count == 0:
            return None
        place += count
    return bytes(received)


def payload_of(job: Job) -> bytes:
    """A job as a frame's payload: a line of JSON, then the body as it came."""
    return orjson.dumps([job.operation, job.media, job.after]) + b"\n" + job.body


def job_of(payload: bytes) -> Job:
    """The job of a payload."""
    head, _, body = payload.partition(b"\n")
    operation, media, after = orjson.loads(head)
    return Job(operation, body, media, after)
