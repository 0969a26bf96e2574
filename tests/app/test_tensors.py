"""Tensors of the wire and arrays are the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.client.tensors import Summary, to_array, to_wire
from app.wire.encode import encode, tensor


@given(
    arrays.arrays(
        st.sampled_from([np.float64, np.float32]),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)
def test_an_array_comes_back_bit_by_bit(array: Any) -> None:
    back = to_array(orjson.loads(encode(tensor(array))))
    assert not isinstance(back, Summary)
    assert (back.shape, back.dtype) == (array.shape, array.dtype)
    np.testing.assert_array_equal(back, array)
    real = ~np.isnan(array)
    np.testing.assert_array_equal(np.signbit(back)[real], np.signbit(array)[real])


def test_a_large_tensor_is_a_summary() -> None:
    array = np.arange(10_000.0).reshape(100, 100)
    array[0, 0] = np.nan
    found = to_array(orjson.loads(encode(tensor(array))))
    assert isinstance(found, Summary)
    assert (found.shape, found.min, found.max) == ((100, 100), 1.0, 9_999.0)
    assert found.counts == {"nan": 1, "posinf": 0, "neginf": 0}
    assert found.preview.shape == (16, 16)


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (2, 2),
        (np.float32(0.5), 0.5),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        (np.eye(2), [[1.0, 0.0], [0.0, 1.0]]),
        (np.array([np.nan, np.inf, -np.inf]), ["NaN", "Infinity", "-Infinity"]),
        (float("nan"), "NaN"),
        (np.array([True]), [True]),
    ],
)
def test_whatever_is_an_array_can_be_sent(value: Any, wire: Any) -> None:
    assert to_wire(value) == wire


@pytest.mark.parametrize("value", ["one", [1j], [None], {"a": 1}, object()])
def test_what_is_no_tensor_is_refused_at_once(value: Any) -> None:
    with pytest.raises(TypeError, match="no tensor"):
        to_wire(value)
