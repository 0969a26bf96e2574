"""Watching PyTorch: every call of a function on tensors is taken down, with its values, as it is
made, and tried against our own ops at once."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch.autograd.graph import get_gradient_edge
from torch.overrides import TorchFunctionMode, resolve_name
from torch.utils._pytree import tree_flatten

from engine.errors import OptionError
from engine.interop.calls import (
    Result,
    by_token,
    call_of,
    is_composite,
    is_number,
    literal,
    precision,
    running_its_body,
)
from engine.interop.jacobians import (
    Attempt,
    array,
    by_nodes,
    by_rerun,
    is_tensor,
    pulled,
    version,
)
from engine.interop.phrases import Call, Named, Untold, short
from engine.interop.tape import Leaf, Opaque, Step, Tape
from engine.interop.trial import agrees
from engine.interop.wordings import statements

__all__ = ["Recorder"]

_COPIES = frozenset(
    ["contiguous", "to", "float", "double", "cpu", "cuda", "type", "alias", "type_as", "dropout"]
)
"""Calls that may change nothing: then the result is the tensor that was given."""

_ASKED = frozenset(["is_nested", "requires_grad_", "retain_grad", "register_hook", "backward"])


@dataclass(frozen=True, slots=True)
class _Seen:
    """A tensor as it was: its version, and whether it required grad."""

    token: str
    version: int
    grad: bool
    tensor: Any

    def still(self, tensor: Any) -> bool:
        return (self.version, self.grad) == (version(tensor), tensor.requires_grad)


def _is_passed_over(attempt: Attempt) -> bool:
    """Whether a call computes nothing that could be shown."""
    word = short(attempt.name)
    asks = attempt.name.endswith("__get__") and word not in ("T", "mT")
    return asks or word in _ASKED or any(each.is_complex() for each in attempt.copies.values())


def _lines(call: Call, frozen: bool) -> list[str]:
    """Return a call in our language; nothing where there are no words for it."""
    try:
        lines = statements(call)
    except (Untold, TypeError, ValueError, AttributeError, IndexError):
        return []
    if not frozen:
        return lines
    name, _, expression = lines[0].partition(" = ")
    return [f"{name} = detach({expression})"] if len(lines) == len(call.outs) == 1 else []


class Recorder(TorchFunctionMode):  # type: ignore[misc]
    """Keeps what is computed while it is entered. named: names of parameters by `id`; inside: the
    modules being called, outermost first; precision: the least one of what was computed."""

    def __init__(self, named: Mapping[int, str] | None = None) -> None:
        super().__init__()
        self.tape = Tape()
        self.edge_of: dict[str, Any] = {}
        self.inside: list[str] = []
        self._named = named or {}
        self._seen: dict[int, _Seen] = {}
        self._by_edge: dict[tuple[int, int], str] = {}
        self._constants: set[str] = set()
        self.precision = "float64"

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = resolve_name(func) or getattr(func, "__name__", "")
        if name.startswith("torch.autograd."):
            return func(*args, **kwargs)
        if is_composite(func, name):
            with self, running_its_body(func):
                return func(*args, **kwargs)
        attempt = Attempt.before(func, name, args, kwargs)
        if not attempt.copies or _is_passed_over(attempt):
            return func(*args, **kwargs)
        self.look_around()
        tensors = {id(t): t for t in tree_flatten((args, kwargs))[0] if is_tensor(t)}
        said = {key: self._refer(each) for key, each in tensors.items()}
        grad = any(each.requires_grad for each in tensors.values())
        found = func(*args, **kwargs)
        outs = [each for each in tree_flatten(found)[0] if is_tensor(each)]
        if any(each.is_complex() for each in outs):
            return found  # what is real again is opaque
        if outs and any(each.text not in self._constants for each in said.values()):
            self._record(attempt, said, outs, grad)
        return found

    def give(self, tensor: Any, name: str) -> None:
        """Enter an input under its name."""
        if tensor.is_floating_point() and id(tensor) not in self._seen:
            self._leaf(tensor, name)

    def saw(self, tensor: Any) -> bool:
        """Whether a tensor was computed here, or straight from tensors that were."""
        seen = self._seen.get(id(tensor))
        if seen is not None or tensor.grad_fn is None:
            return seen is not None and seen.still(tensor)
        before = tensor.grad_fn.next_functions
        return any((id(node), number) in self._by_edge for node, number in before)

    def token_of(self, tensor: Any) -> str | None:
        """Return the token of a tensor, or None for one that was not seen."""
        seen = self._seen.get(id(tensor))
        if seen is not None and seen.still(tensor):
            return seen.token
        if tensor.grad_fn is None:
            return None
        try:
            return self._unseen(tensor)
        except OptionError:
            return None

    def look_around(self) -> None:
        """Call tensors what the user's own code calls them."""
        frame = sys._getframe(1)
        while frame is not None:
            place = str(frame.f_globals.get("__name__", ""))
            of_function = frame.f_code.co_varnames[:1] == ("ctx",)  # an `autograd.Function`
            if not of_function and not place.startswith(("torch.", "engine.", "contextlib")):
                for name, value in list(frame.f_locals.items()):
                    seen = self._seen.get(id(value)) if is_tensor(value) else None
                    if seen is not None and not name.startswith("_"):
                        self.tape.hint_of.setdefault(seen.token, name)
                if frame.f_code.co_name == "<module>":
                    return
            frame = frame.f_back  # type: ignore[assignment]

    def _refer(self, tensor: Any) -> Named:
        """Return how a tensor is called, and enter it where it is new."""
        seen, shape = self._seen.get(id(tensor)), tuple(tensor.shape)
        if seen is not None and seen.still(tensor):
            return Named(seen.token, shape)
        if not tensor.is_floating_point():
            return Named(literal(tensor), shape)
        if tensor.grad_fn is not None:
            return Named(self._unseen(tensor), shape)
        word = "parameter" if tensor.requires_grad else "constant"
        return Named(self._leaf(tensor, self._named.get(id(tensor), ""), word), shape)

    def _leaf(self, tensor: Any, hint: str, word: str = "input") -> str:
        token = self.tape.token(array(tensor), word)
        self.tape.leaves.append(Leaf(token, tensor.requires_grad))
        if hint:
            self.tape.hint_of[token] = hint
        elif not tensor.requires_grad:
            self._constants.add(token)
        return self._enter(tensor, token)

    def _enter(self, tensor: Any, token: str) -> str:
        if tensor.requires_grad:
            edge = get_gradient_edge(tensor)
            self.edge_of.setdefault(token, edge)
            self._by_edge[id(edge.node), edge.output_nr] = token
        seen = _Seen(token, version(tensor), tensor.requires_grad, tensor)
        self._seen[id(tensor)] = seen
        return token

    def _unseen(self, tensor: Any) -> str:
        """Enter a tensor made where no call was seen, such as by an `autograd.Function`: the step
        of the backward pass says its local Jacobians."""
        edge, value = get_gradient_edge(tensor), array(tensor)
        name = re.sub(r"Backward\d*$", "", str(edge.node.name()).rpartition("::")[2])
        found = by_nodes(edge, value.shape, self._is_known)
        jacobian_of = {self._source(*source): each for source, each in found.items()}
        inputs = tuple(jacobian_of)
        points = tuple(self.tape.value_of[token] for token in inputs)
        opaque = Opaque(name, inputs, points, value, tuple(jacobian_of.values()))
        token = self.tape.token(value, name.lower())
        self.tape.steps.append(Step((token,), inputs, opaque=opaque, note=self._note))
        return self._enter(tensor, token)

    def _is_known(self, source: tuple[Any, int]) -> bool:
        return (id(source[0]), source[1]) in self._by_edge or hasattr(source[0], "variable")

    def _source(self, node: Any, number: int) -> str:
        token = self._by_edge.get((id(node), number))
        return token if token is not None else self._refer(node.variable).text

    @property
    def _note(self) -> str:
        return self.inside[-1] if self.inside else ""

    def _record(
        self, attempt: Attempt, said: Mapping[int, Named], outs: Sequence[Any], grad: bool
    ) -> None:
        """Enter what a call returned. grad: whether any of its arguments requires grad."""
        word, values = short(attempt.name), [array(out) for out in outs]
        key, first = next(iter(said.items()))
        unchanged = word in _COPIES and np.array_equal(values[0], array(attempt.copies[key]))
        if unchanged and outs[0].requires_grad == grad:
            self._enter(outs[0], first.text)
            return
        if precision(outs) != "float64":
            self.precision = "float32"
        results = [
            Result(out, value, self.tape.token(value, word) if is_number(out, outs) else None)
            for out, value in zip(outs, values, strict=True)
        ]
        frozen = grad and not any(out.requires_grad for out in outs)
        step = self._told(attempt, said, results, frozen)
        if step is not None:
            self._keep(step, results)
        elif not frozen:
            for place, result in enumerate(results):
                if result.tensor.requires_grad:
                    self._opaque(attempt, said, place, result)

    def _keep(self, step: Step, results: Sequence[Result]) -> None:
        self.tape.steps.append(step)
        for result in results:
            if result.token is not None:
                self._enter(result.tensor, result.token)

    def _told(
        self,
        attempt: Attempt,
        said: Mapping[int, Named],
        results: Sequence[Result],
        frozen: bool,
    ) -> Step | None:
        """Return a call in our language, if that computes the same. frozen: whether nothing is
        differentiated through it."""
        lines = _lines(call_of(attempt, said, results), frozen)
        text = " ".join(lines)
        used = {named.text for named in said.values() if named.text in text}
        inputs = {token: self.tape.value_of[token] for token in used & set(self.tape.value_of)}
        outs = {each.token: each.value for each in results if each.token is not None}
        weights = [np.cos(np.arange(each.value.size)).reshape(each.value.shape) for each in results]
        rows = [{}] * len(results) if frozen else pulled(attempt, weights)
        gradients = {
            each.token: (weight, by_token(row, said, inputs))
            for each, weight, row in zip(results, weights, rows, strict=True)
            if each.token is not None
        }
        least = precision([each.tensor for each in results])
        if not lines or not outs or not agrees(lines, inputs, outs, gradients, least):
            return None
        return Step(tuple(outs), tuple(inputs), tuple(lines), note=self._note)

    def _opaque(
        self, attempt: Attempt, said: Mapping[int, Named], place: int, result: Result
    ) -> None:
        """Enter a result by its value and its local Jacobians."""
        word, token = short(attempt.name), result.token or self.tape.token(result.value, "value")
        rows = by_rerun(attempt, place, result.value)
        found = by_token(rows, said, self.tape.value_of)
        found = {name: value for name, value in found.items() if value.any()}
        inputs = tuple(found)
        points = tuple(self.tape.value_of[name] for name in inputs)
        if "dropout" in word and len(inputs) == 1 and points[0].shape == result.value.shape:
            mask = self.tape.token(found[inputs[0]], "mask")
            self.tape.leaves.append(Leaf(mask, False))
            lines = (f"{token} = {inputs[0]} * {mask}",)
            step = Step((token,), (inputs[0], mask), lines, note=self._note)
        else:
            opaque = Opaque(word, inputs, points, result.value, tuple(found.values()))
            step = Step((token,), inputs, opaque=opaque, note=self._note)
        self.tape.steps.append(step)
        self._enter(result.tensor, token)
