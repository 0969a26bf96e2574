"""Where arrays live: one array namespace a device, chosen once for a graph. The only import of
CuPy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from functools import partial as bind
from typing import Any, TypeVar

import numpy as np

from engine.errors import DeviceError

__all__ = ["Array", "Backend", "backend", "devices"]

Array = Any
"""An array of the backend in use: numpy.ndarray or cupy.ndarray."""

T = TypeVar("T")
_END: Any = object()


@dataclass(frozen=True, slots=True)
class Backend:
    """A device by name and its array namespace `xp` (numpy or cupy)."""

    device: str
    xp: Any
    ordinal: int | None = None

    def quiet(self) -> AbstractContextManager[object]:
        """Compute without floating-point warnings, on this device: NaN and infinity are results to
        show."""
        if self.ordinal is None:
            return np.errstate(all="ignore")
        device: AbstractContextManager[object] = self.xp.cuda.Device(self.ordinal)
        return device

    def stepwise(self, steps: Iterator[T]) -> Iterator[T]:
        """Yield what `steps` yields, each step computed as under `quiet`; while the reader has the
        turn, its own settings hold."""
        if self.ordinal is None:
            context = copy_context()
            context.run(np.seterr, all="ignore")
            step = bind(context.run, next, steps, _END)
        else:
            step = bind(self._on_device, steps)
        while (found := step()) is not _END:
            yield found

    def _on_device(self, steps: Iterator[T]) -> Any:
        with self.quiet():
            return next(steps, _END)

    def to_host(self, array: Array) -> Any:
        """Return `array` as a NumPy array."""
        return array if self.ordinal is None else self.xp.asnumpy(array)


def backend(device: str = "cpu") -> Backend:
    """Return the backend of `device`: "cpu", or "cuda:N" through CuPy.

    Raises DeviceError when there is no such device or CuPy is not installed.
    """
    if device == "cpu":
        return Backend("cpu", np)
    match = re.fullmatch(r"cuda(?::(\d{1,3}))?", device)
    if match is None:
        raise DeviceError("device.unknown", device=device[:40])
    return _cuda(int(match.group(1) or 0))


@cache
def devices() -> tuple[str, ...]:
    """The devices of this machine by name, "cpu" first."""
    found = ["cpu"]
    for ordinal in range(1000):
        try:
            found.append(_cuda(ordinal).device)
        except DeviceError:
            break
    return tuple(found)


def _cuda(ordinal: int) -> Backend:
    device = f"cuda:{ordinal}"
    try:
        import cupy
    except ImportError:
        raise DeviceError(
            "device.unavailable", device=device, reason="CuPy is not installed"
        ) from None
    try:
        count = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError:
        count = 0
    if ordinal >= count:
        reason = f"this machine has {count} GPU" + ("" if count == 1 else "s")
        raise DeviceError("device.unavailable", device=device, reason=reason)
    return Backend(device, cupy, ordinal)
