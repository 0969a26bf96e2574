"""Losses, normalizations and paddings → the PyTorch call of the same value and gradient."""

from __future__ import annotations

from math import prod

from engine.forms.torch_call import AS_NUMBER, Call, Writer

__all__ = ["LAYERS"]


def _reduced(name: str, *extra: str) -> Writer:
    """A loss, over arguments stretched to one shape."""

    def write(call: Call) -> str:
        first, second = call.args
        if call.shapes[0] != call.shapes[1]:
            pair = f"*torch.broadcast_tensors({first}, {second})"
        else:
            pair = f"{first}, {second}"
        told = [f"{key}={call.attrs[key]!r}" for key in ("reduction", *extra)]
        return f"F.{name}({pair}, {', '.join(told)})"

    return write


def _merged(entries: str, call: Call) -> str:
    how = call.attrs["reduction"]
    return f"({entries})" if how == "none" else f"torch.{how}({entries})"


def _hinge(call: Call) -> str:
    return _merged(f"torch.relu(1 - {call.args[0]} * {call.args[1]})", call)


def _classified(call: Call) -> str:
    """Targets are classes, unless they have the shape of the input."""
    target = call.args[1]
    if call.op == "nll_loss" or call.shapes[0] != call.shapes[1]:
        target = f"{target}.long()"
    told = [f"{key}={value!r}" for key, value in call.attrs.items() if value is not None]
    weights = [f"{each}.detach()" for each in call.args[2:]]
    return f"F.{call.op}({', '.join([call.args[0], target, *weights, *told])})"


def _parameter(call: Call, slot: int, usual: float, shape: tuple[int, ...]) -> str:
    """A weight or bias; None where it does nothing."""
    if call.numbers[slot] == usual:
        return "None"
    return (
        call.args[slot]
        if call.shapes[slot] == shape
        else (f"{call.args[slot]}.expand({shape}).clone()")
    )


def _normalized_shape(call: Call) -> tuple[int, ...]:
    told = call.attrs.get("normalized_shape")
    told = (told,) if isinstance(told, int) else told
    return tuple(told or call.shapes[0][-1:])


def _layer_norm(call: Call) -> str:
    shape, eps = _normalized_shape(call), call.attrs["eps"]
    weight, bias = _parameter(call, 1, 1.0, shape), _parameter(call, 2, 0.0, shape)
    return f"F.layer_norm({call.x}, {shape}, {weight}, {bias}, {eps})"


def _rms_norm(call: Call) -> str:
    shape, eps = _normalized_shape(call), call.attrs["eps"]
    return f"F.rms_norm({call.x}, {shape}, {_parameter(call, 1, 1.0, shape)}, {eps})"


def _by_channel(call: Call) -> tuple[str, str]:
    shape = call.shapes[0][1:2]
    first = len(call.args) - 2
    return _parameter(call, first, 1.0, shape), _parameter(call, first + 1, 0.0, shape)


def _group_norm(call: Call) -> str:
    weight, bias = _by_channel(call)
    attrs = call.attrs
    return f"F.group_norm({call.x}, {attrs['num_groups']}, {weight}, {bias}, {attrs['eps']})"


def _instance_norm(call: Call) -> str:
    weight, bias = _by_channel(call)
    return f"F.instance_norm({call.x}, weight={weight}, bias={bias}, eps={call.attrs['eps']})"


def _batch_norm(call: Call) -> str:
    weight, bias = _by_channel(call)
    shape, eps = call.shapes[0][1:2], call.attrs["eps"]
    mean, var = (f"{each}.detach().expand({shape}).clone()" for each in call.args[1:3])
    if call.attrs["training"]:
        return f"F.batch_norm({call.x}, None, None, {weight}, {bias}, True, eps={eps})"
    return f"F.batch_norm({call.x}, {mean}, {var}, {weight}, {bias}, False, eps={eps})"


def _padded(call: Call) -> str:
    """All but constants want two axes more than are padded, or one."""
    pad, mode, value = call.attrs["pad"], call.attrs["mode"], call.attrs["value"]
    pad = (pad,) * (2 * call.rank) if isinstance(pad, int) else tuple(pad)
    if mode == "constant":
        return f"F.pad({call.x}, {pad}, value={value})"
    missing = max(len(pad) // 2 + 1 - call.rank, 0)
    x = f"{call.x}[{'None, ' * missing}...]" if missing else call.x
    return f"F.pad({x}, {pad}, mode={mode!r}).reshape({call.out})"


def _correlated(call: Call) -> str:
    attrs = call.attrs
    told = ", ".join(f"{key}={attrs[key]!r}" for key in ("stride", "padding", "dilation", "groups"))
    single = call.rank < len(attrs["shape"])  # no axis for the batch
    x, y = (f"{each}[None]" if single else each for each in call.args)
    return f"torch.nn.grad.{call.op}({x}, {attrs['shape']}, {y}, {told})"


def _places(call: Call) -> str:
    keys = ("kernel_size", "stride", "padding", "dilation")
    told = ", ".join(f"{key}={call.attrs[key]!r}" for key in keys)
    name = call.op.removesuffix("_places")
    found = f"F.{name}({call.x}, {told}, return_indices=True)[1]"
    kept = 1 if "1d" in name else 2
    lead, size = call.shapes[0][:-kept], prod(call.shapes[0][-kept:])
    planes = f"torch.arange({prod(lead)}).reshape({(*lead, *(1,) * kept)}) * {size}"
    return f"({found} + {planes}){AS_NUMBER}"


LAYERS: dict[str, Writer] = {
    **{
        name: _reduced(name)
        for name in (
            "mse_loss",
            "l1_loss",
            "binary_cross_entropy",
            "binary_cross_entropy_with_logits",
            "soft_margin_loss",
        )
    },
    "huber_loss": _reduced("huber_loss", "delta"),
    "smooth_l1_loss": _reduced("smooth_l1_loss", "beta"),
    "kl_div": _reduced("kl_div", "log_target"),
    "hinge_embedding_loss": _reduced("hinge_embedding_loss", "margin"),
    "hinge_loss": _hinge,
    "half_squared_error": lambda call: f"((({call.x} - {call.args[1]}) ** 2).sum() / 2)",
    "cross_entropy": _classified,
    "nll_loss": _classified,
    "layer_norm": _layer_norm,
    "rms_norm": _rms_norm,
    "group_norm": _group_norm,
    "instance_norm": _instance_norm,
    "batch_norm": _batch_norm,
    "pad": _padded,
    "conv1d_weight": _correlated,
    "conv2d_weight": _correlated,
    "max_pool1d_places": _places,
    "max_pool2d_places": _places,
}
"""By op."""
