"""What can be seen of tensors and of the graph after a statement, and what is different since."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.autograd.events import Executed, NodeState, Pulled, TensorState
from engine.autograd.jacobian import FEW, MOST, jacobians_of, structures_of
from engine.autograd.own_steps import OwnStep
from engine.autograd.refuse import Raised, span_of
from engine.autograd.values import Record, dtype_of
from engine.eager import Tensor
from engine.eager.modes import warn
from engine.eager.node import FREED, Accumulate, Applied, Arithmetic, Custom, Node, Saved

if TYPE_CHECKING:
    from engine.autograd.machine import Machine

__all__ = ["Observer", "kept_by"]

_LARGE = 60_000
"""Entries of large local Jacobians that one run tells."""

_LOOKED, _TOLD = 4, 8
"""Operations that it takes to look at a step of the graph, and at a tensor: they are looked at
after every statement, so what grows in an endless loop is stopped soon."""


class Observer:
    """Remembers what was told last. Numbers of nodes count from 1, in the order they are seen."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.numbers: dict[Any, int] = {}
        self.tensors: dict[str, TensorState] = {}
        self.nodes: dict[int, NodeState] = {}
        self.steps: dict[int, tuple[NodeState, list[int]]] = {}
        self.warned: list[str] = []
        self.holders: dict[int, Tensor] = {}
        self.large = 0

    def warned_of(self, text: str) -> None:
        """Keep a warning for the next event."""
        if len(self.warned) < 8:
            self.warned.append(text)

    def number(self, edge: Any) -> int | None:
        """Return the number of a step, or of the `AccumulateGrad` of a leaf."""
        if edge is None:
            return None
        if isinstance(edge, Accumulate):
            edge = edge.variable
        key = edge.seq if isinstance(edge, Node) else id(edge)
        if isinstance(edge, Tensor):
            self.holders[key] = edge
            key = -1 - key
        return self.numbers.setdefault(key, len(self.numbers) + 1)

    def known(self, record: Any) -> int | None:
        """Return the number of the step at fault, where there is one."""
        return self.number(record) if isinstance(record, Node) else None

    def pulled(self, node: Node, cotangent: Any, parts: Sequence[Any]) -> None:
        """Keep one step of a backward pass for the reader."""
        told, machine = self.machine.limits.told, self.machine
        machine.budget.spend(4)
        if machine.anomaly:
            _look_for_nan(node, parts)
        machine.budget.tensor(sum(_size(part) for part in parts))
        if len(machine.waiting) >= machine.limits.nodes:
            return
        number = self.number(node)
        assert number is not None
        machine.waiting.append(
            Pulled(
                machine.budget.statements,
                number,
                node.name(),
                sum(_bytes(each) for each in kept_by(node)),
                _entries(cotangent, told),
                tuple(self._goal(edge, part) for edge, part in zip(node.edges, parts, strict=True)),
                tuple(_entries(part, told) for part in parts),
                *self._jacobians(node, cotangent),
            )
        )

    def _goal(self, edge: Any, part: Any) -> int | None:
        return None if part is None else self.number(edge)

    def _jacobians(self, node: Node, cotangent: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        data = cotangent._data if isinstance(cotangent, Tensor) else cotangent
        shape = () if type(data) is float else data.shape
        most = MOST if self.large < _LARGE else FEW
        self.machine.budget.spend(min(_size(data), most))
        found = jacobians_of(node, shape, most)
        sizes = [len(rows) * len(rows[0]) for rows in found if rows]
        self.large += sum(size for size in sizes if size > FEW)
        return found, structures_of(node, shape)

    def executed(self, node: ast.stmt) -> Executed:
        """Return the event of a statement that ran."""
        machine = self.machine
        tensors, graph = self._look()
        changed = tuple(s for name, s in tensors.items() if self.tensors.get(name) != s)
        gone = tuple(name for name in self.tensors if name not in tensors)
        known = self.nodes
        grown = tuple(s for n, s in graph.items() if known.get(n) is not s and known.get(n) != s)
        dropped = tuple(number for number in self.nodes if number not in graph)
        self.tensors, self.nodes = tensors, graph
        output, machine.output = "".join(machine.output), []
        warned, self.warned = tuple(self.warned), []
        span, function = span_of(node), machine.functions[-1] if machine.functions else ""
        recording = machine.is_recording()
        step = machine.budget.statements
        return Executed(
            step, span, function, changed, gone, grown, dropped, recording, output, warned
        )

    def _look(self) -> tuple[dict[str, TensorState], dict[int, NodeState]]:
        named = _named(self.machine)
        found: dict[int, tuple[Tensor, list[str]]] = {}
        for name, tensor in named.items():
            found.setdefault(id(tensor), (tensor, []))[1].append(name)
        leaf_name = {key: names[0] for key, (_, names) in found.items()}
        graph, saved = self._graph([tensor for tensor, _ in found.values()], leaf_name)
        self.machine.budget.spend(_TOLD * len(found))
        states = {names[0]: self._tensor(tensor, names, saved) for tensor, names in found.values()}
        return states, graph

    def _tensor(
        self, tensor: Tensor, names: list[str], saved: Mapping[int, list[int]]
    ) -> TensorState:
        told, step = self.machine.limits.told, tensor.grad_fn
        grad = _grad(tensor)
        keepers = [*saved.get(id(tensor), ()), *saved.get(id(tensor._data), ())]
        return TensorState(
            name=names[0],
            names=tuple(names),
            data=_entries(tensor._data, told),
            shape=tensor.shape,
            dtype=dtype_of(tensor).name,
            device=tensor.device,
            requires_grad=tensor.requires_grad,
            is_leaf=tensor.is_leaf,
            has_grad=grad is not None,
            grad=None if grad is None else _entries(grad._data, told),
            retains_grad=tensor.retains_grad,
            grad_fn=None if step is None else step.name(),
            node=self.number(step if step is not None else tensor)
            if tensor.requires_grad
            else None,
            version=0 if tensor.is_inference() else tensor._version,
            saved_by=tuple(dict.fromkeys(keepers)),
        )

    def _graph(
        self, tensors: Sequence[Tensor], leaf_name: Mapping[int, str]
    ) -> tuple[dict[int, NodeState], dict[int, list[int]]]:
        """Return every step that a tensor leads to, and which steps keep which memory."""
        states: dict[int, NodeState] = {}
        saved: dict[int, list[int]] = {}
        stack = [t.grad_fn if t.grad_fn is not None else t for t in tensors if t.requires_grad]
        grads = [_grad(t) for t in tensors]
        stack += [g.grad_fn for g in grads if g is not None and g.grad_fn is not None]
        stack.reverse()  # as they were named, so that numbers are in that order
        while stack and len(states) < self.machine.limits.nodes:
            edge = stack.pop()
            number = self.number(edge)
            if number is None or number in states:
                continue
            if isinstance(edge, Tensor):
                name = leaf_name.get(id(edge))
                states[number] = NodeState(number, "AccumulateGrad", (), "leaf", 0, name)
                continue
            states[number], keys = self._known(edge, number)
            for key in keys:
                saved.setdefault(key, []).append(number)
            stack.extend(each for each in edge.edges if each is not None)
        self.machine.budget.spend(_LOOKED * len(states))
        return states, saved

    def _known(self, node: Node, number: int) -> tuple[NodeState, list[int]]:
        """The state of a step, and what it keeps by identity: made anew only once it is freed."""
        found = self.steps.get(number)
        if found is None or (found[0].state != "freed" and _freed(node)):
            keys = []
            for each in kept_by(node):
                keys += [id(each), id(getattr(each, "_data", None))]
            found = self.steps[number] = (self._node(node, number), keys)
        return found

    def _node(self, node: Node, number: int) -> NodeState:
        kept = kept_by(node)
        size = sum(_bytes(each) for each in kept)
        state = "freed" if _freed(node) else "held" if kept else "empty"
        inputs = tuple(self.number(edge) for edge in node.edges)
        return NodeState(number, node.name(), inputs, state, size, None)  # type: ignore[arg-type]


def _named(machine: Machine) -> dict[str, Tensor]:
    """The tensors that names lead to: directly, in lists, and within objects. Those of objects come
    from outside inwards, so that a weight has the same first name inside a method as outside."""
    found: dict[str, Tensor] = {}
    names = list(machine.scope.all_names())
    plain = [pair for pair in names if not isinstance(pair[1], Record)]
    for name, value in plain + [pair for pair in names[::-1] if isinstance(pair[1], Record)]:
        for path, tensor in _inside(name, value):
            if len(found) >= machine.limits.names:
                return found
            found[path] = tensor
    return found


def _inside(name: str, value: Any) -> Iterator[tuple[str, Tensor]]:
    if isinstance(value, Tensor):
        yield name, value
    elif isinstance(value, list | tuple):
        for index, each in enumerate(value[:32]):
            if isinstance(each, Tensor):
                yield f"{name}[{index}]", each
    elif isinstance(value, Record):
        for path, each in value.tensors():
            yield f"{name}.{path}", each


def _grad(tensor: Tensor) -> Tensor | None:
    """`.grad`, without the warning."""
    if tensor.is_leaf:
        return tensor._grad
    return tensor.grad if tensor.retains_grad else None


def _look_for_nan(node: Node, parts: Sequence[Any]) -> None:
    for slot, part in enumerate(parts):
        data = part._data if isinstance(part, Tensor) else part
        if data is not None and bool(np.isnan(np.asarray(data)).any()):
            name = node.name()
            warn(f"Error detected in {name}.")
            text = f"Function '{name}' returned nan values in its {slot}th output."
            raise Raised("RuntimeError", text, node)


def _size(value: Any) -> int:
    data = value._data if isinstance(value, Tensor) else value
    return 0 if data is None else 1 if type(data) is float else int(data.size)


def _entries(value: Any, most: int) -> Any:
    data = value._data if isinstance(value, Tensor) else value
    if data is None or type(data) is float:
        return data
    if data.size > most:
        return None
    return (data if isinstance(data, np.ndarray) else data.get()).tolist()


def kept_by(node: Node) -> list[Any]:
    """Return the tensors and arrays that a step keeps for its way back."""
    found: list[Any] = []
    if isinstance(node, Applied):
        if node.kept is not FREED:
            found += [each for each in node.kept or () if each is not None]
        if node.output not in (None, FREED):
            found.append(node.output.data)
    elif isinstance(node, Arithmetic):
        found += [each for each in (node.a, node.b) if not isinstance(each, float | str | None)]
    elif isinstance(node, OwnStep):
        found += [each for each in node.saved if each is not None]
    return [each.tensor if isinstance(each, Saved) else each for each in found]


def _freed(node: Node) -> bool:
    if isinstance(node, Applied):
        return node.kept is FREED or node.output is FREED
    if isinstance(node, Arithmetic):
        return node.a is FREED
    if isinstance(node, OwnStep):
        return node.context.freed
    return isinstance(node, Custom) and node.pull is FREED


def _bytes(kept: Any) -> int:
    data = kept._data if isinstance(kept, Tensor) else kept
    return 8 if type(data) is float else int(data.nbytes)
