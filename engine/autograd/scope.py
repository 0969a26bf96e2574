"""Names and what they mean: those of a function, of the functions around it, and of the snippet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.autograd.refuse import Raised

__all__ = ["Scope"]


class Scope:
    """The names of one function call, or of the whole snippet. function: the one that is called."""

    def __init__(self, outer: Scope | None = None, local: frozenset[str] = frozenset()) -> None:
        self.outer, self.local = outer, local
        self.names: dict[str, Any] = {}
        self.shared: dict[str, Scope] = {}
        self.function: Any = None

    @property
    def whole(self) -> Scope:
        """The scope of the snippet itself."""
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

    def home(self, name: str) -> Scope | None:
        """Return the scope that knows a name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.shared:
                return scope.shared[name]
            if name in scope.names:
                return scope
            if name in scope.local:
                text = f"cannot access local variable '{name}' where it is not associated with"
                raise Raised("UnboundLocalError", f"{text} a value")
            scope = scope.outer
        return None

    def bind(self, name: str, value: Any) -> None:
        """Give a name a meaning here, or where `global` and `nonlocal` say."""
        self.shared.get(name, self).names[name] = value

    def share(self, name: str, whole: bool) -> None:
        """Let a name mean that of the snippet, or of the functions around."""
        scope = self.whole if whole else self.outer
        if not whole:
            while scope is not None and name not in scope.names:
                scope = scope.outer
        self.shared[name] = scope or self.whole

    def unbind(self, name: str) -> None:
        """Forget a name."""
        found = self.home(name)
        if found is None:
            raise Raised("NameError", f"name '{name}' is not defined")
        del found.names[name]

    def all_names(self) -> Iterator[tuple[str, Any]]:
        """Yield every name that can be seen from here, the inner ones first."""
        scope: Scope | None = self
        seen: set[str] = set()
        while scope is not None:
            for name, value in scope.names.items():
                if name not in seen:
                    seen.add(name)
                    yield name, value
            scope = scope.outer
