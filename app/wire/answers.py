"""What `evaluate`, `window` and `check` answer, as records of the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from app.wire.encode import evaluation_record, record, spelled, tensor
from engine import Evaluation, Program
from engine.probes.check import Check
from engine.probes.comparison import Curve, NodeCheck
from engine.probes.window import Window
from engine.sweeps.provenance import first_in_adjoints, first_in_values

__all__ = ["check_record", "evaluated_record", "raw_window", "window_record"]

_LITTLE = {"float64": "<f8", "float32": "<f4"}


def evaluated_record(program: Program, evaluation: Evaluation) -> dict[str, Any]:
    """The answer of `evaluate`; where something is not finite, also the nodes it comes from."""
    answer = evaluation_record(evaluation)
    origins = _origins(program, evaluation)
    return {**answer, "origins": origins} if origins else answer


def _origins(program: Program, evaluation: Evaluation) -> list[dict[str, Any]]:
    """The nodes that first made a NaN or an infinity: of values, and of P."""
    view, where = program.run.view, program.run.backend
    derivatives = evaluation.gradients or evaluation.adjoints or {}
    found: list[dict[str, Any]] = []
    for of, arrays, search in (
        ("value", evaluation.values, first_in_values),
        ("adjoint", derivatives, first_in_adjoints),
    ):
        if all(_is_finite(array) for array in arrays.values()):
            continue
        by_id = {node.id: arrays[node.name] for node in view if node.name in arrays}
        found += [{"of": of, **asdict(origin)} for origin in search(view, by_id, where)]
    return found


def _is_finite(array: Any) -> bool:
    return array is None or bool(np.isfinite(array).all())


def window_record(found: Window) -> dict[str, Any]:
    """The answer of `window` as JSON: all entries, however many they are."""
    named: Mapping[str, Any] = {"node": found.node}
    if found.edge is not None:
        named = {"edge": record(found.edge)}
    entries = tensor(found.entries, most=found.entries.size)
    wire = {"shape": found.shape, "ranges": found.ranges, "entries": entries}
    return {"what": found.what, **named, **wire}


def raw_window(found: Window, program: Program) -> tuple[bytes, dict[str, str]]:
    """The answer of `window` as bytes: little-endian, row-major; and the headers that tell so."""
    entries = np.asarray(program.run.backend.to_host(found.entries), order="C")
    dtype = program.dtype
    headers = {
        "X-Tensor-Shape": ",".join(str(size) for size in entries.shape),
        "X-Tensor-Dtype": dtype,
    }
    return entries.astype(_LITTLE[dtype], copy=False).tobytes(), headers


def check_record(found: Check) -> dict[str, Any]:
    """The answer of `check`."""
    return {
        "output": found.output,
        "m": found.m,
        "verdict": found.verdict,
        "tolerance": found.tolerance,
        "passes": found.passes,
        "nodes": [_node(node) for node in found.nodes],
        "curve": None if found.curve is None else _curve(found.curve),
        "dtype": found.dtype,
        "device": found.device,
    }


def _node(node: NodeCheck) -> dict[str, Any]:
    wire = asdict(node)
    if node.worst is not None:
        numbers = {name: spelled(getattr(node.worst, name)) for name in ("analytic", "numeric")}
        wire["worst"] = {**wire["worst"], **numbers}
    return {**wire, "absolute": spelled(node.absolute), "relative": spelled(node.relative)}


def _curve(curve: Curve) -> dict[str, Any]:
    lists = {name: [spelled(n) for n in getattr(curve, name)] for name in ("numeric", "errors")}
    return {**asdict(curve), **lists, "analytic": spelled(curve.analytic)}
