"""What a program may be asked for, beside itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.backend import backend
from engine.errors import OptionError
from engine.infer import Limits

__all__ = ["DTYPES", "GRANULARITIES", "MODES", "Options"]

MODES = ("reverse", "forward")
GRANULARITIES = ("statement", "op")
DTYPES = ("float64", "float32")


@dataclass(frozen=True, slots=True)
class Options:
    """What `prepare` is asked for beside the program."""

    inputs: Mapping[str, object] = field(default_factory=dict)
    output: str | None = None
    gradient: object = None
    mode: str = "reverse"
    tangents: Mapping[str, object] = field(default_factory=dict)
    granularity: str = "statement"
    open: tuple[str, ...] = ()
    differentiate: tuple[str, ...] = ()
    dtype: str = "float64"
    device: str = "cpu"
    allow_nonfinite: bool = False
    limits: Limits = field(default_factory=Limits)

    def check(self) -> None:
        """Raise OptionError for a choice that is none, DeviceError for a device that is not
        there."""
        _check_choice("mode", self.mode, MODES)
        _check_choice("granularity", self.granularity, GRANULARITIES)
        _check_choice("dtype", self.dtype, DTYPES)
        backend(self.device)

    def told(self) -> tuple[object, ...]:
        """What decides the result, to name it by."""
        told = (self.inputs, self.output, self.gradient, self.mode, self.tangents)
        return (*told, self.granularity, self.open, self.differentiate, self.dtype)


def _check_choice(option: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise OptionError(
            "option.invalid", option=option, value=repr(value)[:40], choices=", ".join(choices)
        )
