"""The events of a snippet as they cross the wire: numbered, in numbers that JSON can write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from app.wire.encode import spelled
from engine.autograd import Event

__all__ = ["Told", "numbered"]


class Told(dict[str, Any]):
    """One event, as the object that is sent."""

    @property
    def seq(self) -> int:
        """Its number in the stream."""
        return int(self["seq"])


def numbered(events: Iterable[Event]) -> Iterator[Told]:
    """Return the events in the form of the wire, counted from 0."""
    for seq, event in enumerate(events):
        wire = _wired(event)
        yield Told({"kind": wire.pop("kind"), "seq": seq, **wire})


def _wired(value: Any) -> Any:
    """A field that may be None is left out where it is."""
    if isinstance(value, float):
        return spelled(value)
    if isinstance(value, list | tuple):
        return [_wired(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        optional = _optional(type(value))
        found = {field.name: getattr(value, field.name) for field in fields(value)}
        return {
            name: _wired(each)
            for name, each in found.items()
            if each is not None or name not in optional
        }
    return value


@cache
def _optional(kind: type) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind) if str(field.type).endswith("| None"))
