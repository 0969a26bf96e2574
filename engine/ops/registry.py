r"""One op, one entry: everything else about an op is derived from its entry here.

An entry states the value (`forward`) and the local derivative in one of two ways:

- `partials`: for an elementwise op, one formula an argument in our own language, over the argument
  names and `out`;
- `subscripts`: for a multilinear op, the einsum subscripts it computes, from which every local
  Jacobian follows:
  labels shared by output and argument are Kronecker deltas, the other arguments are the entries.

From these follow both derivative modes, the structured local Jacobian, the TeX of the rule, the
cost, the reference page and the tests. A second definition of a name, or a missing partial, fails
at import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.backend import Array
from engine.graph import Attributes, Shape

__all__ = ["ALIASES", "ATOM", "OPS", "Misfit", "Op", "define"]

ATOM = 9
"""Binding strength of what never needs parentheses: a name, a call, a fraction bar's inside."""


class Misfit(Exception):
    """Raised by the rules of an op when shapes or attributes do not fit; `infer` adds the place
    and raises ShapeError."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


ShapeRule = Callable[[Sequence[Shape], Attributes], Shape]
Subscripts = Callable[[Sequence[Shape], Attributes], str]


@dataclass(frozen=True, slots=True)
class Op:
    r"""An op of the registry.

    args: argument names. forward: (xp, *inputs, **attrs) → value. tex: template with `{arg}` for
    each argument; tensor_tex: the same where every argument has axes. binding: how strongly the
    TeX holds together (1 sum, 2 product, 4 power, 9 atom); operands: what each argument must
    reach, or be put in parentheses. symbol: the Python operator, if it has one. attrs: accepted
    keywords and their defaults. shape: of the result, where the subscripts do not say it. flops:
    multiplications and additions for each entry of the result (elementwise ops).
    """

    name: str
    args: tuple[str, ...]
    forward: Callable[..., Array]
    tex: str
    doc: str
    partials: tuple[str, ...] = ()
    subscripts: Subscripts | None = None
    shape: ShapeRule | None = None
    tensor_tex: str = ""
    binding: int = ATOM
    operands: tuple[int, ...] = ()
    symbol: str = ""
    attrs: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    flops: int = 1

    @property
    def elementwise(self) -> bool:
        """Whether the op acts entry by entry, with broadcasting."""
        return self.subscripts is None

    @property
    def usage(self) -> str:
        """How the op is written in source text."""
        if self.symbol:
            return (
                f" {self.symbol} ".join(self.args)
                if len(self.args) > 1
                else f"{self.symbol}{self.args[0]}"
            )
        keywords = [f"{name}={default}" for name, default in self.attrs.items()]
        return f"{self.name}({', '.join([*self.args, *keywords])})"


OPS: dict[str, Op] = {}
"""Every op by name, in the order of definition."""

ALIASES: dict[str, str] = {}
"""Other names (NumPy's, PyTorch's) that mean the same op."""


def define(
    name: str, args: str, *, forward: Callable[..., Array], tex: str, doc: str, **rest: Any
) -> Op:
    """Add an op to the registry. args: argument names, separated by spaces; rest: the other fields
    of `Op`.

    Raises ValueError for a second definition or a rule that does not cover every argument.
    """
    names = tuple(args.split())
    op = Op(name, names, forward, tex, doc, **({"operands": (0,) * len(names)} | rest))
    if any(known in OPS or known in ALIASES for known in (name, *op.aliases)):
        raise ValueError(f"op {name} is defined twice")
    if bool(op.partials) == (op.subscripts is not None):
        raise ValueError(f"op {name} must state either partials or subscripts")
    if op.partials and len(op.partials) != len(names):
        raise ValueError(f"op {name} has {len(names)} arguments but {len(op.partials)} partials")
    OPS[name] = op
    ALIASES.update(dict.fromkeys(op.aliases, name))
    return op
