"""Functions that are blocks of other ops: their values, their settings, their derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.catalogue import catalogue
from engine.errors import EngineError
from engine.forms.source import source
from engine.language.parse import parse
from engine.probes.check import check

A = [[1.0, 2.0, 4.0], [0.5, -1.0, 3.0]]
B = [[2.0, 0.5, -1.0], [1.5, 1.0, 0.25]]
BLOCKS = [each for each in catalogue() if each.kind == "block" and not each.derivatives]


def value(call: str, prefix: str = "") -> Any:
    program = f"{prefix}a = {A}\nb = {B}\ny = {call}"
    return engine.prepare(program, output="y").evaluate().values["y"]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_derivatives_agree_with_differences(block: Any) -> None:
    leaves = (
        "x = [[1.3, 2.1], [3.2, 4.6]]\ny = [[0.4, 1.7], [2.5, 0.9]]\nz = [[2.2, 1.1], [0.3, 3]]"
    )
    call = block.example.rpartition("= ")[2]
    rest = "".join(f"{name} = [[0.6, 0.2], [0.1, 0.8]]\n" for name in "qkvmwuhcbd")
    program = engine.prepare(f"{leaves}\n{rest}out = {call}", output="out")
    told = "unreached" if block.name.startswith("arg") else "ok"
    assert check(program).verdict == told


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_call_prints_as_itself(block: Any) -> None:
    text = source(parse(block.example))
    assert f"{block.name}(" in text
    assert source(parse(text)) == text


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("diff(a, axis=0)", np.diff(A, axis=0)),
        ("diff(a, 2)", np.diff(A, n=2)),
        ("quantile(a, 0.3)", np.quantile(A, 0.3)),
        ("quantile(a, 1, axis=0)", np.quantile(A, 1, axis=0)),
        ("percentile(a, 70, axis=-1)", np.percentile(A, 70, axis=-1)),
        ("cross(a, b)", np.cross(A, B)),
        ("ptp(a, axis=0)", np.ptp(A, axis=0)),
        ("topk(a, 2, axis=0, largest=False)", np.sort(A, axis=0)),
        ("trapezoid(a, dx=0.5)", 0.5 * (np.array(A)[:, 1:] + np.array(A)[:, :-1]).sum(-1) / 2),
        ("matrix_power(a @ b.T, -2)", np.linalg.matrix_power(np.array(A) @ np.transpose(B), -2)),
        ("matrix_power(a @ b.T, 0)", np.eye(2)),
        ("matrix_power(a @ b.T, 3)", np.linalg.matrix_power(np.array(A) @ np.transpose(B), 3)),
        ("polyval(a[0], b)", np.polyval(A[0], B)),
        ("addcmul(a, a, b, value=2)", np.array(A) * (1 + 2 * np.array(B))),
    ],
)
def test_settings_are_heard(call: str, expected: Any) -> None:
    np.testing.assert_allclose(value(call), expected, rtol=1e-12)


def test_pytorch_s_pairs_are_values_and_places() -> None:
    head = "import torch\n"
    np.testing.assert_array_equal(value("torch.topk(a, 1)[1]", head), [[2], [2]])
    np.testing.assert_array_equal(value("torch.median(a, dim=1)[0]", head), [2, 0.5])
    np.testing.assert_array_equal(value("torch.median(a, dim=1).indices", head), [1, 0])


def test_a_wrong_setting_is_refused_as_an_op_s_is() -> None:
    with pytest.raises(EngineError) as error:
        value("quantile(a, 1.5)")
    assert error.value.code == "op.attribute"
