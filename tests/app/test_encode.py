"""Arrays and events become JSON exactly as docs/wire.md says."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import engine
from app.wire.encode import INLINE_ENTRIES, encode, tensor
from engine.events import EdgeRef, JacobianEvent, ValueEvent


def wire(value: Any) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(encode(value), parse_constant=refuse)


def back(entries: Any) -> Any:
    return [back(entry) for entry in entries] if isinstance(entries, list) else float(entries)


def test_the_tensor_of_the_wire_document() -> None:
    array = np.array([[1.5, -0.0], [np.nan, -np.inf]])
    expected = '{"shape":[2,2],"dtype":"float64","data":[[1.5,-0.0],["NaN","-Infinity"]]}'
    assert encode(tensor(array)).decode() == expected


@pytest.mark.parametrize("value", [2.0, np.float64(2.0), np.array(2.0)])
def test_a_scalar_is_a_bare_number(value: Any) -> None:
    assert wire(tensor(value)) == {"shape": [], "dtype": "float64", "data": 2.0}


@pytest.mark.parametrize("value", [math.nan, np.array(math.nan), np.float64(math.nan)])
def test_a_scalar_nan_is_a_string(value: Any) -> None:
    assert wire(tensor(value))["data"] == "NaN"


def test_float32_prints_shortest_exact() -> None:
    assert encode(tensor(np.float32([0.1]))) == b'{"shape":[1],"dtype":"float32","data":[0.1]}'


@given(
    arrays.arrays(
        np.float64,
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
        elements=st.floats(width=64),
    )
)
def test_every_small_array_survives_the_wire(array: Any) -> None:
    sent = wire(tensor(array))
    assert sent["shape"] == list(array.shape)
    received = np.array(back(sent["data"]), dtype=np.float64).reshape(sent["shape"])
    np.testing.assert_array_equal(received, array)
    assert (np.signbit(received) == np.signbit(array))[~np.isnan(array)].all()


def test_transposed_and_strided_arrays_are_row_major_on_the_wire() -> None:
    array = np.arange(12.0).reshape(3, 4).T[::2]
    assert wire(tensor(array))["data"] == array.tolist()


def test_a_large_tensor_goes_as_summary_and_preview() -> None:
    array = np.arange(40.0 * 50).reshape(40, 50)
    array[0, 0], array[0, 1], array[0, 2] = np.nan, np.inf, -np.inf
    sent = wire(tensor(array))
    finite = array[np.isfinite(array)]
    assert "data" not in sent
    summary = sent["summary"]
    assert (summary["nan"], summary["posinf"], summary["neginf"]) == (1, 1, 1)
    assert (summary["min"], summary["max"]) == (3.0, 1999.0)
    assert summary["mean"] == pytest.approx(finite.mean(), rel=1e-12)
    assert summary["norm"] == pytest.approx(np.linalg.norm(finite), rel=1e-12)
    preview = sent["preview"]
    assert (len(preview), len(preview[0])) == (16, 16)
    assert (preview[0][0], preview[-1][-1]) == ("NaN", 1999.0)


def test_a_summary_of_huge_entries_does_not_overflow() -> None:
    sent = wire(tensor(np.full(2_000, 1e300)))["summary"]
    assert sent["mean"] == pytest.approx(1e300)
    assert sent["norm"] == pytest.approx(1e300 * math.sqrt(2_000))


def test_a_summary_with_nothing_finite_has_nulls() -> None:
    sent = wire(tensor(np.full(2_000, np.nan)))["summary"]
    assert (sent["min"], sent["mean"], sent["norm"], sent["nan"]) == (None, None, None, 2_000)


def test_the_limit_of_inline_entries_is_the_one_of_the_wire_document() -> None:
    assert INLINE_ENTRIES == 1_024
    assert "data" in wire(tensor(np.zeros(1_024)))
    assert "summary" in wire(tensor(np.zeros(1_025)))


def test_an_event_starts_with_its_kind() -> None:
    text = encode(ValueEvent(seq=3, node="u1", value=np.array(2.0))).decode()
    assert text.startswith('{"kind":"value","seq":3,"node":"u1","value":{')


def test_an_edge_says_from() -> None:
    assert wire(EdgeRef("a", "b", 1)) == {"from": "a", "to": "b", "slot": 1}


def jacobians(source: str) -> dict[str, Any]:
    events = engine.prepare(source=source).events()
    sent = [wire(event) for event in events if isinstance(event, JacobianEvent)]
    return {event["edge"]["from"]: event for event in sent}


def test_a_small_jacobian_goes_whole() -> None:
    sent = jacobians("x = [1, 2]\ny = x * 3")["x"]
    assert sent["shape"] == [2, 2]
    assert sent["dense"]["data"] == [[3.0, 0.0], [0.0, 3.0]]
    assert "window" not in sent


def test_a_large_jacobian_goes_as_a_window() -> None:
    source = f"W = {np.eye(20).tolist()}\nx = {[1] * 20}\ny = W @ x"
    sent = jacobians(source)["W"]
    assert sent["shape"] == [20, 400]
    assert sent["structure"] == "kronecker"
    assert "dense" not in sent
    assert sent["window"]["rows"] == [0, 8]
    assert sent["window"]["cols"] == [0, 8]
    assert sent["window"]["entries"]["shape"] == [8, 8]
    assert sent["window"]["entries"]["data"][0] == [1.0] * 8


def test_what_has_no_place_on_the_wire_is_refused() -> None:
    with pytest.raises(TypeError):
        encode(object())


class DeviceArray:
    """What CuPy's arrays look like from outside: NumPy cannot read them, `get` copies them here."""

    def __init__(self, array: Any) -> None:
        self._array = np.asarray(array)

    def get(self) -> Any:
        return self._array

    def __array__(self, *_: Any) -> Any:
        raise TypeError("implicit conversion to a NumPy array is not allowed")


def test_an_array_of_a_device_is_copied_first() -> None:
    assert wire(tensor(DeviceArray([[1.0, np.nan]])))["data"] == [[1.0, "NaN"]]
    assert wire(tensor(DeviceArray(2.0)))["data"] == 2.0
