"""A call of PyTorch → the statements that say the same. Knows nothing of PyTorch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.interop.phrases import SIGNS, Call, Untold, bound, operand, said, short
from engine.interop.recurrent import RECURRENT
from engine.ops import ALIASES, OPS
from engine.ops.block import BLOCKS

__all__ = ["is_known", "statements"]

_SILENT = {
    *("inplace", "dtype", "device", "_stacklevel", "size_average", "reduce", "non_blocking"),
    *("memory_format", "layout"),
}
"""Arguments that change no number here."""

_USUAL: Mapping[str, Any] = {
    "ceil_mode": False,
    "return_indices": False,
    "padding": 0,
    "dilation": 1,
    "groups": 1,
}
"""What is so anyway, for a number or for each of several."""

_PARAMETERS = {
    name: tuple(text.split())
    for name, text in {
        "max_pool1d": "x kernel_size stride padding dilation ceil_mode return_indices",
        "max_pool2d": "x kernel_size stride padding dilation ceil_mode return_indices",
        "avg_pool2d": "x kernel_size stride padding ceil_mode count_include_pad divisor_override",
        "conv1d": "x weight bias stride padding dilation groups",
        "conv2d": "x weight bias stride padding dilation groups",
        "dropout": "x p training inplace",
        "embedding": "index weight",
        "leaky_relu": "x negative_slope inplace",
        "pad": "x pad mode value",
    }.items()
}
"""Names of arguments by position, where what follows the first may have to be left out."""


def is_known(name: str) -> bool:
    """Whether the language may have words for a function."""
    word = short(name)
    return word in OPS or word in ALIASES or word in BLOCKS or word in _SPECIAL or word in SIGNS


def statements(call: Call) -> list[str]:
    """Return the statements that give the results their names. Raises Untold."""
    word = short(call.name)
    special = _SPECIAL.get(word)
    if special is not None:
        return special(call)
    if not is_known(call.name):
        raise Untold(word)
    kwargs = {key: value for key, value in call.kwargs.items() if key not in _SILENT}
    if word in SIGNS and len(call.args) == 2 and not kwargs:
        return bound(call, _infix(word, call))
    return bound(call, _call(call, word, call.args, kwargs))


def _infix(word: str, call: Call) -> str:
    left, right = call.args
    if re.search(r"__r\w+__$", call.name):
        left, right = right, left
    return f"{operand(left)} {SIGNS[word]} {operand(right)}"


def _call(call: Call, word: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Write a call, without what it would take anyway."""
    names = _PARAMETERS.get(word, ())
    if names:
        kwargs = {**dict(zip(names[1:], args[1:], strict=False)), **kwargs}
        args = args[:1]
        kwargs = {key: value for key, value in kwargs.items() if key in names}
    kept = {
        key: value
        for key, value in kwargs.items()
        if value is not None and key not in _SILENT and not (names and _is_usual(word, key, value))
    }
    while args and args[-1] is None:
        args = args[:-1]
    given = [said(each) for each in args] + [f"{key}={said(value)}" for key, value in kept.items()]
    prefix = "F" if ".functional." in call.name else "torch"
    prefix = "torch.linalg" if "linalg" in call.name else prefix
    return f"{prefix}.{word}({', '.join(given)})"


def _is_usual(word: str, key: str, value: Any) -> bool:
    usual = 1 if key == "stride" and word.startswith("conv") else _USUAL.get(key)
    several = set(value) if isinstance(value, list | tuple) else {value}
    return (
        usual is not None
        and all(type(each) is type(usual) for each in several)
        and (several == {usual})
    )


def _batch_norm(call: Call) -> list[str]:
    """While training, the running statistics say nothing of the value."""
    x, mean, var, weight, bias, training, eps = _all(
        call, "input", "running_mean", "running_var", "weight", "bias", "training", "eps"
    )
    running = ("None", "None") if training or mean is None else (said(mean), said(var))
    given = [said(x), *running]
    given += [f"{k}={said(v)}" for k, v in (("weight", weight), ("bias", bias)) if v is not None]
    rest = f"training={bool(training or mean is None)}, eps={1e-5 if eps is None else eps!r}"
    return bound(call, f"F.batch_norm({', '.join(given)}, {rest})")


def _all(call: Call, *names: str) -> list[Any]:
    """Return arguments by position or by name; None for those that are not given."""
    given = dict(zip(names, call.args, strict=False)) | dict(call.kwargs)
    return [given.get(name) for name in names]


def _scaled(call: Call) -> list[str]:
    """`add` and `sub`, with PyTorch's `alpha`."""
    a, b, alpha = _all(call, "input", "other", "alpha")
    word = short(call.name)
    if re.search(r"__r\w+__$", call.name):
        a, b = b, a
    times = "" if alpha in (None, 1) else f"{operand(alpha)} * "
    return bound(call, f"{operand(a)} {SIGNS[word]} {times}{operand(b)}")


def _reversed(call: Call) -> list[str]:
    a, b = call.args[:2]
    return bound(call, f"{operand(b)} - {operand(a)}")


def _affine(call: Call) -> list[str]:
    """`addmm`, `addmv` and `baddbmm`."""
    b, x, w = call.args[:3]
    if {call.kwargs.get("alpha", 1), call.kwargs.get("beta", 1)} != {1}:
        raise Untold("alpha")
    return bound(call, f"{said(b)} + {said(x)} @ {said(w)}")


def _reshaped(call: Call) -> list[str]:
    return bound(call, f"torch.reshape({said(call.args[0])}, {said(call.shapes[0])})")


def _stretched(call: Call) -> list[str]:
    return bound(call, f"torch.broadcast_to({said(call.args[0])}, {said(call.shapes[0])})")


def _indexed(call: Call) -> list[str]:
    x, index = call.args
    parts = index if isinstance(index, tuple) else (index,)
    return bound(call, f"{said(x)}[{', '.join(map(_part, parts)) or '()'}]")


def _part(part: Any) -> str:
    if part is Ellipsis:
        return "..."
    if isinstance(part, slice):
        ends = ("" if each is None else said(each) for each in (part.start, part.stop))
        return ":".join(ends) + ("" if part.step is None else f":{said(part.step)}")
    return said(part)


def _selected(call: Call) -> list[str]:
    x, axis, place = _all(call, "input", "dim", "index")
    return bound(call, f"{said(x)}[{_before(x, axis)}{said(place)}]")


def _narrowed(call: Call) -> list[str]:
    x, axis, start, length = _all(call, "input", "dim", "start", "length")
    if not isinstance(start, int) or not isinstance(length, int):
        raise Untold("start")
    return bound(call, f"{said(x)}[{_before(x, axis)}{start}:{start + length}]")


def _before(x: Any, axis: Any) -> str:
    place: int = axis % len(x.shape)
    return ":, " * place


def _attention(call: Call) -> list[str]:
    query, key, value, mask, dropped, causal = _all(
        call, "query", "key", "value", "attn_mask", "dropout_p", "is_causal"
    )
    scale, grouped = call.kwargs.get("scale"), call.kwargs.get("enable_gqa")
    if dropped or grouped or scale is not None:
        raise Untold("dropout_p")
    inner = ", ".join(map(said, (query, key, value)))
    if causal:
        rows, columns = query.shape[-2], key.shape[-2]
        full = f"full(({rows}, {columns}), float('-inf'))"
        return bound(call, f"masked_attention({inner}, triu({full}, 1))")
    if mask is None:
        return bound(call, f"attention({inner})")
    return bound(call, f"masked_attention({inner}, {said(mask)})")


def _pooled(call: Call) -> list[str]:
    """`adaptive_avg_pool2d`, where every window has the same size."""
    x = call.args[0]
    rows, columns = x.shape[-2:]
    down, across = call.shapes[0][-2:]
    if (down, across) == (1, 1):
        return bound(call, f"torch.mean({said(x)}, dim=(-2, -1), keepdim=True)")
    if rows % down or columns % across:
        raise Untold("output_size")
    return bound(call, f"F.avg_pool2d({said(x)}, ({rows // down}, {columns // across}))")


def _topk(call: Call) -> list[str]:
    """The largest entries along an axis, in order."""
    x, k, axis, largest = _all(call, "input", "k", "dim", "largest")
    axis = -1 if axis is None else axis
    ordered = f"torch.sort({said(x)}, dim={axis}, descending={largest is not False})[0]"
    return [f"{call.outs[0]} = {ordered}[{_before(x, axis)}:{k}]"]


def _property(call: Call) -> list[str]:
    """`x.T` and `x.mT`."""
    return bound(call, f"{said(call.args[0])}.{short(call.name)}")


_SPECIAL: dict[str, Callable[[Call], list[str]]] = {
    **dict.fromkeys(("add", "sub", "subtract"), _scaled),
    "rsub": _reversed,
    **dict.fromkeys(("addmm", "addmv", "baddbmm"), _affine),
    **dict.fromkeys(("view", "reshape", "view_as", "reshape_as", "unflatten"), _reshaped),
    **dict.fromkeys(("flatten", "squeeze", "unsqueeze"), _reshaped),
    **dict.fromkeys(("expand", "expand_as", "broadcast_to"), _stretched),
    "__getitem__": _indexed,
    "select": _selected,
    "narrow": _narrowed,
    "scaled_dot_product_attention": _attention,
    "adaptive_avg_pool2d": _pooled,
    "batch_norm": _batch_norm,
    "topk": _topk,
    **RECURRENT,
    **dict.fromkeys(("T", "mT"), _property),
}
"""Functions that PyTorch words otherwise than the language does."""
