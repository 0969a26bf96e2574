r"""One op, one entry: everything else about an op is derived from its entry here.

An entry states the value (`forward`) and the local derivative in one of three ways:

- `partials`: for an elementwise op, one formula an argument in our own language, over the argument
  names and `out`; or a function that returns them, where they depend on the keywords;
- `subscripts`: for a multilinear op, the einsum subscripts it computes, from which every local
  Jacobian follows:
  labels shared by output and argument are Kronecker deltas, the other arguments are the entries.

- `jacobian` and `vjps`: for any other op, a function that builds the structured local Jacobian, and
  for each argument its cotangent as a formula over the arguments, `out` and the cotangent `g` of
  the result. `{axis}` in such a formula stands for the value of that keyword, `{x_shape}` and
  `{out_shape}` for shapes.

- `weights` and `reduces`: for an op whose result sums or otherwise merges entries along some axes,
  one formula an argument for ∂out/∂argument, entry by entry; `out` keeps the merged axes with
  size 1.

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
from engine.jacobians.jacobian import Jacobian

__all__ = ["ALIASES", "ATOM", "OPS", "Misfit", "Op", "Point", "broadcast_shape", "define"]

ATOM = 9
"""Binding strength of what never needs parentheses: a name, a call, a fraction bar's inside."""


class Misfit(Exception):
    """Raised by the rules of an op when shapes or attributes do not fit; `infer` adds the place
    and raises ShapeError."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def broadcast_shape(op: str, shapes: Sequence[Shape]) -> Shape:
    """Return the shape that `shapes` broadcast to. Raises Misfit in the name of `op`."""
    rank = max(len(shape) for shape in shapes)
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    result = []
    for sizes in zip(*padded, strict=True):
        wide = {size for size in sizes if size != 1}
        if len(wide) > 1:
            raise Misfit("shape.broadcast", op=op, left=str(shapes[0]), right=str(shapes[-1]))
        result.append(wide.pop() if wide else 1)
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Point:
    """Where a local Jacobian is taken: the arrays and attributes of one node."""

    xp: Any
    dtype: Any
    inputs: Sequence[Array]
    out: Array
    attrs: Attributes


ShapeRule = Callable[[Sequence[Shape], Attributes], Shape]
Subscripts = Callable[[Sequence[Shape], Attributes], str]
JacobianRule = Callable[[Point, int], Jacobian]
PartialRule = Callable[[Attributes], Sequence[str]]
TexRule = Callable[[Shape, Shape, Attributes], Sequence[str]]
"""(shape of the argument, shape of the result, attributes) → one template an argument; beside the
attributes stands, for each argument that may be left out, whether it is there."""

TemplateRule = Callable[[Sequence[int], Attributes], str]
"""(ranks of the arguments, attributes) → template."""

VjpRule = Callable[[int, Sequence[Shape], Attributes], str]
ReduceRule = Callable[[Sequence[Shape], Attributes], tuple[Shape, set[int]]]
CostRule = Callable[[Sequence[Shape], Attributes], int]
CheckRule = Callable[[Sequence[Shape], Attributes, Sequence[Array | None]], None]


@dataclass(frozen=True, slots=True)
class Op:
    r"""An op of the registry.

    args: argument names. forward: (xp, *inputs, **attrs) → value. tex: template with `{arg}` for
    each argument, `{arg_T}` for its transpose, and `{key}` for any attribute; or a function that
    returns it, where it depends on ranks or attributes.
    binding: how strongly the TeX holds together (1 sum, 2 product, 4 power, 9 atom); operands: what
    each argument must reach, or be put in parentheses. symbol: the Python operator, if it has one.
    attrs: accepted keywords and their defaults. numpy_attrs: what they are behind the prefix `np.`,
    where NumPy's defaults differ. shape: of the result, where the rule does not say it. flops:
    multiplications and additions for each entry of the result, or a rule for all of them. units:
    for each argument of a binary op, the number that leaves the other one as it is; absorbs: the
    number that makes the result that number, in any argument. inert: arguments nothing is
    differentiated by, such as a condition or an index. check: raises Misfit for given values that
    it cannot take, such as an index out of range; None stands for a value not known yet. optional:
    how many of the last arguments may be left out. variadic:
    whether the last argument may be given any number of times, as a list. collects: whether the
    first attribute takes all positions that follow, as in `reshape(x, 2, 3)`. order: names of
    arguments and attributes by position, where attributes stand between arguments. fixed: whether
    the Jacobian of a general op depends on shapes and attributes alone. absent: numbers for
    arguments that may be left out. reduces: the shape the arguments broadcast to, and its
    merged axes. kink: (xp, *inputs, **attrs) → whether the op has no derivative there, and
    PyTorch's convention is used. gate: whether a partial of exactly 0 lets nothing through, not
    even infinity, as PyTorch's masks do not. guarded: whether equalities in the rules are that
    convention, so that the formulas shown leave them out. jacobian_tex: of a general op, one
    template an argument, with `{arg}`, `{arg_T}` and `{out}`. grad_fn: PyTorch's name of the
    backward node, where it is not the op's own name. example: a call that works for 2 × 2 matrices,
    where the argument names alone do not make one.
    """

    name: str
    args: tuple[str, ...]
    forward: Callable[..., Array]
    tex: str | TemplateRule
    doc: str
    partials: tuple[str, ...] | PartialRule = ()
    subscripts: Subscripts | None = None
    jacobian: JacobianRule | None = None
    vjps: tuple[str, ...] | VjpRule = ()
    weights: tuple[str, ...] | VjpRule = ()
    reduces: ReduceRule | None = None
    shape: ShapeRule | None = None
    check: CheckRule | None = None
    inert: tuple[str, ...] = ()
    optional: int = 0
    variadic: bool = False
    collects: bool = False
    order: tuple[str, ...] = ()
    fixed: bool = False
    absent: Mapping[str, float] = field(default_factory=dict)
    kink: Callable[..., Any] | None = None
    gate: bool = False
    guarded: bool = False
    jacobian_tex: tuple[str, ...] | TexRule = ()
    grad_fn: str = ""
    example: str = ""
    binding: int = ATOM
    operands: tuple[int, ...] = ()
    units: tuple[float | None, ...] = ()
    absorbs: float | None = None
    symbol: str = ""
    attrs: Mapping[str, Any] = field(default_factory=dict)
    numpy_attrs: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    flops: int | CostRule = 1

    @property
    def elementwise(self) -> bool:
        """Whether the op acts entry by entry, with broadcasting."""
        return bool(self.partials)

    def template(self, ranks: Sequence[int], attrs: Attributes) -> str:
        """Return the TeX of the value, with `{arg}` for the arguments, which have these ranks."""
        return self.tex(ranks, {**self.attrs, **attrs}) if callable(self.tex) else self.tex

    def jacobian_templates(
        self, in_shape: Shape, out_shape: Shape, attrs: Attributes, given: int
    ) -> Sequence[str]:
        """Return the TeX of the local Jacobian by each argument; empty where others rules say it.

        in_shape: of the argument that is asked for; given: how many arguments there are.
        """
        told = self.jacobian_tex
        if not callable(told):
            return told
        least = len(self.args) - self.optional
        present = {name: least + i < given for i, name in enumerate(self.args[least:])}
        return told(in_shape, out_shape, {**self.attrs, **attrs, **present})

    def argument(self, slot: int) -> str:
        """The name of the argument in a slot; a variadic one is numbered, `x0`, `x1` …"""
        if not self.variadic:
            return self.args[slot]
        fixed = len(self.args) - 1
        return self.args[slot] if slot < fixed else f"{self.args[-1]}{slot - fixed}"

    def partial(self, slot: int, attrs: Attributes) -> str:
        """Return the formula of the partial by one argument of an elementwise op."""
        known = {**self.attrs, **attrs}
        texts = self.partials(known) if callable(self.partials) else self.partials
        return texts[slot].format(**known)

    def vjp(self, slot: int, shapes: Sequence[Shape], out_shape: Shape, attrs: Attributes) -> str:
        """Return the formula of the cotangent of one argument of a general op."""
        text = self.vjps(slot, shapes, attrs) if callable(self.vjps) else self.vjps[slot]
        named = {f"{self.argument(i)}_shape": shape for i, shape in enumerate(shapes)}
        return text.format(**{**self.attrs, **attrs}, **named, out_shape=out_shape)

    def weight(self, slot: int, shapes: Sequence[Shape], attrs: Attributes) -> str:
        """Return the formula of ∂out/∂argument, entry by entry, of an op that reduces."""
        known = {**self.attrs, **attrs}
        if callable(self.weights):
            return self.weights(slot, shapes, known)
        return self.weights[slot].format(**known)

    @property
    def usage(self) -> str:
        """How the op is written in source text."""
        if self.example:
            return self.example
        if self.symbol:
            return (
                f" {self.symbol} ".join(self.args)
                if len(self.args) > 1
                else f"{self.symbol}{self.args[0]}"
            )
        keywords = [f"{name}={default!r}" for name, default in self.attrs.items()]
        return f"{self.name}({', '.join([*self.args, *keywords])})"


OPS: dict[str, Op] = {}
"""Every op by name, in the order of definition."""

ALIASES: dict[str, str] = {}
"""Other names (NumPy's, PyTorch's) that mean the same op."""


def define(
    name: str,
    args: str,
    *,
    forward: Callable[..., Array],
    tex: str | TemplateRule,
    doc: str,
    **rest: Any,
) -> Op:
    """Add an op to the registry. args: argument names, separated by spaces; rest: the other fields
    of `Op`.

    Raises ValueError for a second definition or a rule that does not cover every argument.
    """
    names = tuple(args.split())
    op = Op(name, names, forward, tex, doc, **({"operands": (0,) * len(names)} | rest))
    if any(known in OPS or known in ALIASES for known in (name, *op.aliases)):
        raise ValueError(f"op {name} is defined twice")
    rules = [op.partials, op.subscripts, op.jacobian, op.weights]
    if sum(bool(rule) for rule in rules) != 1:
        raise ValueError(f"op {name} must state its partials, its subscripts or its jacobian")
    if bool(op.weights) != (op.reduces is not None):
        raise ValueError(f"op {name} must state weights and reduces together")
    if (op.jacobian is not None) != bool(op.vjps):
        raise ValueError(f"op {name} must state jacobian and vjps together")
    if (op.variadic or ... in op.attrs.values()) and not op.example:
        raise ValueError(f"op {name} needs an example")
    if isinstance(op.partials, tuple) and len(op.partials) not in (0, len(names)):
        raise ValueError(f"op {name} has {len(names)} arguments but {len(op.partials)} partials")
    OPS[name] = op
    ALIASES.update(dict.fromkeys(op.aliases, name))
    return op
