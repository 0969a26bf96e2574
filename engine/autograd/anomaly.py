"""`torch.autograd.detect_anomaly`: a backward pass stops at the first step that makes a NaN."""

from __future__ import annotations

from typing import Any

from engine.autograd.machine import Machine
from engine.autograd.values import Native
from engine.eager.modes import Mode, warn

__all__ = ["ANOMALY"]

_SLOW = (
    "Anomaly Detection has been enabled. This mode will increase the runtime and should only be "
    "enabled for debugging."
)


class _Watching(Mode):
    """Anomalies are looked for in a block."""

    def __init__(self, machine: Machine, wanted: bool) -> None:
        super().__init__(True)
        self.machine, self.wanted = machine, wanted
        self.outside: list[bool] = []

    def __enter__(self) -> None:
        self.outside.append(self.machine.anomaly)
        self.machine.anomaly = self.wanted

    def __exit__(self, *error: object) -> None:
        self.machine.anomaly = self.outside.pop()


def _detect(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    warn(_SLOW)
    return _Watching(machine, True)


def _set(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    wanted = bool(args[0] if args else named["mode"])
    before = _Watching(machine, wanted)
    machine.anomaly = wanted
    return before


ANOMALY = {
    "detect_anomaly": Native("detect_anomaly", _detect),
    "set_detect_anomaly": Native("set_detect_anomaly", _set),
}
