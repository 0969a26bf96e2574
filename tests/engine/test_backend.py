"""Devices by name."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from engine.backend import backend, devices
from engine.errors import DeviceError


def test_the_cpu_is_numpy() -> None:
    where = backend("cpu")
    assert where.xp is np
    assert where.to_host(np.ones(2)) is not None


@pytest.mark.parametrize("device", ["gpu", "cuda:", "cuda:x", "CPU", ""])
def test_an_unknown_device_is_refused(device: str) -> None:
    with pytest.raises(DeviceError) as caught:
        backend(device)
    assert caught.value.code == "device.unknown"


def test_a_missing_cupy_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(DeviceError, match="CuPy is not installed"):
        backend("cuda:0")


def test_every_device_that_is_listed_can_be_used() -> None:
    found = devices()
    assert found[0] == "cpu"
    assert [backend(name).device for name in found] == list(found)
