"""The registry of ops under PyTorch's names, and the few whose calls PyTorch words otherwise.

Every function here is called as (machine, positional, by name); the tensor comes first, so that the
same function is a method too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.autograd.choosing import CHOOSING, chosen, one_hot
from engine.autograd.composed import COMPOSED, JOINING, cosine_similarity
from engine.autograd.dropping import dropout, dropout2d
from engine.autograd.losses import LOSSES
from engine.autograd.machine import Machine
from engine.autograd.misuse import check
from engine.autograd.pieces import Call, boxed, chunk, first, split, titled, unbind, underivable
from engine.autograd.precision import PRODUCTS, same_precision
from engine.autograd.refuse import Raised, refused
from engine.autograd.values import DType, Named, Size, python_name
from engine.eager import Tensor
from engine.eager.methods import functions
from engine.eager.tensor import settle
from engine.ops import ALIASES, OPS

__all__ = ["BOTH", "FUNCTIONAL", "IN_PLACE", "METHODS_ONLY", "TORCH_ONLY", "Call", "operation"]

_EAGER = functions()

_BOTH = """abs absolute acos acosh add adjoint amax amin arccos arccosh arcsin arcsinh arctan
arctan2 arctanh argmax argmin argsort asin asinh atan atan2 atanh bmm broadcast_to ceil cholesky
clamp clip copysign cos cosh cumprod cumsum det diag diagonal digamma dot eq erf erfc
exp exp2 expm1 fix flatten flip float_power floor floor_divide fmod gather ge ger greater
greater_equal gt hardshrink hypot index_select inner inverse kron le lerp less less_equal lgamma
log log10 log1p log2 log_softmax logaddexp logdet logical_and logical_not logical_or logit
logsumexp lt masked_fill matmul maximum mean minimum mm moveaxis movedim mul multiply mv ne neg
negative not_equal outer permute polygamma pow prod ravel reciprocal relu remainder
repeat_interleave reshape roll round rsqrt sgn sigmoid sign sin sinh softmax sqrt
square squeeze sub subtract sum swapaxes swapdims t take tan tanh tile trace tril triu true_divide
trunc unsqueeze vdot xlogy"""
_TORCH = """bilinear rms_norm instance_norm celu tensordot conv1d conv2d embedding
conv_transpose1d conv_transpose2d selu layer_norm group_norm einsum batch_norm"""
_FUNCTIONAL = """avg_pool1d avg_pool2d batch_norm bilinear celu conv1d conv2d
conv_transpose1d conv_transpose2d cross_entropy elu embedding
gelu group_norm hardshrink hardsigmoid hardswish hardtanh hinge_embedding_loss huber_loss
instance_norm kl_div l1_loss layer_norm leaky_relu linear log_softmax logsigmoid max_pool1d
max_pool2d mish mse_loss nll_loss normalize pad relu relu6 rms_norm selu sigmoid silu
smooth_l1_loss soft_margin_loss softmax softmin softplus softshrink softsign tanh tanhshrink"""
_IN_PLACE = """abs_ acos_ add_ asin_ atan_ ceil_ clamp_ clip_ cos_ cosh_ div_ divide_ erf_ exp_
exp2_ expm1_ floor_ lerp_ log_ log10_ log1p_ log2_ masked_fill_ mul_ multiply_ neg_ pow_
reciprocal_ relu_ remainder_ round_ rsqrt_ sigmoid_ sign_ sin_ sinh_ sqrt_ square_ sub_ subtract_
tan_ tanh_ trunc_"""
IN_PLACE = tuple(_IN_PLACE.split())


_FIXED = {"ceil_mode": False, "count_include_pad": True, "divisor_override": None}
"""Arguments of pooling that have no other value here."""

_SCALED = frozenset({"add", "sub", "subtract"})
_VIEWS = frozenset({"view", "reshape", "unsqueeze", "expand", "squeeze", "flatten", "ravel"})


def operation(name: str) -> Call:
    """Return an op of the registry as a function of the snippet."""
    function, op = _EAGER[name], OPS[ALIASES.get(name, name)]
    alone = not op.variadic and name not in ("where", "embedding", "einsum")

    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        given = {key: value for key, value in named.items() if not _is_usual(key, value)}
        if alone and "input" not in given and "x" not in given:
            first(args, name)
        if name in _VIEWS:
            boxed(args)
        check(name, args, given)
        if name in PRODUCTS:
            same_precision(name, [*args, *given.values()])
        if given.pop("inplace", False):
            return _over(args[0], name)
        dtype = given.pop("dtype", None)
        if name in _SCALED and "alpha" in given:
            args = [args[0], args[1] * given.pop("alpha")]
        found = function(
            *[_plain(each) for each in args], **{k: _plain(v) for k, v in given.items()}
        )
        return found.to(dtype.numpy) if isinstance(dtype, DType) else found

    return call


def _is_usual(name: str, value: Any) -> bool:
    """Whether an argument says what holds anyway. Raises SourceError for one that cannot change."""
    if name in _FIXED and value != _FIXED[name]:
        raise refused(f"{name}={value}", "Leave it out, and pad or slice the tensor before.")
    return name in _FIXED or (value is None and name == "weight")


def _over(x: Tensor, name: str) -> Tensor:
    """Write the result over the tensor. Raises SourceError where there is no such method."""
    if f"{name}_" not in IN_PLACE:
        raise refused("inplace=True", "Write `y = ...`: the result is a new tensor.")
    found: Tensor = getattr(x, f"{name}_")()
    return found


def _plain(value: Any, depth: int = 0) -> Any:
    """An argument as our tensors take it. Raises TypeError of the snippet for what is no number."""
    if isinstance(value, list | tuple) and depth < 4:
        for each in value:
            _plain(each, depth + 1)
    elif not isinstance(value, Tensor | bool | int | float | str | DType | None):
        text = f"a tensor or number is needed, not {python_name(value)}"
        raise Raised("TypeError", text)
    return value.numpy if isinstance(value, DType) else value


def _dims(args: list[Any], named: dict[str, Any]) -> tuple[Any, bool]:
    """`dim` and `keepdim`, by place or by name."""
    dim = args[1] if len(args) > 1 else named.get("dim", named.get("axis"))
    keep = args[2] if len(args) > 2 else named.get("keepdim", False)
    return dim, bool(keep)


def _extremum(name: str) -> Call:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        x = first(args, name)
        other = args[1] if len(args) > 1 else named.get("other")
        if isinstance(other, Tensor):
            return _EAGER[f"{name}imum"](x, other)
        dim, keep = _dims(args, named)
        check(name, args, named)
        if dim is None:
            return _EAGER[name](x)
        values = _EAGER[name](x, dim=dim, keepdim=keep)
        return Named.of(name, values=values, indices=_EAGER[f"arg{name}"](x, dim=dim, keepdim=keep))

    return call


def _median(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x, (dim, keep) = first(args, "median"), _dims(args, named)
    if dim is None:
        return _EAGER["median"](x)
    values = _EAGER["median"](x, dim=dim, keepdim=keep)
    wide = values if keep else values.unsqueeze(dim)
    places = x.eq(wide).to(np.int64).argmax(dim=dim, keepdim=keep)
    return Named.of("median", values=values, indices=places)


def _sort(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "sort")
    dim = args[1] if len(args) > 1 else named.get("dim", -1)
    down = bool(args[2] if len(args) > 2 else named.get("descending", False))
    order = _EAGER["argsort"](x, dim=dim, descending=down)
    values = _EAGER["sort"](x, dim=dim, descending=down)
    return Named.of("sort", values=values, indices=order)


def _spread(name: str) -> Call:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        x, rest = first(args, name), dict(named)
        check(name, args, named)
        unbiased = rest.pop("unbiased", None)
        if len(args) > 1 and isinstance(args[1], bool):
            unbiased, args = args[1], args[:1]
        if unbiased is not None:
            rest["correction"] = int(unbiased)
        dim, keep = _dims(args, rest)
        return _EAGER[name](x, dim=dim, keepdim=keep, correction=rest.get("correction", 1))

    return call


def _transpose(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "transpose")
    one, other = [*args[1:], *(named[key] for key in ("dim0", "dim1") if key in named)]
    return titled(_EAGER["swapaxes"](x, one, other), "TransposeBackward0")


def _t(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "t")
    if x.ndim > 2:
        text = f"t() expects a tensor with <= 2 dimensions, but self is {x.ndim}D"
        raise Raised("RuntimeError", text)
    whole = _EAGER["transpose"](x) if x.ndim == 2 else _EAGER["reshape"](x, tuple(x.shape))
    return titled(whole, "TBackward0")


def _norm(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "norm")
    check("norm", args, {})
    p = args[1] if len(args) > 1 else named.get("p", named.get("ord", 2))
    p = {"fro": 2, None: 2}.get(p, p) if isinstance(p, str | None) else p
    dim, keep = _dims(args[1:], named)
    return titled(_EAGER["norm"](x, p=p, dim=dim, keepdim=keep), "LinalgVectorNormBackward0")


def _test(name: str) -> Call:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        x = first(args, name)
        return Tensor(settle(np.asarray(getattr(x.backend.xp, name)(x.array)), x.backend))

    return call


def _whether(name: str) -> Call:
    """`all` and `any`."""

    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        x, (dim, keep) = first(args, name), _dims(args, named)
        found = getattr(x.backend.xp, name)(x.array, axis=dim, keepdims=keep)
        return Tensor(x.backend.xp.asarray(found))

    return call


def _equal(machine: Machine, args: list[Any], named: dict[str, Any]) -> bool:
    a, b = first(args, "equal"), args[1]
    return a.shape == b.shape and bool(np.all(a.detach().eq(b.detach()).tolist()))


def _allclose(machine: Machine, args: list[Any], named: dict[str, Any]) -> bool:
    a, b = (each.detach().array for each in args[:2])
    rtol, atol = named.get("rtol", 1e-5), named.get("atol", 1e-8)
    return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=bool(named.get("equal_nan"))))


def _mean(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "mean")
    if x.dtype.kind not in "fc" and "dtype" not in named:
        kind = {"b": "Bool", "i": "Long" if x.dtype.itemsize == 8 else "Int"}[x.dtype.kind]
        text = (
            "mean(): could not infer output dtype. Input dtype must be either a floating point or "
        )
        raise Raised("RuntimeError", f"{text}complex dtype. Got: {kind}")
    if isinstance(named.get("dtype"), DType):
        args = [x.to(named["dtype"].numpy), *args[1:]]
    return operation("mean")(machine, args, named)


def _numel(machine: Machine, args: list[Any], named: dict[str, Any]) -> int:
    return first(args, "numel").numel()


def _clone(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "clone")
    machine.budget.tensor(x.numel())
    return x.clone()


def _detach(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    return first(args, "detach").detach()


BOTH: dict[str, Call] = {name: operation(name) for name in _BOTH.split()}
BOTH |= {"max": _extremum("max"), "min": _extremum("min"), "median": _median, "sort": _sort}
BOTH |= {"var": _spread("var"), "std": _spread("std"), "transpose": _transpose, "t": _t}
BOTH |= {"split": split, "chunk": chunk, "unbind": unbind, "norm": _norm, "mean": _mean}
BOTH |= {"isnan": _test("isnan"), "isinf": _test("isinf"), "isfinite": _test("isfinite")}
BOTH |= {"all": _whether("all"), "any": _whether("any"), "equal": _equal, "allclose": _allclose}
BOTH |= {"numel": _numel, "clone": _clone, "detach": _detach} | CHOOSING | COMPOSED
TORCH_ONLY: dict[str, Call] = {name: operation(name) for name in _TORCH.split()} | JOINING
FUNCTIONAL: dict[str, Call] = {name: operation(name) for name in _FUNCTIONAL.split()}
FUNCTIONAL |= LOSSES | {"dropout": dropout, "dropout2d": dropout2d, "one_hot": one_hot}
FUNCTIONAL["cosine_similarity"] = lambda machine, args, named: cosine_similarity(*args, **named)
TORCH_ONLY["cosine_similarity"] = FUNCTIONAL["cosine_similarity"]


def _repeat(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    sizes = args[1] if len(args) == 2 and isinstance(args[1], list | tuple) else args[1:]
    if len(sizes) < first(args, "repeat").ndim:
        text = "Number of dimensions of repeat dims can not be smaller than number of dimensions of"
        raise Raised("RuntimeError", f"{text} tensor")
    return titled(_EAGER["tile"](first(args, "repeat"), tuple(sizes)), "RepeatBackward0")


def _size(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    x = first(args, "size")
    dim = args[1] if len(args) > 1 else named.get("dim")
    return Size(x.shape) if dim is None else x.shape[dim]


def _floor_divide(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    return underivable(operation("floor_divide")(machine, args, named), "floor_divide")


BOTH["floor_divide"] = _floor_divide
METHODS_ONLY: dict[str, Call] = {
    name: operation(name) for name in ("view", "expand", "sum_to_size")
}
METHODS_ONLY |= {"repeat": _repeat, "size": _size, "where": chosen}
