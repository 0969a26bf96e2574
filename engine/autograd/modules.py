"""`nn.Module`: weights, buffers, layers within, and attributes of the snippet, in one record."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from engine.autograd.call import called
from engine.autograd.machine import Machine
from engine.autograd.module_state import KEYED, LISTED, METHODS
from engine.autograd.refuse import Raised, unknown
from engine.autograd.values import Closure, Kind, Marked, Native, Record, python_name
from engine.eager import Tensor
from engine.eager.hooks import RemovableHandle

__all__ = ["Layer", "bound", "is_parameter", "parameter"]

_number = count()
_LISTED = ("Sequential", "ModuleList")


def parameter(value: Tensor, requires_grad: bool = True) -> Tensor:
    """Return a leaf over the same memory that belongs to a layer."""
    made = value.detach()
    made._extra = {"parameter": True}
    return made.requires_grad_(requires_grad)


def is_parameter(tensor: Any) -> bool:
    """Whether a value was made by `nn.Parameter`."""
    return isinstance(tensor, Tensor) and bool((tensor._extra or {}).get("parameter"))


def bound(machine: Machine, found: Any, this: Any, kind: Any) -> Any:
    """Return what a class has under a name, as an object sees it: a function becomes a method."""
    if isinstance(found, Marked):
        if found.mark == "property":
            return called(machine, found.function, [this], {})
        if found.mark == "staticmethod":
            return found.function
        this, found = kind, found.function
    if not isinstance(found, Closure):
        return found
    name = found.name.rpartition(".")[2]
    return Native(name, lambda machine, args, named: called(machine, found, [this, *args], named))


class Layer(Record):
    """A layer: its weights, its buffers, and the layers within (parts). kind: the class of the
    snippet that it is of, if any. names: other attributes. run: what one of PyTorch's computes."""

    def __init__(self, title: str, told: str = "", kind: Any = None) -> None:
        self.title, self.told, self.kind = title, told, kind
        self.ready = kind is None
        self.weights: dict[str, Tensor | None] = {}
        self.buffers: dict[str, Tensor | None] = {}
        self.parts: dict[str, Any] = {}
        self.names: dict[str, Any] = {}
        self.hooks: dict[int, Any] = {}
        self.before: dict[int, Any] = {}
        self.unsaved: set[str] = set()
        self.training = True
        self.machine: Any = None
        self.run: Callable[..., Any] | None = None

    def call(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        """Return the layer's value, its hooks called before and after."""
        for hook in list(self.before.values()):
            found = called(machine, hook, [self, tuple(args)], {})
            if found is not None:
                args = list(found) if isinstance(found, tuple) else [found]
        value = self.forward(machine, args, named)
        for hook in list(self.hooks.values()):
            found = called(machine, hook, [self, tuple(args), value], {})
            value = value if found is None else found
        return value

    def forward(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        """Return the layer's value."""
        if self.kind is not None and self.kind.find("forward") is not None:
            return called(machine, bound(machine, self.kind.find("forward"), self, self.kind), args,
                          named)  # fmt: skip
        if self.run is not None or (self.title == "Sequential" and self.kind is None):
            args = self._values(args, dict(named))
        if self.run is not None:
            return self.run(machine, self, *args)
        if self.title != "Sequential" or self.kind is not None:
            text = f'Module [{self.title}] is missing the required "forward" function'
            raise Raised("NotImplementedError", text)
        (value,) = args
        for part in self.parts.values():
            value = called(machine, part, [value], {})
        return value

    def _values(self, args: list[Any], named: dict[str, Any]) -> list[Any]:
        """What the layer is a function of, by place. Raises TypeError of the snippet."""
        found, title = [*args], f"{self.title}.forward()"
        found += [named.pop(each) for each in ("input", "target")[len(args) :] if each in named]
        if named:
            text = f"{title} got an unexpected keyword argument '{next(iter(named))}'"
            raise Raised("TypeError", text)
        if not found:
            text = f"{title} missing 1 required positional argument: 'input'"
            raise Raised("TypeError", text)
        return found

    @property
    def layers(self) -> Any:
        """What a loop goes through. Raises AttributeError where there is no order."""
        if self.title == "ModuleDict":
            return dict(self.parts)
        if self.title == "ParameterList":
            return list(self.weights.values())
        if self.title not in _LISTED or self.kind is not None:
            raise AttributeError(f"'{self.title}' object is not iterable")
        return list(self.parts.values())

    def modules(self, prefix: str = "") -> Iterator[tuple[str, Layer]]:
        """Yield this layer and those within, each once, with a point between names."""
        seen: set[int] = set()
        stack: list[tuple[str, Any]] = [(prefix, self)]
        while stack:
            path, each = stack.pop()
            if id(each) not in seen:
                seen.add(id(each))
                yield path, each
                inner = [(f"{path}.{n}" if path else n, p) for n, p in each.parts.items() if p]
                stack.extend(reversed(inner))

    def named_parameters(self, prefix: str = "", recurse: bool = True) -> Iterator[Any]:
        """Yield the weights with their names, each once."""
        yield from self._named("weights", prefix, recurse)

    def named_buffers(self, prefix: str = "", recurse: bool = True) -> Iterator[Any]:
        """Yield the buffers with their names, each once."""
        yield from self._named("buffers", prefix, recurse)

    def _named(self, what: str, prefix: str, recurse: bool) -> Iterator[tuple[str, Tensor]]:
        seen: set[int] = set()
        for path, layer in self.modules(prefix) if recurse else [(prefix, self)]:
            for name, each in getattr(layer, what).items():
                if each is not None and id(each) not in seen:
                    seen.add(id(each))
                    yield f"{path}.{name}" if path else name, each

    def tensors(self, depth: int = 0) -> Iterator[tuple[str, Tensor]]:
        yield from self.named_parameters()
        yield from self.named_buffers()
        for path, layer in self.modules():
            for name, each in layer.names.items():
                if isinstance(each, Tensor):
                    yield f"{path}.{name}" if path else name, each

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        name = node.attr
        if name in self.names:
            return self.names[name]
        found = None if self.kind is None else self.kind.find(name)
        if found is not None:
            return bound(machine, found, self, self.kind)
        return self.own(machine, node)

    def own(self, machine: Machine, node: ast.Attribute) -> Any:
        """Return an attribute that PyTorch's own class gives."""
        name = node.attr
        for several in (self.weights, self.buffers, self.parts):
            if name in several:
                return several[name]
        if name == "training":
            return self.training
        if name == "__class__":
            return self.kind or Kind(f"torch.nn.{self.title}", None, (Layer,))
        if name == "forward":
            return Native(name, self.forward)
        methods = METHODS | _EXTRA.get(self.title if self.kind is None else "", {})
        if name in methods:
            method = methods[name]
            return Native(name, lambda machine, args, named: method(machine, self, *args, **named))
        if name in _REAL:
            raise unknown(self.title, name, [*self.weights, *METHODS], node)
        raise Raised("AttributeError", f"'{self.title}' object has no attribute '{name}'")

    def hang(self, hook: Any, before: bool = False) -> RemovableHandle:
        """Call `hook` with every value, or with the arguments before it."""
        number, hooks = next(_number), self.before if before else self.hooks
        hooks[number] = hook
        return RemovableHandle(hooks, number)

    def set_attribute(self, machine: Machine, node: ast.Attribute, given: Any) -> None:
        machine.budget.items(len(self.names) + len(self.weights) + len(self.parts))
        self.put(node.attr, given)

    def put(self, name: str, given: Any) -> None:
        """Set a weight, a layer within, a buffer, or any other attribute, by what is given."""
        if name == "training":
            self.training = bool(given)
        elif is_parameter(given):
            self._begun("parameters")
            self._forget(name)
            self.weights[name] = given
        elif name in self.weights:
            self._replace(self.weights, name, given, "parameter", "torch.nn.Parameter")
        elif isinstance(given, Layer):
            self._begun("module")
            self._forget(name)
            self.parts[name] = given
        elif name in self.parts:
            self._replace(self.parts, name, given, "child module", "torch.nn.Module")
        elif name in self.buffers:
            fits = given is None or isinstance(given, Tensor)
            expected = "torch.nn.Buffer, torch.Tensor"
            self._replace(self.buffers, name, given, "buffer", expected, fits)
        else:
            self.names[name] = given

    def _begun(self, what: str) -> None:
        if not self.ready:
            text = f"cannot assign {what} before Module.__init__() call"
            raise Raised("AttributeError", text)

    def _forget(self, name: str) -> None:
        for several in (self.weights, self.buffers, self.parts, self.names):
            several.pop(name, None)

    def _replace(
        self, several: Any, name: str, given: Any, role: str, expected: str, fits: bool = False
    ) -> None:
        if given is not None and not fits:
            kind = _type_of(given)
            text = f"cannot assign '{kind}' as {role} '{name}' ({expected} or None expected)"
            raise Raised("TypeError", text)
        several[name] = given

    def text(self, plain: bool) -> str:
        told = self.told
        if self.kind is not None and self.kind.find("extra_repr") is not None:
            method = bound(self.machine, self.kind.find("extra_repr"), self, self.kind)
            told = str(called(self.machine, method, [], {}))
        if not self.parts:
            return f"{self.title}({told})"
        lines = [told] if told else []
        lines += _compressed(self) if self.title == "ModuleList" else [
            f"({name}): " + repr(part) for name, part in self.parts.items()
        ]  # fmt: skip
        inner = [line.replace("\n", "\n  ") for line in lines]
        return f"{self.title}(\n  " + "\n  ".join(inner) + "\n)"

    def __repr__(self) -> str:
        return self.text(False)


def _compressed(several: Layer) -> list[str]:
    """Equal neighbours of a ModuleList are told once."""
    runs: list[list[Any]] = []
    for at, part in enumerate(several.parts.values()):
        told = repr(part)
        if runs and runs[-1][2] == told:
            runs[-1][1] = at
        else:
            runs.append([at, at, told])
    return [
        f"({a}): {told}" if a == b else f"({a}-{b}): {b - a + 1} x {told}" for a, b, told in runs
    ]


def _type_of(value: Any) -> str:
    if isinstance(value, Tensor):
        return {"float64": "torch.DoubleTensor", "int64": "torch.LongTensor"}.get(
            str(value.dtype), "torch.FloatTensor"
        )
    return python_name(value)


_EXTRA = {"ModuleList": LISTED, "ParameterList": LISTED, "Sequential": LISTED, "ModuleDict": KEYED}
_REAL = frozenset({"half", "bfloat16", "cuda", "compile", "share_memory", "get_parameter", "type"})
_REAL |= {"register_full_backward_hook", "register_full_backward_pre_hook", "get_buffer"}
_REAL |= {"register_backward_hook", "get_submodule", "set_submodule", "to_empty"}
"""What PyTorch's layers have, and ours have not."""
