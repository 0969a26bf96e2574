"""From a request to a program ready to run. Everything that can fail by its input fails here,
before the first event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from math import prod
from typing import Any

import numpy as np

from engine.backend import Array, Backend, backend
from engine.contract import closed_groups, contract
from engine.errors import EngineError, LimitError, OptionError, ShapeError, gathered
from engine.forms.record import Record
from engine.forms.records import from_records
from engine.forms.values import first_shape, tensor_value
from engine.graph import LEAF, Graph, Shape
from engine.infer import Limits, Shapes, check_values, infer
from engine.infer import misfits as shape_errors
from engine.language.parse import Parsed, parse_partial
from engine.language.weigh import Scale
from engine.options import Options
from engine.program import Program
from engine.sweeps.differentiate import nth_derivative
from engine.sweeps.local import Rules, plan_rules
from engine.sweeps.reverse import schedule
from engine.trace import Run

__all__ = ["misfits", "prepare", "program_of", "read", "with_inputs"]

_WORKING = 3
"""Arrays of the size of the largest P alive beside the P of the nodes: a term, a sum, a factor."""


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
    parsed, errors = read(source, graph, options)
    if parsed is None or errors:
        raise gathered([*errors, *(() if parsed is None else misfits(parsed)[0])])
    return program_of(parsed, options, (source, graph))


def read(
    source: str | None, graph: Sequence[Record] | Record | None, options: Options
) -> tuple[Parsed | None, Sequence[EngineError]]:
    """Return what can be read of a program, and what is wrong with the rest. A graph given as
    records is read whole, or raises EngineError."""
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
    )
    return parse_partial(source, most, limits=options.limits, nonfinite=nonfinite, scale=scale)


def misfits(parsed: Parsed) -> tuple[Sequence[EngineError], set[int]]:
    """Return the error of every op that does not fit, and the nodes that none of them leads to."""
    return shape_errors(parsed.graph, {i: v.shape for i, v in parsed.literal_of.items()})


def program_of(parsed: Parsed, options: Options, content: tuple[Any, Any]) -> Program:
    """Return the program of what was read. content: what names it. Raises EngineError."""
    where = backend(options.device)
    request = _Request(
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
        given = _Request(program.parsed, *asked).moved(inputs)
        if any(value.shape != run.given[i].shape for i, value in given.items()):
            return None
        check_values(run.fine, given, program.shapes)
    except EngineError:
        return None
    return program.revalued(given, _digest(*program.content, *options.told()))


def _digest(*parts: object) -> str:
    """Name a request by its content, so that any worker can serve it."""
    return blake2b(repr(parts).encode(errors="replace"), digest_size=16).hexdigest()


def _shape_error(option: str, name: str, given: Shape, expected: Shape) -> OptionError:
    told, needed = str(given), str(expected)
    return OptionError("option.shape", option=option, name=name, given=told, expected=needed)


@dataclass(frozen=True, slots=True)
class _Request:
    parsed: Parsed
    backend: Backend
    dtype: np.dtype[Any]
    limits: Limits
    nonfinite: bool = False

    def derivative(self, options: Options, names: Sequence[str]) -> tuple[_Request, Options]:
        """The program of the derivative of the output by one node after another."""
        parsed = replace(self.parsed, literal_of=self.given(options.inputs))
        parsed, output = nth_derivative(parsed, options.output, names, self.limits)
        return replace(self, parsed=parsed), replace(options, output=output)

    def misfits(self, options: Options) -> Sequence[EngineError]:
        """Every op that does not fit, given the values that were asked for."""
        given = {i: value.shape for i, value in self.given(options.inputs).items()}
        return shape_errors(self.parsed.graph, given)[0]

    def run(self, options: Options) -> tuple[Run, Shapes]:
        fine = self.parsed.graph
        given = self.given(options.inputs)
        written = {i: value.shape for i, value in given.items()}
        shapes = infer(fine, written, self.dtype.itemsize, self.limits)
        check_values(fine, given, shapes)
        whole = options.granularity == "statement"
        view = contract(fine, closed_groups(fine, options.open) if whole else {})
        output = self._output(view, options.output)
        rules = plan_rules(fine, shapes.shape_of, self.parsed.literal_of)
        shape = shapes.shape_of[view[output].members[-1]]
        rows, weights, tangents = self._start(view, output, shapes, options)
        flops, held = self._cost(fine, view[output].members[-1], shapes, rules, rows)
        run = Run(
            fine=fine,
            view=view,
            rules=rules,
            given={i: self._move(value) for i, value in given.items()},
            backend=self.backend,
            dtype=self.dtype,
            output=output,
            order=schedule(view, output),
            output_shape=shape,
            rows=rows,
            weights=weights,
            tangents=tangents,
            flops=flops,
            bytes=held,
        )
        return run, shapes

    def _start(
        self, view: Graph, output: int, shapes: Shapes, options: Options
    ) -> tuple[int, Array | None, dict[int, Array]]:
        """What the second sweep starts from: m (0 in forward mode), weights, tangents."""
        if options.mode == "forward":
            return 0, None, self._tangents(view, options.tangents, shapes)
        shape = shapes.shape_of[view[output].members[-1]]
        if options.gradient is None:
            return self._rows(shape), None, {}
        return 1, self._weights(view[output].name, shape, options.gradient), {}

    def moved(self, inputs: Mapping[str, object]) -> dict[int, Array]:
        """The same on the device and in the precision of the run."""
        return {i: self._move(value) for i, value in self.given(inputs).items()}

    def _move(self, value: Array) -> Array:
        with self.backend.quiet():  # 1e300 in float32 is inf, which the run shows where it stands
            return self.backend.xp.asarray(value, dtype=self.dtype, order="C")

    def given(self, inputs: Mapping[str, object]) -> dict[int, Array]:
        """The values of leaves and constants, those of `inputs` instead of what is written."""
        graph, given = self.parsed.graph, dict(self.parsed.literal_of)
        for name, value in inputs.items():
            leaf = self._leaf(graph, name, "inputs")
            tensor, written = tensor_value(value, "inputs", name, self.nonfinite), given[leaf]
            known = graph[leaf].name
            if known in self.parsed.fixed and not np.array_equal(tensor, written):
                raise OptionError("option.fixed", option="inputs", name=name[:60])
            if known in self.parsed.shaped and tensor.shape != written.shape:
                raise _shape_error("inputs", name, tensor.shape, written.shape)
            given[leaf] = tensor
        return given

    def _leaf(self, graph: Graph, name: str, option: str) -> int:
        found = graph.id_of.get(name)
        if found is not None and graph[found].op == LEAF:
            return found
        leaves = ", ".join(node.name for node in graph if node.op == LEAF)[:200]
        code = "option.node" if found is None else "option.leaf"
        raise OptionError(code, option=option, name=name[:60], nodes=leaves)

    def _output(self, view: Graph, output: str | None) -> int:
        if output is None:
            return len(view)
        if output not in view.id_of:
            nodes = ", ".join(node.name for node in view)[:200]
            raise OptionError("option.node", option="output", name=output[:60], nodes=nodes)
        return view.id_of[output]

    def _rows(self, shape: Shape) -> int:
        rows = prod(shape)
        if rows > self.limits.rows:
            raise LimitError("limit.rows", asked=rows, allowed=self.limits.rows)
        return rows

    def _cost(
        self, fine: Graph, output: int, shapes: Shapes, rules: Rules, rows: int
    ) -> tuple[int, int]:
        """Add the second sweep to the cost of the first: each edge's product; P of every node, and
        what is alive beside them."""
        reached = fine.reaches(output)
        flops_by = {id(rule): rule.flops for rule in {id(r): r for r in rules.values()}.values()}
        products = sum([flops_by[id(rule)] for (node, _), rule in rules.items() if node in reached])
        entries = [prod(shapes.shape_of[i]) for i in reached]
        passes = max(rows, 1)
        held = passes * (sum(entries) + _WORKING * max(entries)) * self.dtype.itemsize
        flops, total = shapes.flops + passes * products, shapes.bytes + held
        for asked, unit, allowed in (
            (flops, "FLOPs", self.limits.flops),
            (total, "bytes", self.limits.bytes),
        ):
            if asked > allowed:
                raise LimitError(
                    "limit.exceeded", asked=asked, unit=unit, limit="an evaluation", allowed=allowed
                )
        return flops, total

    def _weights(self, name: str, shape: Shape, gradient: object) -> Array:
        """The weight vector, in the shape of the output."""
        value = tensor_value(gradient, "gradient", name, self.nonfinite)
        if value.shape != shape:
            raise _shape_error("gradient", name, value.shape, shape)
        return self._move(value)

    def _tangents(
        self, view: Graph, tangents: Mapping[str, object], shapes: Shapes
    ) -> dict[int, Array]:
        if not tangents:
            raise OptionError("option.tangents")
        seeds: dict[int, Array] = {}
        for name, value in tangents.items():
            leaf = self._leaf(view, name, "tangents")
            tensor, expected = (
                tensor_value(value, "tangents", name, self.nonfinite),
                shapes.shape_of[view[leaf].members[-1]],
            )
            if tensor.shape != expected:
                raise _shape_error("tangents", name, tensor.shape, expected)
            seeds[leaf] = self._move(tensor)
        return seeds
