"""Every op of the registry on tensors, at the cases of `tests/engine/cases`: a new op is tested by
existing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.backend import backend
from engine.eager import Tensor, grad, tensor
from engine.eager.apply import apply
from tests.engine.test_ops import EVERY, Case

cases = pytest.mark.parametrize("case", EVERY, ids=str)
CPU = backend("cpu")


def leaves_of(case: Case, rng: np.random.Generator, dtype: str = "float64") -> list[Tensor]:
    """The inputs of a case as leaves, those it is differentiated by requiring grad."""
    return [
        tensor(array, dtype=dtype, requires_grad=slot in case.slots)
        for slot, array in enumerate(case.inputs(rng))
    ]


def wanted(case: Case, leaves: list[Tensor]) -> list[Tensor]:
    return [leaves[slot] for slot in case.slots]


def leaves_the_tape(out: Tensor) -> bool:
    """Whether nothing flows through the op; then it must have recorded nothing."""
    if not out.requires_grad:
        assert out.grad_fn is None
    return not out.requires_grad


@cases
def test_gradients_are_products_with_the_local_jacobian(case: Case, rng: Any) -> None:
    leaves = leaves_of(case, rng)
    out = apply(case.op, leaves, case.attrs)
    if leaves_the_tape(out):
        return
    seed = tensor(rng.normal(size=out.shape))
    plain = grad(out, wanted(case, leaves), seed, retain_graph=True)
    recorded = grad(out, wanted(case, leaves), seed, create_graph=True)
    arrays = [leaf.array for leaf in leaves]
    for slot, mine, again in zip(case.slots, plain, recorded, strict=True):
        assert mine is not None and again is not None
        expected = case.jacobian(CPU, slot, arrays).left(seed.array[None])[0]
        assert mine.shape == again.shape == leaves[slot].shape
        np.testing.assert_allclose(mine.array, expected, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(again.detach().array, expected, rtol=1e-10, atol=1e-12)


@cases
def test_a_record_keeps_what_its_rule_reads_and_no_more(case: Case, rng: Any) -> None:
    leaves = leaves_of(case, rng)
    out = apply(case.op, leaves, case.attrs)
    if leaves_the_tape(out):
        return
    keeps = out.grad_fn.kept is not None or out.grad_fn.output is not None  # type: ignore[union-attr]
    seed = tensor(np.ones(out.shape))
    out.backward(seed)
    if keeps:
        with pytest.raises(RuntimeError, match="backward through the graph a second time"):
            out.backward(seed)
    else:
        out.backward(seed)


@cases
def test_single_precision_stays_single(case: Case, rng: Any) -> None:
    leaves = leaves_of(case, rng, "float32")
    out = apply(case.op, leaves, case.attrs)
    if leaves_the_tape(out):
        return
    assert out.dtype == np.float32
    out.backward(tensor(np.ones(out.shape), dtype="float32"))
    for leaf in wanted(case, leaves):
        assert leaf.grad is not None and leaf.grad.dtype == np.float32
