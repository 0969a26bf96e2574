"""Tensors that a program makes from nothing: zeros, grids of numbers, random numbers.

Random numbers are those of `numpy.random.Generator(PCG64(seed))`: of seed 0 until the program says
another. Every call draws on, so the same program always means the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import LimitError, SourceError, Span
from engine.graph import Shape
from engine.infer import Limits
from engine.language.sketch import Sketch

__all__ = ["CREATIONS", "Creation", "Maker", "generator"]

Tensor = npt.NDArray[np.float64]
Settings = Mapping[str, Any]

_AXES = 16
_IGNORED = ("dtype", "device", "requires_grad", "out", "layout", "generator", "rng", "endpoint")


def generator(seed: int) -> np.random.Generator:
    """Return the generator of random numbers that a seed stands for."""
    return np.random.Generator(np.random.PCG64(seed))


@dataclass(frozen=True, slots=True)
class Creation:
    """A function that makes a tensor. order: its parameters by position, `*shape` taking all that
    are left; defaults; others: other names of parameters; shape and make: from the settings; drawn:
    whether at random."""

    order: tuple[str, ...]
    shape: Callable[[Settings], Shape]
    make: Callable[[np.random.Generator, Shape, Settings], Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    drawn: bool = False

    def settings(self, given: Sequence[Any], named: Settings) -> dict[str, Any]:
        """Return the value of each parameter. Raises ValueError where they do not fit."""
        found = dict(self.defaults)
        for position, value in enumerate(given):
            if position >= len(self.order):
                raise ValueError
            name = self.order[position]
            if name == "*shape":
                rest = tuple(given[position:])
                found["shape"] = rest[0] if len(rest) == 1 else rest
                break
            found[name] = value
        for name, value in named.items():
            key = _OTHERS.get(name, name)
            if key not in (*self.order, *self.defaults, "shape") and key not in _IGNORED:
                raise ValueError
            found[key] = value
        if any(name not in found for name in self.order if name != "*shape"):
            raise ValueError
        return found


_OTHERS = {
    "size": "shape",
    "num": "count",
    "steps": "count",
    "mean": "loc",
    "std": "scale",
    "fill_value": "value",
    "end": "stop",
    "N": "n",
    "M": "m",
}


def _shape_of(settings: Settings) -> Shape:
    shape = settings.get("shape")
    sizes = () if shape is None else shape if isinstance(shape, tuple) else (shape,)
    if not all(type(size) is int and size >= 0 for size in sizes):
        raise ValueError
    return sizes


def _count(settings: Settings) -> Shape:
    return _shape_of({"shape": settings["count"]})


def _range(settings: Settings) -> Shape:
    start, stop = _bounds(settings)
    length = math.ceil((stop - start) / settings["step"])
    return (max(length, 0),)


def _bounds(settings: Settings) -> tuple[float, float]:
    """`arange(stop)` or `arange(start, stop)`."""
    start, stop = settings["start"], settings["stop"]
    return (0, start) if stop is None else (start, stop)


def _square(settings: Settings) -> Shape:
    columns = settings["n"] if settings["m"] is None else settings["m"]
    return _shape_of({"shape": (settings["n"], columns)})


def _low_high(settings: Settings) -> tuple[int, int]:
    """`randint(high)` or `randint(low, high)`."""
    low, high = settings["low"], settings["high"]
    return (0, low) if high is None else (low, high)


def _alike(value: float, shape: Shape) -> Tensor:
    """One number seen as many: memory is not filled before the whole program is known to fit."""
    return np.broadcast_to(np.float64(value), shape)


_SHAPE = ("*shape",)
_UNIT = Creation(_SHAPE, _shape_of, lambda rng, shape, _: rng.random(shape), drawn=True)
_NORMAL = Creation(_SHAPE, _shape_of, lambda rng, shape, _: rng.standard_normal(shape), drawn=True)

CREATIONS: dict[str, Creation] = {
    "zeros": Creation(_SHAPE, _shape_of, lambda _, shape, __: _alike(0.0, shape)),
    "empty": Creation(_SHAPE, _shape_of, lambda _, shape, __: _alike(0.0, shape)),
    "ones": Creation(_SHAPE, _shape_of, lambda _, shape, __: _alike(1.0, shape)),
    "full": Creation(
        ("shape", "value"), _shape_of, lambda _, shape, given: _alike(float(given["value"]), shape)
    ),
    "eye": Creation(
        ("n", "m"), _square, lambda _, sizes, __: np.eye(sizes[0], sizes[1]), {"m": None}
    ),
    "linspace": Creation(
        ("start", "stop", "count"),
        _count,
        lambda _, shape, given: np.linspace(given["start"], given["stop"], shape[0]),
        {"count": 50},
    ),
    "arange": Creation(
        ("start", "stop", "step"),
        _range,
        lambda _, shape, given: _bounds(given)[0] + given["step"] * np.arange(shape[0]),
        {"stop": None, "step": 1},
    ),
    "rand": _UNIT,
    "random": _UNIT,
    "random_sample": _UNIT,
    "randn": _NORMAL,
    "standard_normal": _NORMAL,
    "uniform": Creation(
        ("low", "high", "shape"),
        _shape_of,
        lambda rng, shape, given: rng.uniform(given["low"], given["high"], shape),
        {"low": 0.0, "high": 1.0, "shape": None},
        drawn=True,
    ),
    "normal": Creation(
        ("loc", "scale", "shape"),
        _shape_of,
        lambda rng, shape, given: rng.normal(given["loc"], given["scale"], shape),
        {"loc": 0.0, "scale": 1.0, "shape": None},
        drawn=True,
    ),
    "randint": Creation(
        ("low", "high", "shape"),
        _shape_of,
        lambda rng, shape, given: rng.integers(*_low_high(given), shape),
        {"high": None, "shape": None},
        drawn=True,
    ),
}
"""By the name that NumPy, PyTorch or both give it. `NAME_like` takes its shape from a tensor."""

CREATIONS["integers"] = CREATIONS["randint"]


@dataclass(slots=True)
class Maker:
    """Makes the tensors of one program, and counts their entries."""

    limits: Limits
    sketch: Sketch | None = None
    seeded: np.random.Generator | None = None
    entries: int = 0

    @property
    def rng(self) -> np.random.Generator:
        """The generator of what no other is named for: made when it is first used."""
        if self.seeded is None:
            self.seeded = generator(0)
        return self.seeded

    def make(
        self,
        name: str,
        given: Sequence[Any],
        named: Settings,
        rng: np.random.Generator,
        place: tuple[Span, str],
    ) -> Tensor:
        """Return a new tensor. Raises SourceError for arguments that do not fit, and LimitError
        before anything too large is made."""
        (span, text), creation = place, CREATIONS[name]
        try:
            settings = creation.settings(given, named)
            shape = creation.shape(settings)
            self._check(shape, span)
            self.entries += math.prod(shape)

            def made() -> Tensor:
                return np.asarray(creation.make(rng, shape, settings), dtype=np.float64)

            return self.sketch.draw(shape, made) if self.sketch and creation.drawn else made()
        except (ValueError, TypeError, KeyError, ArithmeticError):
            usage = f"{name}({', '.join(creation.order)})"
            raise SourceError("create.arguments", span, call=text, usage=usage) from None

    def check(self, entries: int, span: Span) -> None:
        """Raise LimitError where so many entries more do not fit."""
        held = 16 * (self.entries + entries)
        self._within(held, "bytes", "an evaluation", self.limits.bytes, span)

    def _check(self, shape: Shape, span: Span) -> None:
        self._within(len(shape), "axes", "a tensor", _AXES, span)
        self._within(math.prod(shape), "entries", "a tensor", self.limits.entries, span)
        self.check(math.prod(shape), span)

    def _within(self, asked: int, unit: str, limit: str, allowed: int, span: Span) -> None:
        if asked > allowed:
            raise LimitError(
                "limit.exceeded", span, asked=asked, unit=unit, limit=limit, allowed=allowed
            )
