"""Classes of the snippet: our own records of names, never classes of the host.

A class has one base at most: a class of the snippet, `nn.Module`, or `torch.autograd.Function`.
What it is called with goes to `__init__`; what it cannot find, it asks its base.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.autograd.call import called
from engine.autograd.expressions import closure, evaluate
from engine.autograd.machine import Machine
from engine.autograd.modules import Layer, bound
from engine.autograd.own_functions import apply_function
from engine.autograd.refuse import Raised, refused, unknown
from engine.autograd.scope import Scope
from engine.autograd.values import Closure, Kind, Marked, Native, Record
from engine.eager import Tensor
from engine.eager.modes import Mode

__all__ = ["CLASS_NAMES", "Instance", "UserClass", "define_class", "defined"]

_BASES = ("torch.nn.Module", "torch.autograd.Function", "object")


class UserClass(Record):
    """A class of the snippet: its name, what it inherits from, and what stands in its body."""

    title = "type"

    def __init__(self, name: str, base: UserClass | Kind | None, names: dict[str, Any]) -> None:
        self.name, self.base, self.names = name, base, names

    def chain(self) -> Iterator[UserClass]:
        """Yield the class and those of the snippet above it."""
        above: UserClass | Kind | None = self
        while isinstance(above, UserClass):
            yield above
            above = above.base

    @property
    def root(self) -> str:
        """The class of PyTorch at the top, or ""."""
        last = list(self.chain())[-1].base
        return "" if last is None else last.name

    def find(self, name: str) -> Any:
        """Return what a name means in the class, as it was written; None where it has none."""
        for each in self.chain():
            if name in each.names:
                return each.names[name]
        return None

    def call(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        """Return a new object."""
        if self.root == "torch.autograd.Function":
            raise refused(f"{self.name}(...)", "Call its `apply`, as in `Square.apply(x)`.")
        module = self.root == "torch.nn.Module"
        made: Any = Layer(self.name, kind=self) if module else Instance(self, machine)
        made.machine = machine
        begin = self.find("__init__")
        if begin is not None:
            called(machine, begin, [made, *args], named)
        elif args or named:
            raise Raised("TypeError", f"{self.name}() takes no arguments")
        else:
            made.ready = True
        return made

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        name = node.attr
        if name == "__name__":
            return self.name
        if name == "apply" and self.root == "torch.autograd.Function":
            return Native(name, lambda machine, args, named: apply_function(machine, self, args))
        found = self.find(name)
        if found is None:
            text = f"type object '{self.name}' has no attribute '{name}'"
            raise Raised("AttributeError", text)
        if isinstance(found, Marked):
            return bound(machine, found, None, self) if found.mark != "property" else found
        return found

    def set_attribute(self, machine: Machine, node: ast.Attribute, given: Any) -> None:
        if isinstance(given, Closure):
            raise refused("a method from outside its class", "Write it in the class.", node)
        self.names[node.attr] = given

    def __repr__(self) -> str:
        return f"<class '__main__.{self.name}'>"


class Instance(Record):
    """An object of a class of the snippet."""

    ready = True

    def __init__(self, kind: UserClass, machine: Machine) -> None:
        self.kind, self.machine, self.title = kind, machine, kind.name
        self.names: dict[str, Any] = {}

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        name = node.attr
        if name in self.names:
            return self.names[name]
        if name == "__class__":
            return self.kind
        found = self.kind.find(name)
        if found is None:
            text = f"'{self.title}' object has no attribute '{name}'"
            raise Raised("AttributeError", text)
        return bound(machine, found, self, self.kind)

    def set_attribute(self, machine: Machine, node: ast.Attribute, given: Any) -> None:
        machine.budget.items(len(self.names))
        found = self.kind.find(node.attr)
        if isinstance(found, Marked) and found.mark == "property":
            text = f"property '{node.attr}' of '{self.title}' object has no setter"
            raise Raised("AttributeError", text)
        self.names[node.attr] = given

    def special(self, name: str, *args: Any) -> Any:
        """Return what `__len__`, `__repr__` … of the class gives. Raises TypeError of the snippet
        where it has none."""
        found = self.kind.find(name)
        if found is None:
            raise Raised("TypeError", f"'{self.title}' object has no {name}()")
        return called(self.machine, found, [self, *args], {})

    def call(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        found = self.kind.find("__call__")
        if found is None:
            raise Raised("TypeError", f"'{self.title}' object is not callable")
        return called(machine, found, [self, *args], named)

    def tensors(self, depth: int = 0) -> Iterator[tuple[str, Tensor]]:
        for name, value in self.names.items():
            if isinstance(value, Tensor):
                yield name, value
            elif isinstance(value, Record) and depth < 3:
                for path, each in value.tensors(depth + 1):
                    yield f"{name}.{path}", each

    def text(self, plain: bool) -> str:
        for name in ("__str__", "__repr__") if plain else ("__repr__",):
            if self.kind.find(name) is not None:
                return str(self.special(name))
        return repr(self)

    def __repr__(self) -> str:
        return f"<__main__.{self.title} object at 0x0>"


@dataclass(slots=True, eq=False)
class Super(Record):
    """`super()`: an object, seen from above one of its classes."""

    home: UserClass
    this: Any

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        name, above = node.attr, self.home.base
        found = above.find(name) if isinstance(above, UserClass) else None
        if found is not None:
            return bound(machine, found, self.this, self.home)
        if isinstance(self.this, Layer):
            return self.this.own(machine, node)
        if name == "__init__":
            return Native(name, lambda machine, args, named: None)
        raise Raised("AttributeError", f"'super' object has no attribute '{name}'")


def _super(machine: Machine, args: list[Any], named: dict[str, Any]) -> Super:
    if len(args) == 2:
        return Super(*args)
    scope: Scope | None = machine.scope
    while scope is not None and scope.function is None:
        scope = scope.outer
    home = None if scope is None else scope.function.home
    if scope is None or home is None or not scope.function.args.args:
        raise Raised("RuntimeError", "super(): no arguments")
    return Super(home, scope.names[scope.function.args.args[0].arg])


def _mark(mark: str) -> Native:
    return Native(mark, lambda machine, args, named: Marked(mark, args[0]))


CLASS_NAMES: dict[str, Any] = {
    "super": Native("super", _super),
    "object": Kind("object", None, (object,)),
    **{mark: _mark(mark) for mark in ("staticmethod", "classmethod", "property")},
}
"""What Python has for classes."""


def defined(machine: Machine, node: ast.FunctionDef, name: str) -> Any:
    """Return the function that a `def` makes, with what its decorators put around it."""
    made: Any = closure(machine, name, node.args, node.body)
    for decorator in reversed(node.decorator_list):
        around = evaluate(machine, decorator)
        if isinstance(around, Native):
            around = called(machine, around, [made] if around.name in _MARKS else [], {})
        if isinstance(around, Closure) and around is not made:
            made = called(machine, around, [made], {})
        elif isinstance(around, Mode) and isinstance(made, Closure):
            made.wrap.append(around)
        elif isinstance(around, Marked) or around is made:
            made = around
        else:
            raise refused("this decorator", "Use `@torch.no_grad()`.", decorator)
    return made


_MARKS = ("staticmethod", "classmethod", "property", "once_differentiable")


def define_class(machine: Machine, node: ast.ClassDef) -> None:
    """Bind a class. Its body is run in a scope that its methods do not see."""
    if node.decorator_list or node.keywords:
        remedy = "Write `__init__`, and set the attributes there."
        raise refused("a decorator of a class", remedy, node)
    base = _base(machine, node)
    outside, machine.scope = machine.scope, Scope(machine.scope)
    try:
        for part in node.body:
            _part(machine, part, node.name, outside)
        names = machine.scope.names
    finally:
        machine.scope = outside
    made = UserClass(node.name, base, names)
    for each in names.values():
        function = each.function if isinstance(each, Marked) else each
        if isinstance(function, Closure) and function.name.startswith(f"{node.name}."):
            function.home = made
    machine.assign(ast.Name(node.name, ast.Store()), made)


def _base(machine: Machine, node: ast.ClassDef) -> UserClass | Kind | None:
    found = [evaluate(machine, each) for each in node.bases]
    if not found:
        return None
    known = isinstance(found[0], UserClass) or (
        isinstance(found[0], Kind) and found[0].name in _BASES
    )
    if len(found) > 1 or not known:
        remedy = (
            "Inherit from `nn.Module`, `torch.autograd.Function` or one class of the snippet, and "
            "keep everything else as an attribute."
        )
        raise refused("a class with this base", remedy, node.bases[-1])
    base: UserClass | Kind = found[0]
    return None if isinstance(base, Kind) and base.name == "object" else base


def _part(machine: Machine, part: ast.stmt, owner: str, outside: Scope) -> None:
    machine.budget.spend()
    if isinstance(part, ast.FunctionDef):
        made = defined(machine, part, f"{owner}.{part.name}")
        function = made.function if isinstance(made, Marked) else made
        if isinstance(function, Closure) and function.scope is machine.scope:
            function.scope = outside
        machine.scope.bind(part.name, made)
    elif isinstance(part, ast.Assign):
        value = evaluate(machine, part.value)
        for target in part.targets:
            machine.assign(target, value)
    elif isinstance(part, ast.AnnAssign) and part.value is not None:
        machine.assign(part.target, evaluate(machine, part.value))
    elif not isinstance(part, ast.Pass | ast.AnnAssign | ast.Expr):
        raise unknown("a class", type(part).__name__, (), part)
