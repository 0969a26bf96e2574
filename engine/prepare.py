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
from engine.contract import contract, statements_of
from engine.differentiate import nth_derivative
from engine.errors import LimitError, OptionError
from engine.graph import LEAF, Graph, Shape
from engine.infer import Limits, Shapes, check_values, infer
from engine.local import Rules, plan_rules
from engine.parse import Parsed, parse
from engine.program import Program
from engine.records import from_records
from engine.reverse import schedule
from engine.trace import Run
from engine.values import tensor_value

__all__ = ["DTYPES", "GRANULARITIES", "MODES", "prepare"]

MODES = ("reverse", "forward")
GRANULARITIES = ("statement", "op")
DTYPES = ("float64", "float32")

_WORKING = 3
"""Arrays of the size of the largest P alive beside the P of the nodes: a term, a sum, a factor."""


def prepare(
    source: str | None = None,
    graph: Sequence[Mapping[str, Any]] | None = None,
    *,
    inputs: Mapping[str, object] | None = None,
    output: str | None = None,
    gradient: object = None,
    mode: str = "reverse",
    tangents: Mapping[str, object] | None = None,
    granularity: str = "statement",
    differentiate: Sequence[str] = (),
    dtype: str = "float64",
    device: str = "cpu",
    allow_nonfinite: bool = False,
    limits: Limits | None = None,
) -> Program:
    """Read a program and check it against its values, options and limits; nothing is computed yet.

    source or graph: the program, as text or as records. inputs: values of leaves by name. output:
    a node by name, by default the last one computed. gradient: a weight vector of the output's
    shape. tangents: by leaf name, for forward mode. differentiate: names; the program becomes that
    of the derivative of the output by one after another, as nodes. allow_nonfinite: whether given
    values may hold NaN and ±infinity. Raises EngineError.
    """
    _check_choice("mode", mode, MODES)
    _check_choice("granularity", granularity, GRANULARITIES)
    _check_choice("dtype", dtype, DTYPES)
    where = backend(device)
    limits = limits or Limits()
    parsed = _parsed(source, graph, limits.nodes, allow_nonfinite)
    request = _Request(parsed, where, np.dtype(dtype), limits, allow_nonfinite)
    options = _Options(inputs or {}, output, gradient, mode, tangents or {}, granularity)
    if differentiate:
        request, options = request.derivative(options, differentiate)
    run, shapes = request.run(options)
    asked = (inputs, output, gradient, mode, tangents, granularity, differentiate, dtype)
    return Program(run, shapes, mode, granularity, dtype, _digest(source, graph, *asked))


def _parsed(
    source: str | None, graph: Sequence[Mapping[str, Any]] | None, most: int, nonfinite: bool
) -> Parsed:
    if (source is None) == (graph is None):
        raise OptionError("option.source")
    return from_records(graph or (), most, nonfinite) if source is None else parse(source, most)


def _check_choice(option: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise OptionError(
            "option.invalid", option=option, value=repr(value)[:40], choices=", ".join(choices)
        )


def _digest(*parts: object) -> str:
    """Name a request by its content, so that any worker can serve it."""
    return blake2b(repr(parts).encode(errors="replace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class _Options:
    inputs: Mapping[str, object]
    output: str | None
    gradient: object
    mode: str
    tangents: Mapping[str, object]
    granularity: str


@dataclass(frozen=True, slots=True)
class _Request:
    parsed: Parsed
    backend: Backend
    dtype: np.dtype[Any]
    limits: Limits
    nonfinite: bool = False

    def derivative(self, options: _Options, names: Sequence[str]) -> tuple[_Request, _Options]:
        """The program of the derivative of the output by one node after another."""
        parsed = replace(self.parsed, literal_of=self.given(options.inputs))
        parsed, output = nth_derivative(parsed, options.output, names, self.limits)
        return replace(self, parsed=parsed), replace(options, output=output)

    def run(self, options: _Options) -> tuple[Run, Shapes]:
        fine = self.parsed.graph
        given = self.given(options.inputs)
        given_shapes = {i: value.shape for i, value in given.items()}
        shapes = infer(fine, given_shapes, self.dtype.itemsize, self.limits)
        check_values(fine, given, shapes)
        groups = statements_of(fine) if options.granularity == "statement" else {}
        view = contract(fine, groups)
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
        self, view: Graph, output: int, shapes: Shapes, options: _Options
    ) -> tuple[int, Array | None, dict[int, Array]]:
        """What the second sweep starts from: m (0 in forward mode), weights, tangents."""
        if options.mode == "forward":
            return 0, None, self._tangents(view, options.tangents, shapes)
        shape = shapes.shape_of[view[output].members[-1]]
        if options.gradient is None:
            return self._rows(shape), None, {}
        return 1, self._weights(view[output].name, shape, options.gradient), {}

    def _move(self, value: Array) -> Array:
        return self.backend.xp.asarray(value, dtype=self.dtype)

    def given(self, inputs: Mapping[str, object]) -> dict[int, Array]:
        """The values of leaves and constants, those of `inputs` instead of what is written."""
        graph = self.parsed.graph
        return dict(self.parsed.literal_of) | {
            self._leaf(graph, name, "inputs"): tensor_value(value, "inputs", name, self.nonfinite)
            for name, value in inputs.items()
        }

    def _leaf(self, graph: Graph, name: str, option: str) -> int:
        leaves = ", ".join(node.name for node in graph if node.op == LEAF)[:200]
        if name not in graph.id_of:
            raise OptionError("option.node", option=option, name=name[:60], nodes=leaves)
        if graph[graph.id_of[name]].op != LEAF:
            raise OptionError("option.leaf", option=option, name=name[:60], nodes=leaves)
        return graph.id_of[name]

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
        products = sum(rule.flops for (node, _), rule in rules.items() if node in reached)
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
            raise OptionError(
                "option.shape",
                option="gradient",
                name=name,
                given=str(value.shape),
                expected=str(shape),
            )
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
                raise OptionError(
                    "option.shape",
                    option="tangents",
                    name=name,
                    given=str(tensor.shape),
                    expected=str(expected),
                )
            seeds[leaf] = self._move(tensor)
        return seeds
