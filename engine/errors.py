"""What can go wrong, each with a code, a sentence, a hint and a place.

EngineError
├── SourceError    the text cannot be read, or names something unknown
├── ShapeError     an op cannot combine the shapes it is given
├── OptionError    output, inputs, gradient, mode, dtype … do not fit the graph
├── LimitError     the work asked for exceeds a limit, found before anything is allocated
└── DeviceError    the device is not there

`engine.messages` is the one place where the English is written; another language translates it by
code.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from engine.frozen import frozen
from engine.messages import MESSAGES

__all__ = [
    "MESSAGES",
    "DeviceError",
    "EngineError",
    "LimitError",
    "OptionError",
    "ShapeError",
    "SourceError",
    "Span",
    "closest",
    "gathered",
    "likeliest",
]


@frozen
class Span:
    """A stretch of source text. Lines and columns count from 1, in code points; the end is
    exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


_LONGEST = 80
"""Characters of a parameter that comes from outside: a body of an error stays small."""

_CANDIDATES = 400

_ROOM = {"ops": 4000, "nodes": 200}
_ROOM |= dict.fromkeys(("reason", "remedy", "usage", "choices", "known"), 400)
"""More of them for lists and sentences that are our own."""


class EngineError(Exception):
    """An error that teaches: `code` and `params` make the sentence in any language; `span` is the
    place.

    The English sentence is `detail`; `hint` says what to do about it.
    """

    others: tuple[EngineError, ...] = ()
    """What else is wrong, where several things are: by place, without this one."""

    def __init__(self, code: str, span: Span | None = None, **params: str | int | float) -> None:
        self.code = code
        self.params = {key: _presentable(key, value) for key, value in params.items()}
        self.span = span
        message = MESSAGES[code]
        self.detail = message["detail"].format(**self.params)
        self.hint = message["hint"].format(**self.params)
        super().__init__(self.detail)


class SourceError(EngineError):
    """The text cannot be read, or names something unknown."""


class ShapeError(EngineError):
    """An op cannot combine the shapes it is given."""


class OptionError(EngineError):
    """Output, inputs, gradient, mode, dtype … do not fit the graph."""


class LimitError(EngineError):
    """The work asked for exceeds a limit; nothing was allocated."""


class DeviceError(EngineError):
    """The device is not there."""


def gathered(errors: Iterable[EngineError], most: int = 8) -> EngineError:
    """Return the error that stands first in the source, with the others behind it, each once.

    It is a copy, and where they were raised is forgotten: an error that is raised again from a
    place that still lists it would hold that place, and all its arrays, in a circle.
    """
    distinct = {(error.code, error.span, error.detail): error for error in errors}
    for error in distinct.values():
        error.__traceback__ = error.__context__ = None
    found, *others = sorted(distinct.values(), key=_place)
    first = found.__class__.__new__(found.__class__, *found.args)
    first.__dict__.update(found.__dict__)
    first.others = tuple(others[: most - 1])
    return first


def _place(error: EngineError) -> tuple[int, int]:
    return (error.span.line, error.span.column) if error.span else (0, 0)


def _presentable(key: str, value: str | int | float) -> str | int | float:
    """Text that may be sent: not too long, and without halves of surrogate pairs."""
    if not isinstance(value, str):
        return value
    longest = _ROOM.get(key, _LONGEST)
    text = value if len(value) <= longest else value[: longest - 1] + "…"
    return text.encode(errors="replace").decode()


def likeliest(name: str, known: Iterable[str], most: int = 8) -> str:
    """Return the few known names that look most like `name`, as a list to read."""
    return ", ".join(get_close_matches(name[:_LONGEST], list(known), n=most, cutoff=0.0))


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` most likely misspells, or None. Of many names, those
    that come last are looked at."""
    if len(name) > _LONGEST:
        return None
    found = get_close_matches(name, list(known)[-_CANDIDATES:], n=1, cutoff=0.6)
    return found[0] if found else None
