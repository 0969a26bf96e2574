"""Checks of derivatives that know nothing of the rules: three measures along random directions.

- *adjoint identity*: ⟨u, J t⟩ computed forwards equals ⟨Jᵀu, t⟩ computed backwards; no step size,
  so it holds to rounding;
- *complex step*: Im f(x + i h t) / h, exact to rounding where every op is analytic. An op that is
  not (abs, a comparison) gives another number, so it counts only when central differences vouch
  for it. Source: Squire & Trapp (1998);
- *central differences* elsewhere; and one-sided ones, whose disagreement tells a kink.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.eager.autograd import grad, listed
from engine.eager.functional import jvp
from engine.eager.modes import Mode
from engine.eager.node import LEAF
from engine.eager.tensor import Tensor, settle

__all__ = ["Failure", "Report", "gradcheck", "gradgradcheck"]

Function = Callable[..., Tensor]
Arrays = Sequence[np.ndarray[Any, Any]]

_TINY = 1e-30
"""The step into the complex plane: nothing is subtracted, so it may be as small as it likes."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A disagreement. input: which argument, from 0. entry: its row-major position, None for a
    whole direction. measure: what disagreed with the backward pass."""

    input: int
    entry: int | None
    measure: str
    found: float
    expected: float

    def __str__(self) -> str:
        where = "" if self.entry is None else f", entry {self.entry}"
        return (
            f"input {self.input}{where}: backward gives {self.found:.10g}, {self.measure} "
            f"{self.expected:.10g}"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. kinks: inputs at whose value the function has no derivative, so that a
    convention was followed and nothing can be compared. measures: what was compared with."""

    failures: tuple[Failure, ...] = ()
    kinks: tuple[int, ...] = ()
    measures: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return not self.failures


class _Probe:
    """A function of arrays, weighted to a number, as u · f(x)."""

    def __init__(self, function: Function, inputs: Sequence[Tensor], rng: np.random.Generator):
        self.function, self.inputs = function, inputs
        self.arrays = [np.array(each.backend.to_host(each.array)) for each in inputs]
        with Mode(False):
            shape = function(*inputs).shape
        self.weights = rng.normal(size=shape)
        self.rng = rng

    def at(self, arrays: Arrays) -> Any:
        """u · f at other inputs."""
        where = self.inputs[0].backend
        given = [Tensor(settle(where.xp.asarray(each), where)) for each in arrays]
        with Mode(False):
            out = self.function(*given)
        return np.sum(self.weights * where.to_host(out.array))

    def moved(self, slot: int, direction: np.ndarray[Any, Any], step: complex) -> Any:
        """u · f with one input moved."""
        arrays = list(self.arrays)
        arrays[slot] = arrays[slot] + step * direction
        return self.at(arrays)

    def gradients(self) -> list[np.ndarray[Any, Any]]:
        """uᵀJ by one backward pass."""
        leaves = [Tensor(each._data, LEAF) for each in self.inputs]
        with Mode(True):
            out = self.function(*leaves)
        if not out.requires_grad:
            return [np.zeros(each.shape) for each in leaves]
        where = out.backend
        seed = Tensor(settle(where.xp.asarray(self.weights, dtype=out.dtype), where))
        found = grad(out, leaves, seed, materialize_grads=True)
        return [np.asarray(where.to_host(each.array)) for each in found if each is not None]


def gradcheck(
    function: Function,
    inputs: Tensor | Sequence[Tensor],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    seed: int = 0,
) -> Report:
    """Compare the backward pass of a function with measures that do not know it.

    inputs: float64 tensors. eps: the step of differences; atol, rtol: what they are given (the
    complex step and the adjoint identity are held to 1e-9). Returns a report, true where all
    agrees. Raises RuntimeError naming input and entry, unless `raise_exception` is false.
    """
    tensors = listed(inputs)
    probe = _Probe(function, tensors, np.random.default_rng(seed))
    gradients = probe.gradients()
    failures: list[Failure] = []
    kinks: list[int] = []
    measures: set[str] = set()
    for slot, gradient in enumerate(gradients):
        if _at_kink(probe, slot, eps):
            kinks.append(slot)
            continue
        measure, found = _along(probe, slot, gradient, (eps, atol, rtol))
        measures.add(measure)
        failures += found
    if not kinks:
        failures += _adjoint(probe, gradients)
        measures.add("adjoint identity")
    report = Report(tuple(failures), tuple(kinks), tuple(sorted(measures)))
    if failures and raise_exception:
        raise RuntimeError("Jacobian mismatch: " + "; ".join(map(str, failures[:5])))
    return report


def _at_kink(probe: _Probe, slot: int, eps: float) -> bool:
    """Whether slopes to both sides of the value differ however small the step."""
    directions = _directions(probe, slot)
    for direction in directions:
        gaps = []
        for step in (eps, eps / 4):
            middle = probe.moved(slot, direction, 0)
            ahead = (probe.moved(slot, direction, step) - middle) / step
            behind = (middle - probe.moved(slot, direction, -step)) / step
            gaps.append(abs(ahead - behind) / (1 + abs(ahead) + abs(behind)))
        if min(gaps) > 1e-3:
            return True
    return False


def _directions(probe: _Probe, slot: int) -> list[np.ndarray[Any, Any]]:
    shape = probe.arrays[slot].shape
    return [probe.rng.normal(size=shape) for _ in range(2)]


def _along(
    probe: _Probe, slot: int, gradient: Any, limits: tuple[float, float, float]
) -> tuple[str, list[Failure]]:
    """Compare along random directions; where that fails, entry by entry, to name the entry."""
    measure = "central differences"
    for direction in _directions(probe, slot):
        measure, value, close = _slope(probe, slot, direction, limits)
        if not close(np.sum(gradient * direction)):
            return measure, _entries(probe, slot, gradient, limits) or [
                Failure(slot, None, measure, float(np.sum(gradient * direction)), value)
            ]
    return measure, []


def _entries(
    probe: _Probe, slot: int, gradient: Any, limits: tuple[float, float, float]
) -> list[Failure]:
    found = []
    for entry in range(gradient.size):
        unit = np.zeros(gradient.size)
        unit[entry] = 1
        measure, value, close = _slope(probe, slot, unit.reshape(gradient.shape), limits)
        mine = float(gradient.ravel()[entry])
        if not close(mine):
            found.append(Failure(slot, entry, measure, mine, value))
    return found


def _slope(
    probe: _Probe, slot: int, direction: Any, limits: tuple[float, float, float]
) -> tuple[str, float, Callable[[float], bool]]:
    """Measure the slope of u · f along a direction: how, its value, and what is close to it."""
    eps, atol, rtol = limits
    ends = [probe.moved(slot, direction, sign * eps) for sign in (1, -1)]
    central = float((ends[0] - ends[1]) / (2 * eps))
    exact = _complex_step(probe, slot, direction)
    if exact is not None and np.isclose(exact, central, rtol=rtol, atol=atol):
        value = exact
        return "complex step", value, lambda x: bool(np.isclose(x, value, rtol=1e-9, atol=1e-11))
    return (
        "central differences",
        central,
        lambda x: bool(np.isclose(x, central, rtol=rtol, atol=atol)),
    )


def _complex_step(probe: _Probe, slot: int, direction: Any) -> float | None:
    """Im f(x + i h t) / h; None where an op cannot take complex numbers."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error")  # a cast to real numbers would lose the derivative
            value = probe.moved(slot, direction, 1j * _TINY)
    except Exception:  # any op may refuse in its own way; differences are the answer then
        return None
    found = float(np.imag(value) / _TINY)
    return found if np.isfinite(found) else None


def _adjoint(probe: _Probe, gradients: Arrays) -> list[Failure]:
    """Compare ⟨u, J t⟩ with ⟨Jᵀu, t⟩, for each input by itself."""
    found = []
    for slot, gradient in enumerate(gradients):
        tangents: list[Any] = [np.zeros(each.shape) for each in probe.arrays]
        tangents[slot] = probe.rng.normal(size=gradient.shape)
        where = probe.inputs[0].backend
        given = [Tensor(settle(where.xp.asarray(each), where)) for each in tangents]
        _, pushed = jvp(probe.function, list(probe.inputs), given)
        forwards = float(np.sum(probe.weights * where.to_host(pushed.array)))
        backwards = float(np.sum(gradient * tangents[slot]))
        if not np.isclose(forwards, backwards, rtol=1e-9, atol=1e-11):
            found.append(Failure(slot, None, "the adjoint identity", backwards, forwards))
    return found


def gradgradcheck(function: Function, inputs: Tensor | Sequence[Tensor], **rest: Any) -> Report:
    """Compare the second derivatives in the same way: a gradcheck of the gradient.

    The gradient is weighted by fixed random numbers. Raises RuntimeError as `gradcheck` does.
    """
    tensors = listed(inputs)
    rng = np.random.default_rng(1)
    with Mode(False):
        out = function(*tensors)
    where = out.backend
    seed = Tensor(settle(where.xp.asarray(rng.normal(size=out.shape), dtype=out.dtype), where))

    def gradient(*given: Tensor) -> Tensor:
        with Mode(True):
            leaves = [each if each.requires_grad else Tensor(each._data, LEAF) for each in given]
            parts = grad(function(*leaves), leaves, seed, create_graph=True, materialize_grads=True)
            total: Tensor | None = None
            for index, part in enumerate(parts):
                assert part is not None
                term = (part * float(np.cos(index))).sum()
                total = term if total is None else total + term
        assert total is not None
        return total

    return gradcheck(gradient, tensors, **rest)
