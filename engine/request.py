"""A program that was read, its values and its options → a run that is known to fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from engine.backend import Array, Backend
from engine.contract import closed_groups, contract
from engine.errors import EngineError, LimitError, OptionError
from engine.forms.values import tensor_value
from engine.graph import LEAF, Graph, Shape
from engine.infer import Limits, Shapes, check_values, infer
from engine.infer import misfits as shape_errors
from engine.language.parse import Parsed
from engine.options import Options
from engine.sweeps.differentiate import nth_derivative
from engine.sweeps.local import Rules, plan_rules
from engine.sweeps.reverse import schedule
from engine.trace import Run

__all__ = ["Request"]

_WORKING = 3
"""Arrays of the size of the largest P alive beside the P of the nodes: a term, a sum, a factor."""


def _shape_error(option: str, name: str, given: Shape, expected: Shape) -> OptionError:
    told, needed = str(given), str(expected)
    return OptionError("option.shape", option=option, name=name, given=told, expected=needed)


@dataclass(frozen=True, slots=True)
class Request:
    """A program and what is asked of it. Every method raises EngineError for what does not fit."""

    parsed: Parsed
    backend: Backend
    dtype: np.dtype[Any]
    limits: Limits
    nonfinite: bool = False

    def derivative(self, options: Options, names: Sequence[str]) -> tuple[Request, Options]:
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
