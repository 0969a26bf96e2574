"""The attributes and methods of a tensor that a snippet may use, under PyTorch's names."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.autograd.arrays import Array
from engine.autograd.call import python_function
from engine.autograd.functions import BOTH, IN_PLACE, METHODS_ONLY
from engine.autograd.machine import Machine
from engine.autograd.made_like import NEW, legacy_type
from engine.autograd.refuse import Raised, unknown
from engine.autograd.settings import source
from engine.autograd.values import Device, DType, Size, dtype_of, python_name
from engine.eager import Tensor
from engine.eager import backward as eager_backward
from engine.eager.apply import wrap
from engine.eager.tensor import settle

__all__ = ["METHODS", "PROPERTIES", "convert", "run_backward", "set_property"]

Method = Callable[[Machine, Tensor, list[Any], dict[str, Any]], Any]


def _version(x: Tensor) -> int:
    if x.is_inference():
        raise Raised("RuntimeError", "Inference tensors do not track version counter.")
    return x._version


PROPERTIES: dict[str, Callable[[Tensor], Any]] = {
    "shape": lambda x: Size(x.shape),
    "dtype": dtype_of,
    "device": lambda x: Device.read(x.device),
    "requires_grad": lambda x: x.requires_grad,
    "is_leaf": lambda x: x.is_leaf,
    "grad": lambda x: x.grad,
    "grad_fn": lambda x: x.grad_fn,
    "retains_grad": lambda x: x.retains_grad,
    "data": lambda x: x.data,
    "ndim": lambda x: x.ndim,
    "T": lambda x: x.T,
    "mT": lambda x: x.mT,
    "_version": _version,
    "is_cuda": lambda x: x.device != "cpu",
    "itemsize": lambda x: x.dtype.itemsize,
    "nbytes": lambda x: x.numel() * x.dtype.itemsize,
}


_OTHER_DTYPE = (
    "attempting to assign a gradient with dtype '{given}' to a tensor with grad_dtype '{own}'. The "
    "gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the "
    "tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set "
    "grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break "
    "downstream systems that assume they match."
)
_IN_C = {"float64": "double", "float32": "float", "float16": "c10::Half", "int64": "long"}
_SCALAR = {"float64": "Double", "float32": "Float", "float16": "Half"}


def set_property(tensor: Tensor, node: ast.Attribute, given: Any) -> None:
    """Set one of the attributes that may be set."""
    name = node.attr
    if name == "grad":
        if (
            isinstance(given, Tensor)
            and given.shape == tensor.shape
            and given.dtype != tensor.dtype
        ):
            kinds = _IN_C.get(str(given.dtype)), _SCALAR.get(str(tensor.dtype))
            raise Raised("RuntimeError", _OTHER_DTYPE.format(given=kinds[0], own=kinds[1]))
        tensor.grad = given
    elif name == "requires_grad":
        tensor._require(bool(given), "floating_set")
    elif name == "data":
        if not isinstance(given, Tensor):
            text = f"Variable data has to be a tensor, but got {python_name(given)}"
            raise Raised("TypeError", text)
        tensor.data = given
    elif name in PROPERTIES:
        text = f"attribute '{name}' of 'torch._C.TensorBase' objects is not writable"
        raise Raised("AttributeError", text)
    else:
        raise unknown("Tensor", name, ("grad", "requires_grad", "data"), node)


def run_backward(machine: Machine, tensors: Any, args: list[Any], named: dict[str, Any]) -> None:
    """Run a backward pass: gradient, retain_graph, create_graph, inputs."""
    names = ("gradient", "retain_graph", "create_graph", "inputs")
    given = dict(zip(names, args, strict=False)) | named
    for name in given:
        if name not in names:
            text = f"Tensor.backward() got an unexpected keyword argument '{name}'"
            raise Raised("TypeError", text)
    seed = given.get("gradient")
    for each in seed if isinstance(seed, list | tuple) else [seed]:
        if each is not None and not isinstance(each, Tensor):
            kind = python_name(each)
            text = f"'{kind}' object is not iterable"
            raise Raised("TypeError", text)
    given["create_graph"] = bool(given.get("create_graph"))
    eager_backward(tensors, **given)


def convert(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Tensor:
    """Return the tensor in another precision or place."""
    dtype: Any = named.get("dtype")
    device: Any = named.get("device")
    each: Any
    for each in args:
        if isinstance(each, DType):
            dtype = each
        elif isinstance(each, Device | str):
            device = each
        elif isinstance(each, Tensor):
            dtype, device = dtype_of(each), each.device
    machine.budget.tensor(x.numel())
    place = None if device is None else str(device)
    found = x.to(dtype=None if dtype is None else dtype.numpy, device=place)
    return found.clone() if named.get("copy") and found is x else found


def _type(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
    wanted = args[0] if args else named.get("dtype")
    return legacy_type(x) if wanted is None else convert(machine, x, [wanted], {})


def _to_dtype(name: str) -> Method:
    def method(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Tensor:
        machine.budget.tensor(x.numel())
        return x.to(np.dtype(name))

    return method


def _item(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
    return x.item()


def _tolist(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
    machine.budget.items(x.numel())
    return x.tolist()


def _numpy(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
    return Array(x.numpy())


def _simple(name: str) -> Method:
    """A method that is the tensor's own, with nothing to be checked."""

    def method(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
        return getattr(x, name)(*args, **named)

    return method


def _hook(name: str) -> Method:
    def method(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
        return getattr(x, name)(python_function(machine, args[0]))

    return method


def _in_place(name: str) -> Method:
    def method(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
        rest = dict(named)
        alpha = rest.pop("alpha", None)
        if alpha is not None:
            args = [wrap(args[0], x) * alpha, *args[1:]]
        return getattr(x, name)(*args, **rest)

    return method


def _drawn(name: str) -> Method:
    """`uniform_` and `normal_`: written over the tensor, off the record of what it was."""

    def method(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
        usual = (0.0, 1.0)
        keys = ("from", "to") if name == "uniform_" else ("mean", "std")
        first, second = (
            args[i] if i < len(args) else named.get(key, usual[i]) for i, key in enumerate(keys)
        )
        if name == "uniform_":
            drawn = source(machine, named).uniform(x.numel(), x.dtype, first, second)
        else:
            drawn = source(machine, named).normal(x.numel(), x.dtype) * x.dtype.type(second)
            drawn = drawn + x.dtype.type(first)
        array = drawn.reshape(x.shape).astype(x.dtype)
        return x.copy_(Tensor(settle(array, x.backend)))

    return method


def _like(name: str) -> Method:
    def method(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
        return getattr(x, name)(tuple(args[0].shape))

    return method


def _bound(call: Any) -> Method:
    def method(machine: Machine, x: Tensor, args: list[Any], named: dict[str, Any]) -> Any:
        return call(machine, [x, *args], named)

    return method


METHODS: dict[str, Method] = {name: _bound(call) for name, call in (BOTH | METHODS_ONLY).items()}
METHODS |= {name: _in_place(name) for name in IN_PLACE}
METHODS |= {name: _simple(name) for name in ("zero_", "fill_", "copy_", "detach_", "retain_grad")}
METHODS |= {name: _simple(name) for name in ("requires_grad_", "contiguous", "dim", "is_inference")}
METHODS |= {name: _to_dtype(kind) for name, kind in {
    "float": "float32", "double": "float64", "half": "float16", "long": "int64",
    "int": "int32", "bool": "bool",
}.items()}  # fmt: skip
METHODS |= {"item": _item, "tolist": _tolist, "numpy": _numpy, "backward": run_backward}
METHODS |= {"to": convert, "type_as": convert, "register_hook": _hook("register_hook")}
_POST = "register_post_accumulate_grad_hook"
METHODS |= {_POST: _hook(_POST), "uniform_": _drawn("uniform_"), "normal_": _drawn("normal_")}
METHODS |= {"view_as": _like("view"), "reshape_as": _like("reshape"), "expand_as": _like("expand")}
METHODS |= {"nelement": METHODS["numel"], "ndimension": METHODS["dim"]}
METHODS |= {name: _bound(call) for name, call in NEW.items()}
METHODS["type"] = _type
METHODS["cpu"] = lambda machine, x, args, named: convert(machine, x, ["cpu"], {})
METHODS["cuda"] = lambda machine, x, args, named: convert(machine, x, ["cuda:0"], {})
METHODS["is_contiguous"] = lambda machine, x, args, named: bool(x.array.flags.c_contiguous)
METHODS["stride"] = lambda machine, x, args, named: tuple(
    step // x.dtype.itemsize for step in x.array.strides
)
METHODS["is_floating_point"] = lambda machine, x, args, named: x.dtype.kind == "f"
METHODS["element_size"] = lambda machine, x, args, named: x.dtype.itemsize
