"""Ops over axes and places → the PyTorch expression of the same value and gradient."""

from __future__ import annotations

from math import prod

from engine.forms.torch_call import AS_NUMBER, Call, Writer, flipped, index_text, positions
from engine.graph import Shape

__all__ = ["AXES"]


def _keep(call: Call) -> str:
    return ", keepdim=True" if call.attrs.get("keepdims") else ""


def _reduction(name: str, extra: str = "") -> Writer:
    """A function that reduces over any number of axes."""

    def write(call: Call) -> str:
        rest = extra.format(**{**call.attrs, "p": _order(call)})
        if not call.rank:
            return f"torch.{name}({call.x}{', dim=0' if name == 'logsumexp' else ''}{rest})"
        if not call.axes:  # PyTorch takes that for all axes
            return f"torch.{name}({call.x}[None], dim=0{rest})"
        whole = call.attrs["axis"] is None and not _keep(call) and name != "logsumexp"
        dims = "" if whole else f", dim={call.axes}{_keep(call)}"
        return f"torch.{name}({call.x}{dims}{rest})"

    return write


def _single(name: str, values: str, whole: str) -> Writer:
    """A function that reduces over one axis or over all; several go one after another."""

    def write(call: Call) -> str:
        if call.attrs.get("axis") is None:
            return f"{whole.format(call.x)}.reshape({call.out})"
        text, kept = call.x, call.attrs.get("keepdims")
        for axis in sorted(call.axes, reverse=True):
            text = f"torch.{name}({text}, dim={axis}, keepdim={bool(kept)}){values}"
        return text

    return write


def _extremum(name: str) -> Writer:
    def write(call: Call) -> str:
        several = len(call.axes) > 1 and call.attrs.get("axis") is not None
        return _reduction(f"a{name}")(call) if several else one(call)

    one = _single(name, ".values", f"torch.{name}({{}})")
    return write


def _median(call: Call) -> str:
    """Over several axes at once: these last, and as one."""
    rest = tuple(axis for axis in range(call.rank) if axis not in call.axes)
    x = (
        f"{call.x}.permute({(*rest, *call.axes)}).flatten({len(rest)})"
        if rest
        else (f"{call.x}.flatten()")
    )
    lower = f"torch.median({x}, dim=-1).values"
    found = lower if call.attrs["middle"] == "lower" else f"torch.quantile({x}, 0.5, dim=-1)"
    return f"{found}.reshape({call.out})"


def _order(call: Call) -> str:
    """Which norm it is."""
    p = call.attrs.get("p", 2)
    return {"fro": "2", "inf": "torch.inf"}.get(str(p), repr(p))


def _normalized(call: Call) -> str:
    axis = call.attrs["axis"]
    axis = min(axis, call.rank - 1) if isinstance(axis, int) else axis
    return f"F.normalize({call.x}, p={_order(call)}, dim={axis}, eps={call.attrs['eps']})"


def _soft(name: str) -> Writer:
    """Along one axis, or over the entries of several."""

    def write(call: Call) -> str:
        axis = call.attrs["axis"]
        if isinstance(axis, int):
            return f"{name}({call.x}, dim={axis})"
        order = (*(k for k in range(call.rank) if k not in call.axes), *call.axes)
        back = tuple(order.index(k) for k in range(call.rank))
        rest = call.rank - len(call.axes)
        moved = tuple(call.shapes[0][k] for k in order)
        flat = f"{call.x}.permute({order}).flatten({rest})"
        return f"{name}({flat}, dim=-1).reshape({moved}).permute({back})"

    return write


def _bounded(call: Call) -> str:
    low, high = call.attrs["min"], call.attrs["max"]
    known = low is not None or high is not None
    return f"torch.clamp({call.x}, {low}, {high})" if known else f"{call.x}.clone()"


def _gathered(call: Call) -> str:
    axis = call.attrs["axis"]
    return f"torch.gather({call.x}, {axis}, {call.args[1]}.long() % {call.shapes[0][axis]})"


def _scattered(call: Call) -> str:
    shape, axis = call.attrs["shape"], call.attrs["axis"]
    places = f"{call.args[1]}.long() % {shape[axis]}"
    return f"torch.zeros({shape}).scatter_add({axis}, {places}, {call.x})"


def _cumulative(call: Call) -> str:
    x, axis = call.x, call.attrs["axis"]
    x, axis = (f"{x}.flatten()", 0) if axis is None else (x, axis)
    if call.attrs.get("reverse"):
        return f"torch.cumsum({x}.flip({axis}), {axis}).flip({axis})"
    return f"torch.{call.op}({x}, {axis})"


def _transposed(call: Call) -> str:
    axes = call.attrs["axes"]
    if axes is not None and len(axes) == 2 and call.rank != 2:
        return f"torch.transpose({call.x}, {axes[0]}, {axes[1]})"
    if axes is not None and len(axes) == 2:
        return (
            f"{call.x}.permute({axes})"
            if set(axes) != {0, 1} or axes == (0, 1)
            else (f"torch.transpose({call.x}, 0, 1)")
        )
    order = tuple(reversed(range(call.rank))) if axes is None else axes
    return f"{call.x}.permute({order})"


def _indexed(call: Call) -> str:
    axes, index = flipped(call.attrs["index"], call.shapes[0])
    x = f"{call.x}.flip({axes})" if axes else call.x
    return f"{x}[{index_text(index)}]"


def _put(call: Call) -> str:
    return _added(call, positions(call.attrs["index"], call.attrs["shape"]))


def _added(call: Call, places: str) -> str:
    """The entries of x added at flat positions of a tensor of zeros."""
    shape = call.attrs["shape"]
    zeros = f"torch.zeros({prod(shape)})"
    return f"{zeros}.index_add(0, {places}.flatten(), {call.x}.flatten()).reshape({shape})"


def _numbered(shape: Shape) -> str:
    return f"torch.arange({prod(shape)}).reshape({shape})"


def _put_diagonal(call: Call) -> str:
    attrs = call.attrs
    chosen = f"{attrs['offset']}, {attrs['axis1']}, {attrs['axis2']}"
    return _added(call, f"torch.diagonal({_numbered(attrs['shape'])}, {chosen})")


def _taken(x: str, index: str, axis: int | None, rank: int) -> str:
    if axis is None:
        return f"{x}.flatten()[{index}.long()]"
    return f"{x}[{':, ' * (axis % max(rank, 1))}{index}.long()]"


def _take(call: Call) -> str:
    return _taken(call.x, call.args[1], call.attrs["axis"], call.rank)


def _add_at(call: Call) -> str:
    shape, axis = call.attrs["shape"], call.attrs["axis"]
    return _added(call, _taken(_numbered(shape), call.args[1], axis, len(shape)))


def _dot(call: Call) -> str:
    a, b = call.args
    first, second = (len(shape) for shape in call.shapes)
    if not first or not second:
        return f"torch.mul({a}, {b})"
    if second > 2:
        return f"torch.tensordot({a}, {b}, dims=([{first - 1}], [{second - 2}]))"
    return f"torch.matmul({a}, {b})"


def _tensordot(call: Call) -> str:
    dims = call.attrs["dims"]
    told = (
        dims
        if isinstance(dims, int)
        else tuple([each] if isinstance(each, int) else list(each) for each in dims)
    )
    return f"torch.tensordot({call.args[0]}, {call.args[1]}, dims={told!r})"


def _squeezed(call: Call) -> str:
    return f"{call.x}.reshape({call.out})"


def _repeated(call: Call) -> str:
    repeats, axis = call.attrs["repeats"], call.attrs["axis"]
    told = repeats if isinstance(repeats, int) else f"torch.tensor({list(repeats)})"
    dim = "" if axis is None else f", dim={axis}"
    return f"torch.repeat_interleave({call.x}, {told}{dim})"


def _flip(call: Call) -> str:
    return f"torch.flip({call.x}, {call.axes})"


def _tiled(call: Call) -> str:
    reps = call.attrs["reps"]
    return f"torch.tile({call.x}, {(reps,) if isinstance(reps, int) else tuple(reps)})"


def _rolled(call: Call) -> str:
    shift, axis = call.attrs["shift"], call.attrs["axis"]
    return f"torch.roll({call.x}, {shift!r}{'' if axis is None else f', {axis!r}'})"


AXES: dict[str, Writer] = {
    **{name: _reduction(name) for name in ("sum", "mean", "logsumexp", "amax", "amin")},
    **{name: _reduction(name, ", correction={correction}") for name in ("var", "std")},
    "norm": _reduction("linalg.vector_norm", ", ord={p}"),
    "prod": _single("prod", "", "torch.prod({})"),
    **{name: _extremum(name) for name in ("max", "min")},
    **{
        name: _single(name, AS_NUMBER, f"torch.{name}({{}}){AS_NUMBER}")
        for name in ("argmax", "argmin")
    },
    "median": _median,
    "normalize": _normalized,
    "tile": _tiled,
    "softmax": _soft("torch.softmax"),
    "softmin": _soft("F.softmin"),
    "log_softmax": _soft("torch.log_softmax"),
    "clip": _bounded,
    "gather": _gathered,
    "take_along_axis": _gathered,
    "scatter_add": _scattered,
    "cumsum": _cumulative,
    "cumprod": _cumulative,
    "transpose": _transposed,
    "flip": _flip,
    "roll": _rolled,
    "repeat": _repeated,
    "getitem": _indexed,
    "put": _put,
    "put_diagonal": _put_diagonal,
    "take": _take,
    "index_select": _take,
    "add_at": _add_at,
    "dot": _dot,
    "tensordot": _tensordot,
    **dict.fromkeys(("reshape", "flatten", "squeeze", "unsqueeze"), _squeezed),
}
"""By op."""
