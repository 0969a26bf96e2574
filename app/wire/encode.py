"""Events to the bytes of the wire, as docs/wire.md says: one pass of orjson with one hook.

orjson meets things that it cannot write: our dataclasses, and mappings that are no dict. `_plain`
turns each into something it can. Non-finite numbers travel as strings, because JSON has none and
encoders silently write `null`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Literal

import numpy as np
import orjson

from app.errors import Problem
from app.wire.forms import both_forms
from engine import EXAMPLES
from engine.backend import Array
from engine.catalogue import catalogue
from engine.events import EdgeRef, GraphEvent, JacobianEvent

__all__ = [
    "INLINE_ENTRIES",
    "JacobianRecord",
    "WindowRecord",
    "encode",
    "evaluation_record",
    "example_records",
    "failed",
    "graph_record",
    "op_records",
    "record",
    "spelled",
    "tensor",
]

INLINE_ENTRIES = 1_024
"""A tensor of more entries goes as a summary and a preview."""

PREVIEW_SIDE = 16
WINDOW_SIDE = 8
_FLOAT64 = np.dtype(np.float64)
_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_SERIALIZE_NUMPY
_WIRE_NAMES = {"source": "from"}
"""Field names that Python does not allow, for the dataclasses that have a field `to` beside."""


@dataclass(frozen=True, slots=True)
class WindowRecord:
    """Some rows and columns of a matrix, each range half open."""

    rows: tuple[int, int]
    cols: tuple[int, int]
    entries: Array


@dataclass(frozen=True, slots=True)
class JacobianRecord:
    """A `jacobian` event on the wire: its structure, and its entries if they are few."""

    seq: int
    edge: EdgeRef
    structure: str
    shape: tuple[int, int]
    stored: int
    nonzero: int
    kink: bool
    dense: Array | None = None
    window: WindowRecord | None = None
    kind: Literal["jacobian"] = "jacobian"


_CONVERTERS: dict[type, Callable[[Any], dict[str, Any]]] = {}
"""One function for each kind of dataclass met so far, made by `_converter`."""


def encode(value: object) -> bytes:
    """The JSON of an event, or of anything made of events, arrays, dicts and lists."""
    try:
        return orjson.dumps(value, default=_plain, option=_OPTIONS)
    except TypeError as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from None  # what orjson hides is a limit that was met
        raise


def failed(seq: int, problem: Problem) -> bytes:
    """The last event of a stream that broke after its first byte."""
    return orjson.dumps({"kind": "failed", "seq": seq, "problem": problem}, default=str)


def tensor(value: Any, most: int = INLINE_ENTRIES) -> dict[str, Any]:
    """A tensor of the wire from a NumPy or CuPy array or a Python number; whole up to `most`
    entries."""
    if type(value) is float:
        data = value if math.isfinite(value) else _spell(value)
        return {"shape": (), "dtype": "float64", "data": data}
    array = value if isinstance(value, np.ndarray) else _host(value)
    shape, dtype = array.shape, _name(array.dtype)
    if array.size > most:
        preview = _entries(_preview(array))
        return {"shape": shape, "dtype": dtype, "summary": _summary(array), "preview": preview}
    return {"shape": shape, "dtype": dtype, "data": _entries(array)}


def record(value: Any) -> dict[str, Any]:
    """The wire form of a dataclass, one level deep."""
    if type(value) is GraphEvent:
        return _graph(value)
    if type(value) is JacobianEvent:
        value = _jacobian(value)
    return _record(value)


def _record(value: Any) -> dict[str, Any]:
    convert = _CONVERTERS.get(type(value))
    if convert is None:
        convert = _CONVERTERS[type(value)] = _converter(type(value))
    return convert(value)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return record(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place on the wire")


def _graph(event: GraphEvent) -> dict[str, Any]:
    """The graph event, where nodes come by the thousand: orjson writes them itself, unless one has
    no place in a source, as fields that are None are left out."""
    wire = _record(event)
    if all(node.span is not None for node in event.nodes):
        nodes = orjson.dumps(event.nodes, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY)
        wire["nodes"] = orjson.Fragment(nodes)
    wire["edges"] = [
        {
            "from": each.source,
            "to": each.to,
            "slot": each.slot,
            "formula": each.formula,
            "stretched": each.stretched,
        }
        for each in event.edges
    ]
    return wire


def _jacobian(event: JacobianEvent) -> JacobianRecord:
    jacobian = event.jacobian
    d_out, d_in = shape = jacobian.shape
    counts = (jacobian.structure, shape, jacobian.stored, jacobian.nonzero)
    head = (event.seq, event.edge, *counts, event.kink)
    with np.errstate(all="ignore"):  # NaN and infinity are entries to show, not mistakes
        if d_out * d_in <= INLINE_ENTRIES:
            return JacobianRecord(*head, dense=jacobian.dense())
        rows, cols = (0, min(d_out, WINDOW_SIDE)), (0, min(d_in, WINDOW_SIDE))
        return JacobianRecord(*head, window=WindowRecord(rows, cols, jacobian.window(rows, cols)))


def _converter(kind: type) -> Callable[[Any], dict[str, Any]]:
    """A function from one kind of dataclass to its wire form; annotations tell its tensors."""
    known = sorted(fields(kind), key=lambda field: field.name != "kind")
    types = {field.name: str(field.type) for field in known}
    names = [_WIRE_NAMES.get(name, name) if "to" in types else name for name in types]
    read = attrgetter(*types)
    tensors = [name for name, text in types.items() if text.startswith("Array")]
    optional = [name for name, text in types.items() if text.endswith("| None")]

    def convert(value: Any) -> dict[str, Any]:
        wire = dict(zip(names, read(value), strict=True))
        for name in optional:
            if wire[name] is None:
                del wire[name]
        for name in tensors:
            if name in wire:
                wire[name] = tensor(wire[name])
        return wire

    return convert


@cache
def _name(dtype: np.dtype[Any]) -> str:
    """The name of a dtype, which NumPy makes up anew each time, slowly."""
    return dtype.name


def _host(value: Any) -> np.ndarray[Any, Any]:
    """The array in this machine's memory; CuPy's arrays have `get` for that."""
    return np.asarray(value.get() if hasattr(value, "get") else value)


def _entries(array: np.ndarray[Any, Any]) -> Any:
    """Nested entries: an array that orjson writes itself, or lists with strings in them."""
    if array.size == 1 and array.dtype == _FLOAT64:
        # Scalars are most of what a graph of scalars sends; this is five times quicker.
        number = array.item()
        entries = number if math.isfinite(number) else _spell(number)
        for _ in array.shape:
            entries = (entries,)
        return entries
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return _spelled(array.tolist())
    if array.ndim == 0:
        return array[()]
    return np.ascontiguousarray(array)


def _spelled(entries: Any) -> Any:
    if isinstance(entries, list):
        return [_spelled(entry) for entry in entries]
    return entries if math.isfinite(entries) else _spell(entries)


def spelled(number: float | None) -> float | str | None:
    """A number of the wire."""
    return number if number is None or math.isfinite(number) else _spell(number)


def _spell(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def _summary(array: np.ndarray[Any, Any]) -> dict[str, float | int | None]:
    numbers = array.astype(np.float64, copy=False).ravel()
    finite = numbers[np.isfinite(numbers)]
    counts = {
        "nan": int(np.isnan(numbers).sum()),
        "posinf": int(np.isposinf(numbers).sum()),
        "neginf": int(np.isneginf(numbers).sum()),
    }
    if finite.size == 0:
        return {"min": None, "max": None, "mean": None, "norm": None, **counts}
    # Scaled by the largest entry, so that neither the mean nor the norm overflows.
    largest = float(np.abs(finite).max()) or 1.0
    scaled = finite / largest
    mean, norm = float(scaled.mean()) * largest, float(np.linalg.norm(scaled)) * largest
    return {
        "min": float(finite.min()),
        "max": float(finite.max()),
        "mean": mean,
        "norm": norm if math.isfinite(norm) else None,
        **counts,
    }


def _preview(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """At most 16 × 16 entries, evenly spaced, of the tensor seen as a matrix."""
    matrix = array.reshape(-1, array.shape[-1])
    rows, columns = (
        np.linspace(0, size - 1, min(size, PREVIEW_SIDE)).round().astype(int)
        for size in matrix.shape
    )
    corner: np.ndarray[Any, Any] = matrix[np.ix_(rows, columns)]
    return corner


def graph_record(program: Any) -> dict[str, Any]:
    """The answer of `graph`: the graph event, which is not part of a stream here, the program as
    text and as data, and the cost."""
    wire = record(program.graph_event)
    del wire["kind"], wire["seq"]
    return {**wire, **both_forms(program.parsed), "cost": program.cost}


def evaluation_record(evaluation: Any) -> dict[str, Any]:
    """The answer of `evaluate`; a node that the output does not depend on maps to null."""
    wire: dict[str, Any] = {"output": evaluation.output}
    for name in ("values", "gradients", "adjoints", "tangents"):
        tensors = getattr(evaluation, name, None)
        if tensors is not None:
            wire[name] = {
                node: None if value is None else tensor(value) for node, value in tensors.items()
            }
    return {**wire, "dtype": evaluation.dtype, "device": evaluation.device}


def example_records() -> list[dict[str, Any]]:
    """The answer of `examples`, in the order of the tutorial."""
    names = ("name", "chapter", "title", "text", "source", "output", "gradient")
    return [{name: getattr(example, name) for name in names} for example in EXAMPLES]


def op_records() -> list[dict[str, Any]]:
    """The answer of `ops`: ops in the order of definition, then blocks."""
    return [asdict(each) for each in catalogue()]
