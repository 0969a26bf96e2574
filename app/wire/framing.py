"""How events are set apart in each media type, and which one a client likes best."""

from __future__ import annotations

from dataclasses import dataclass

from app.wire.negotiation import choose

__all__ = ["DEFAULT", "FRAMINGS", "Framing", "choose_framing"]


@dataclass(frozen=True, slots=True)
class Framing:
    """How events are set apart in one media type.

    before_first: what opens a stream. numbered: whether events carry their number, by which a
    stream goes on after a cut: then only event 0 opens it, so that the rest of a stream is the rest
    of its bytes.
    """

    media_type: str
    before_first: bytes
    before: bytes
    after: bytes
    end: bytes = b""
    numbered: bool = False

    def frame(self, seq: int, payload: bytes, first: bool = False) -> bytes:
        """One event with what goes around it. first: whether it is the first that is sent."""
        number = b"id: %d\n" % seq if self.numbered else b""
        opens = seq == 0 if self.numbered else first
        return b"".join((number, self.before_first if opens else self.before, payload, self.after))

    def frames(self, seq: int, payloads: list[bytes], first: bool = False) -> bytes:
        """Events that follow one another; seq: of the first of them."""
        if self.numbered:
            return b"".join([self.frame(at, each) for at, each in enumerate(payloads, seq)])
        opens = self.before_first if first else self.before
        return opens + (self.after + self.before).join(payloads) + self.after

    @property
    def nothing(self) -> bytes:
        """A stream without events."""
        return b"" if self.numbered else self.before_first + self.end


DEFAULT = Framing("application/jsonl", b"", b"", b"\n")
FRAMINGS = {
    framing.media_type: framing
    for framing in (
        DEFAULT,
        Framing("application/x-ndjson", b"", b"", b"\n"),
        Framing("text/event-stream", b"retry: 1000\ndata: ", b"data: ", b"\n\n", numbered=True),
        Framing("application/json", b"[", b",\n", b"", end=b"]\n"),
    )
}


def choose_framing(accept: str | None) -> Framing:
    """The framing that an Accept header likes best; JSON Lines where it does not mind."""
    return FRAMINGS[choose(accept, tuple(FRAMINGS))]
