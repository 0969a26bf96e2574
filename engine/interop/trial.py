"""Whether lines of our language compute what PyTorch computed, in value and in gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.errors import EngineError, LimitError
from engine.interop.tape import Value
from engine.prepare import prepare

__all__ = ["agrees", "close", "placeholder"]

_TOLERANCE = {"float64": 1e-9, "reference": 1e-6, "float32": 1e-4}
"""By precision; ONNX's reference computes some functions, such as erf, in less than its type."""


def placeholder(shape: tuple[int, ...], differentiated: bool) -> str:
    """Return the text of a leaf of a shape, whose entries are put in afterwards."""
    sizes = ", ".join(map(str, shape)) or "()"
    return f"{'param' if differentiated else 'const'}(zeros({sizes}))"


def close(ours: Value, theirs: Value, precision: str = "float64") -> bool:
    """Whether two values are equal but for rounding, beside the largest entry."""
    if ours.shape != theirs.shape or not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return False
    finite = np.isfinite(theirs)
    if not np.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
        return False
    largest = np.abs(theirs[finite]).max(initial=1.0)
    return bool((np.abs(ours[finite] - theirs[finite]) <= _TOLERANCE[precision] * largest).all())


def agrees(
    lines: Sequence[str],
    inputs: Mapping[str, Value],
    outs: Mapping[str, Value],
    pulled: Mapping[str, tuple[Value, Mapping[str, Value]]],
    precision: str,
) -> bool:
    """Run lines over inputs. outs: the values that must come out. pulled: by result, a weight
    vector and the gradients that must come of it. Raises LimitError where they are too large."""
    leaves = [f"{name} = {placeholder(value.shape, True)}" for name, value in inputs.items()]
    source = "\n".join([*leaves, *lines])
    try:
        for name, value in outs.items():
            weights, gradients = pulled.get(name, (np.ones(value.shape), {}))
            found = prepare(
                source, inputs=inputs, output=name, gradient=weights, allow_nonfinite=True
            ).evaluate()
            ours = found.gradients or {}
            if not close(np.asarray(found.values[name]), value, precision):
                return False
            for leaf, gradient in gradients.items():
                reached = ours[leaf]
                mine = np.zeros(gradient.shape) if reached is None else np.asarray(reached)
                if not close(mine, gradient, precision):
                    return False
    except LimitError:
        raise
    except EngineError:
        return False
    return True
