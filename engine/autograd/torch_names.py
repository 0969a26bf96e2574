"""The modules of PyTorch as far as they are here: names, and what they mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine import backend as places
from engine import eager
from engine.autograd.activations import ACTIVATIONS
from engine.autograd.composed import solve
from engine.autograd.functions import BOTH, FUNCTIONAL, TORCH_ONLY, Call
from engine.autograd.layers import LAYERS
from engine.autograd.machine import Machine
from engine.autograd.made_like import normal, tensor_of
from engine.autograd.making import MAKING
from engine.autograd.more_names import MORE, OF_AUTOGRAD, OF_FUNCTIONAL
from engine.autograd.numpy_names import numpy_module
from engine.autograd.optimizers import OPTIMIZERS
from engine.autograd.pieces import titled
from engine.autograd.refuse import Raised, refused
from engine.autograd.settings import (
    OwnGenerator,
    initial_seed,
    make_generator,
    set_printoptions,
)
from engine.autograd.tensors import run_backward
from engine.autograd.values import (
    DTYPES,
    Device,
    DType,
    Kind,
    Namespace,
    Native,
    Size,
    Word,
    plain_number,
    python_name,
)
from engine.eager import Tensor
from engine.eager.apply import common_dtype, wrap
from engine.eager.functional import hessian, jacobian
from engine.eager.modes import RECORDING, Mode, inference_mode, set_grad_enabled

__all__ = ["MODULES", "START"]


def _natives(calls: Mapping[str, Call]) -> dict[str, Any]:
    return {name: Native(name, call) for name, call in calls.items()}


def _grad(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    if named.pop("is_grads_batched", False):
        given = dict(zip(("outputs", "inputs", "grad_outputs"), args, strict=False)) | named
        keys = ("outputs", "inputs", "grad_outputs")
        outputs, inputs, seeds = (given.pop(key) for key in keys)
        return _batched(outputs, inputs, seeds, given)
    return eager.grad(*args, **named)


def _backward(machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
    given = dict(zip(("tensors", "grad_tensors", "retain_graph"), args, strict=False)) | named
    tensors = given.pop("tensors")
    tensors = tensors if isinstance(tensors, list | tuple) else [tensors]
    if "grad_tensors" in given:
        given["gradient"] = given.pop("grad_tensors")
    run_backward(machine, tensors, [], given)


def _derivative(function: Any) -> Call:
    from engine.autograd.call import python_function

    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        named.get("strict")
        create = bool(named.get("create_graph", False))
        found = function(python_function(machine, args[0]), args[1], create_graph=create)
        return titled(found, "ViewBackward0") if isinstance(found, Tensor) else found

    return call


def _mode(value: bool) -> Call:
    return lambda machine, args, named: Mode(value)


def _inference(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    return inference_mode(bool(args[0] if args else named.get("mode", True)))


def _switch(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    return set_grad_enabled(bool(args[0] if args else named["mode"]))


def _default(machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
    if not isinstance(args[0], DType) or args[0].numpy.kind != "f":
        text = "only floating-point types are supported as the default type"
        raise Raised("TypeError", text)
    RECORDING.real = args[0].numpy


def _real(machine: Machine, args: list[Any], named: dict[str, Any]) -> DType:
    return DTYPES[RECORDING.real.name]


def _result_type(machine: Machine, args: list[Any], named: dict[str, Any]) -> DType:
    like = next(each for each in args if isinstance(each, Tensor))
    return DTYPES[common_dtype([wrap(each, like) for each in args[:2]]).name]


def _promoted(machine: Machine, args: list[Any], named: dict[str, Any]) -> DType:
    both = [Tensor(np.zeros(1, dtype=each.numpy)) for each in args[:2]]
    return DTYPES[common_dtype(both).name]


def _cuda(machine: Machine, args: list[Any], named: dict[str, Any]) -> bool:
    return len(places.devices()) > 1


def _device(machine: Machine, args: list[Any], named: dict[str, Any]) -> Device:
    if not args or not isinstance(args[0], str | Device):
        raise refused("this device", "Write `torch.device('cpu')`.")
    return args[0] if isinstance(args[0], Device) else Device.read(args[0])


def _variable(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    wanted = args[1] if len(args) > 1 else named.get("requires_grad", False)
    made = args[0].detach()
    return made.requires_grad_(bool(wanted))


def _size(machine: Machine, args: list[Any], named: dict[str, Any]) -> Size:
    return Size(args[0])


def _is_tensor(machine: Machine, args: list[Any], named: dict[str, Any]) -> bool:
    return isinstance(args[0], Tensor)


def _clip_norm(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
    weights, most, power = [*args, 2.0][:3]
    found = [w.grad for w in ([weights] if isinstance(weights, Tensor) else weights)]
    grads = [grad for grad in found if grad is not None]
    if not grads:
        return eager.tensor(0.0, dtype=RECORDING.real)
    with Mode(False):
        total = eager.stack([grad.norm(p=power) for grad in grads]).norm(p=power)
        factor = (most / (total + 1e-6)).clamp(max=1.0)
        for grad in grads:
            grad.mul_(factor)
    return total


def _clip_value(machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
    weights, most = args[:2]
    for weight in [weights] if isinstance(weights, Tensor) else weights:
        if weight.grad is not None:
            weight.grad.clamp_(-most, most)


def _batched(outputs: Any, inputs: Any, seeds: Any, named: dict[str, Any]) -> Any:
    """`grad` for each row of the seeds, the results stacked."""
    keep = named.pop("retain_graph", None)
    count = seeds.shape[0]
    rows = [
        eager.grad(outputs, inputs, seeds[i], retain_graph=keep or i < count - 1, **named)
        for i in range(count)
    ]
    return tuple(eager.stack(list(each)) for each in zip(*rows, strict=True))


def _real_function(name: str) -> Call:
    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        values = [plain_number(each) if isinstance(each, Tensor) else each for each in args]
        for each in values:
            if not isinstance(each, bool | int | float):
                text = f"must be real number, not {python_name(each)}"
                raise Raised("TypeError", text)
        return getattr(math, name)(*values)

    return call


_MATH: tuple[str, ...] = (
    "sqrt",
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "tanh",
    "floor",
    "ceil",
    "isnan",
    "isinf",
)
_MATH += ("isclose", "log2", "log10", "fabs")
_LAYOUTS = ("strided", "contiguous_format", "preserve_format", "channels_last")
_GRAD: dict[str, Any] = _natives({"no_grad": _mode(False), "enable_grad": _mode(True)})
_GRAD |= _natives({"set_grad_enabled": _switch, "inference_mode": _inference})
_ENABLED = Native("is_grad_enabled", lambda machine, args, named: RECORDING.on)
_INFERENCE = Native("is_inference_mode_enabled", lambda *given: RECORDING.inference)
_DERIVATIVES = {"jacobian": _derivative(jacobian), "hessian": _derivative(hessian)}

math_module = Namespace(
    "math",
    _natives({name: _real_function(name) for name in _MATH})
    | {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan},
)
functional = Namespace("torch.nn.functional", _natives(FUNCTIONAL))
utils = Namespace(
    "torch.nn.utils", _natives({"clip_grad_norm_": _clip_norm, "clip_grad_value_": _clip_value})
)
_OF_NN = {"functional": functional, "utils": utils, "init": MORE["init"]}
nn = Namespace("torch.nn", LAYERS | ACTIVATIONS | _OF_NN)
optim = Namespace("torch.optim", OPTIMIZERS | {"lr_scheduler": MORE["lr_scheduler"]})
_OF_FUNCTIONAL = _natives(_DERIVATIVES) | OF_FUNCTIONAL
autograd_functional = Namespace("torch.autograd.functional", _OF_FUNCTIONAL)
autograd = Namespace(
    "torch.autograd",
    _natives({"grad": _grad, "backward": _backward, "Variable": _variable})
    | {"functional": autograd_functional}
    | OF_AUTOGRAD
    | {name: _GRAD[name] for name in ("no_grad", "enable_grad", "set_grad_enabled")},
)
linalg = Namespace(
    "torch.linalg",
    _natives({name: BOTH[name] for name in ("norm", "det", "cholesky", "matmul", "diagonal")})
    | _natives({"inv": BOTH["inverse"], "vector_norm": BOTH["norm"], "solve": solve}),
)
cuda = Namespace(
    "torch.cuda",
    _natives({"is_available": _cuda, "device_count": lambda *_: len(places.devices()) - 1}),
)
torch = Namespace(
    "torch",
    _natives(BOTH | TORCH_ONLY | MAKING | {"normal": normal})
    | DTYPES
    | _GRAD
    | _natives({"set_default_dtype": _default, "device": _device, "is_tensor": _is_tensor})
    | _natives(
        {"result_type": _result_type, "promote_types": _promoted, "get_default_dtype": _real}
    )
    | _natives({"set_printoptions": set_printoptions, "initial_seed": initial_seed})
    | {"Generator": Kind("torch.Generator", make_generator, (OwnGenerator,))}
    | {"is_grad_enabled": _ENABLED, "is_inference_mode_enabled": _INFERENCE}
    | {"Tensor": Kind("torch.Tensor", tensor_of, (Tensor,))}
    | {"Size": Kind("torch.Size", _size, (Size,)), "__version__": "2.13.0"}
    | {"nn": nn, "optim": optim, "autograd": autograd, "linalg": linalg, "cuda": cuda}
    | {"func": MORE["func"]}
    | {name: Word(f"torch.{name}") for name in _LAYOUTS}
    | {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan},
)
MODULES: dict[str, Namespace] = {
    each.name: each
    for each in (torch, nn, functional, utils, optim, autograd, autograd_functional, linalg)
} | {
    "math": math_module,
    "torch.cuda": cuda,
    "numpy": numpy_module,
}
MODULES |= {each.name: each for each in MORE.values()}
"""What can be imported, by its full name."""

START: dict[str, Any] = {"torch": torch, "nn": nn, "F": functional, "optim": optim}
"""What is there without an import: a snippet copied from the middle of a text has none."""
