"""From a request to a program ready to run. Everything that can fail by its input fails here,
before the first event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np

from engine.backend import backend
from engine.errors import EngineError, LimitError, OptionError, ShapeError, gathered
from engine.forms.record import Record
from engine.forms.records import from_records
from engine.forms.values import first_shape
from engine.infer import Limits, check_values
from engine.infer import misfits as shape_errors
from engine.language.parse import Parsed, parse_partial
from engine.language.sketch import Sketch
from engine.language.weigh import Scale
from engine.options import Options
from engine.program import Program
from engine.request import Request

__all__ = ["misfits", "prepare", "program_of", "read", "with_inputs"]


def prepare(
    source: str | None = None,
    graph: Sequence[Record] | Record | None = None,
    *,
    inputs: Mapping[str, object] | None = None,
    output: str | None = None,
    gradient: object = None,
    mode: str = "reverse",
    tangents: Mapping[str, object] | None = None,
    granularity: str = "statement",
    open: Sequence[str] = (),
    differentiate: Sequence[str] = (),
    dtype: str = "float64",
    device: str = "cpu",
    allow_nonfinite: bool = False,
    limits: Limits | None = None,
) -> Program:
    """Read a program and check it against its values, options and limits; nothing is computed yet.

    source or graph: the program, as text or as records. inputs: values of leaves by name. output:
    a node by name, by default the one the program calls `backward()` on, or the last one computed.
    gradient: a weight vector of the output's shape. tangents: by leaf name, for forward mode. open:
    names of groups to look into, at granularity "statement". differentiate: names; the program
    becomes that of the derivative of the output by one after another, as nodes. allow_nonfinite:
    whether given values may hold NaN and ±infinity. Raises the first EngineError, with what else is
    wrong in `others`.
    """
    asked = (inputs or {}, output, gradient, mode, tangents or {}, granularity, tuple(open))
    where = (dtype, device, allow_nonfinite, limits or Limits())
    options = Options(*asked, tuple(differentiate), *where)
    options.check()
    return _fitting((source, graph), options)


def _fitting(content: tuple[Any, Any], options: Options) -> Program:
    """Return a program once it is known to fit, before its many random numbers are drawn."""
    sketch = Sketch()
    try:
        program = _prepared(content, options, sketch)
    except EngineError as error:
        if not sketch.unsure or (isinstance(error, LimitError) and not sketch.doubtful):
            raise
    else:
        if not sketch.unsure:
            return program
    return _prepared(content, options)


def _prepared(content: tuple[Any, Any], options: Options, sketch: Sketch | None = None) -> Program:
    parsed, errors = read(*content, options, sketch)
    if parsed is None or errors:
        raise gathered([*errors, *(() if parsed is None else misfits(parsed)[0])])
    return program_of(parsed, options, content)


def read(
    source: str | None,
    graph: Sequence[Record] | Record | None,
    options: Options,
    sketch: Sketch | None = None,
) -> tuple[Parsed | None, Sequence[EngineError]]:
    """Return what can be read of a program, and what is wrong with the rest. sketch: stands for its
    many random numbers. A graph given as records is read whole, or raises EngineError."""
    if (source is None) == (graph is None):
        raise OptionError("option.source")
    most = options.limits.nodes
    if source is None:
        return from_records(graph or (), most, options.allow_nonfinite), ()
    nonfinite = options.allow_nonfinite
    inputs = options.inputs or {}
    scale = Scale(
        np.dtype(options.dtype).itemsize,
        lambda name: first_shape(inputs[name]) if name in inputs else None,
        sketch,
    )
    return parse_partial(source, most, limits=options.limits, nonfinite=nonfinite, scale=scale)


def misfits(parsed: Parsed) -> tuple[Sequence[EngineError], set[int]]:
    """Return the error of every op that does not fit, and the nodes that none of them leads to."""
    return shape_errors(parsed.graph, {i: v.shape for i, v in parsed.literal_of.items()})


def program_of(parsed: Parsed, options: Options, content: tuple[Any, Any]) -> Program:
    """Return the program of what was read. content: what names it. Raises EngineError."""
    where = backend(options.device)
    request = Request(
        parsed, where, np.dtype(options.dtype), options.limits, options.allow_nonfinite
    )
    chosen = replace(options, output=options.output or parsed.output)
    if options.differentiate:
        request, chosen = request.derivative(chosen, options.differentiate)
    try:
        run, shapes = request.run(chosen)
    except ShapeError as error:
        raise gathered([error, *request.misfits(chosen)]) from None
    digest = _digest(*content, *options.told())
    asked = (options.mode, options.granularity, options.dtype, digest, options.open)
    return Program(run, shapes, *asked, request.parsed, content, options)


def with_inputs(program: Program, inputs: Mapping[str, object]) -> Program | None:
    """Return the program with these values for leaves, the others as they are written; what has
    been worked out of it is kept. None where it has to be prepared anew: it is a derivative, a
    value has another shape, or there is something wrong with one."""
    options, run = replace(program.options, inputs=inputs), program.run
    if program.parsed is None or options.differentiate:
        return None
    asked = (run.backend, run.dtype, options.limits, options.allow_nonfinite)
    try:
        given = Request(program.parsed, *asked).moved(inputs)
        if any(value.shape != run.given[i].shape for i, value in given.items()):
            return None
        check_values(run.fine, given, program.shapes)
    except EngineError:
        return None
    return program.revalued(given, _digest(*program.content, *options.told()))


def _digest(*parts: object) -> str:
    """Name a request by its content, so that any worker can serve it."""
    return blake2b(repr(parts).encode(errors="replace"), digest_size=16).hexdigest()
