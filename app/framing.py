"""How events are set apart in each media type, and which one a client likes best."""

from __future__ import annotations

from dataclasses import dataclass

from app.negotiation import choose

__all__ = ["DEFAULT", "FRAMINGS", "Framing", "choose_framing"]


@dataclass(frozen=True, slots=True)
class Framing:
    """How events are set apart in one media type."""

    media_type: str
    before_first: bytes
    before: bytes
    after: bytes
    end: bytes = b""
    numbered: bool = False

    def frame(self, seq: int, payload: bytes) -> bytes:
        """One event with what goes around it."""
        number = b"id: %d\n" % seq if self.numbered else b""
        return b"".join((number, self.before if seq else self.before_first, payload, self.after))


DEFAULT = Framing("application/jsonl", b"", b"", b"\n")
FRAMINGS = {
    framing.media_type: framing
    for framing in (
        DEFAULT,
        Framing("application/x-ndjson", b"", b"", b"\n"),
        Framing("text/event-stream", b"data: ", b"data: ", b"\n\n", numbered=True),
        Framing("application/json", b"[", b",\n", b"", end=b"]\n"),
    )
}


def choose_framing(accept: str | None) -> Framing:
    """The framing that an Accept header likes best; JSON Lines where it does not mind."""
    return FRAMINGS[choose(accept, tuple(FRAMINGS))]
