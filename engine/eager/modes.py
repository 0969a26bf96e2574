"""Whether ops are recorded: `no_grad`, `enable_grad`, `set_grad_enabled`, one state a thread."""

from __future__ import annotations

import functools
import threading
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

__all__ = [
    "RECORDING",
    "Mode",
    "enable_grad",
    "inference_mode",
    "is_grad_enabled",
    "no_grad",
    "set_grad_enabled",
    "warn",
]

Function = Callable[..., Any]


Watch = Callable[[Any, Any, Any], None]
"""(record, its cotangent, the parts for its inputs) → nothing: sees each step of a sweep."""


class _Recording(threading.local):
    on = True
    inference = False
    real: np.dtype[Any] = np.dtype(np.float64)
    charge: Callable[[int], None] | None = None
    watch: Watch | None = None
    warned: Callable[[str], None] | None = None
    printing: Any = None


RECORDING = _Recording()
"""What holds for the ops of this thread. on: whether they join the tape. inference: whether their
results may never join it. real: the precision that
whole numbers become where a result needs one. charge: told the entries of each result before it is
computed, and may refuse. watch: told each step of a backward pass. warned:
takes warnings in the place of Python's. printing: how tensors are told, where that was set.
"""


def warn(text: str) -> None:
    """Warn whoever called the caller."""
    if RECORDING.warned is not None:
        RECORDING.warned(text)
    else:
        warnings.warn(text, UserWarning, stacklevel=3)


def is_grad_enabled() -> bool:
    """Return whether ops of this thread are recorded."""
    return RECORDING.on


class Mode:
    """Recording switched on or off for a block, or for every call of a function."""

    def __init__(self, mode: bool) -> None:
        self._mode = mode
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(RECORDING.on)
        RECORDING.on = self._mode and not RECORDING.inference

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        RECORDING.on = self._before.pop()

    def __call__(self, function: Function) -> Function:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                return function(*args, **kwargs)

        return wrapped

    def _again(self) -> Mode:
        """Return one for each call: calls may overlap in other threads."""
        return Mode(self._mode)


class inference_mode(Mode):
    """Record nothing, and let the results join no tape later: `with inference_mode():`."""

    def __init__(self, mode: bool = True) -> None:
        super().__init__(not mode)
        self._outside: list[bool] = []

    def __enter__(self) -> None:
        self._outside.append(RECORDING.inference)
        RECORDING.inference = not self._mode
        super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        RECORDING.inference = self._outside.pop()
        super().__exit__(kind, error, traceback)

    def _again(self) -> Mode:
        return inference_mode(not self._mode)


class set_grad_enabled(Mode):
    """Record or not, from this call on; as a context, until the end of the block."""

    def __init__(self, mode: bool) -> None:
        super().__init__(mode)
        self._outside = RECORDING.on
        RECORDING.on = mode

    def __enter__(self) -> None:
        self._before.append(self._outside)
        RECORDING.on = self._mode

    def __call__(self, function: Function) -> Function:
        RECORDING.on = self._outside
        return super().__call__(function)


def no_grad(function: Function | None = None) -> Any:
    """Stop recording: `with no_grad():`, `@no_grad()` or `@no_grad`."""
    return Mode(False) if function is None else Mode(False)(function)


def enable_grad(function: Function | None = None) -> Any:
    """Record, inside `no_grad` too: `with enable_grad():`, `@enable_grad()` or `@enable_grad`."""
    return Mode(True) if function is None else Mode(True)(function)
