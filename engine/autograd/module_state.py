"""The methods of `nn.Module`, each called as (machine, the layer, …)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from engine.autograd.call import called
from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised
from engine.autograd.values import DType, Ordered, Size, python_name
from engine.eager import Tensor
from engine.eager.modes import Mode

if TYPE_CHECKING:
    from engine.autograd.modules import Layer

__all__ = ["KEYED", "LISTED", "METHODS", "forget"]


def _begin(machine: Machine, layer: Layer) -> None:
    layer.ready = True


def forget(weights: Iterator[Tensor] | list[Tensor], to_none: bool = True) -> None:
    """Set `.grad` of each to None, or write 0 over it."""
    for weight in weights:
        if to_none:
            weight.grad = None
        elif weight.grad is not None:
            if weight.grad.grad_fn is not None:
                weight.grad.detach_()
            weight.grad.requires_grad_(False)
            weight.grad.zero_()


def _zero_grad(machine: Machine, layer: Layer, set_to_none: bool = True) -> None:
    forget([each for _, each in layer.named_parameters()], bool(set_to_none))


def _require(machine: Machine, layer: Layer, requires_grad: bool = True) -> Layer:
    for _, weight in layer.named_parameters():
        weight.requires_grad_(bool(requires_grad))
    return layer


def _train(machine: Machine, layer: Layer, mode: bool = True) -> Layer:
    if not isinstance(mode, bool):
        raise Raised("ValueError", "training mode is expected to be boolean")
    for _, each in layer.modules():
        each.training = mode
    return layer


def _eval(machine: Machine, layer: Layer) -> Layer:
    return _train(machine, layer, False)


def _parameters(machine: Machine, layer: Layer, recurse: bool = True) -> Iterator[Tensor]:
    return iter([each for _, each in layer.named_parameters("", recurse)])


def _named(what: str) -> Any:
    def method(machine: Machine, layer: Layer, prefix: str = "", recurse: bool = True) -> Any:
        return iter(list(getattr(layer, what)(prefix, recurse)))

    return method


def _buffers(machine: Machine, layer: Layer, recurse: bool = True) -> Iterator[Tensor]:
    return iter([each for _, each in layer.named_buffers("", recurse)])


def _children(machine: Machine, layer: Layer) -> Iterator[Any]:
    return iter([each for each in layer.parts.values() if each is not None])


def _named_children(machine: Machine, layer: Layer) -> Iterator[Any]:
    return iter([(name, each) for name, each in layer.parts.items() if each is not None])


def _modules(machine: Machine, layer: Layer) -> Iterator[Any]:
    return iter([each for _, each in layer.modules()])


def _named_modules(machine: Machine, layer: Layer, prefix: str = "") -> Iterator[Any]:
    return iter(list(layer.modules(prefix)))


def _state(layer: Layer) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for path, each in layer.modules():
        unsaved = each.unsaved
        for name, tensor in (each.weights | each.buffers).items():
            if tensor is not None and name not in unsaved:
                found[f"{path}.{name}" if path else name] = tensor
    return found


def _state_dict(machine: Machine, layer: Layer, prefix: str = "") -> Ordered:
    return Ordered({f"{prefix}{name}": each.detach() for name, each in _state(layer).items()})


def _load(machine: Machine, layer: Layer, state_dict: Any, strict: bool = True) -> Loaded:
    if not isinstance(state_dict, dict):
        kind = python_name(state_dict)
        text = f"Expected state_dict to be dict-like, got <class '{kind}'>."
        raise Raised("TypeError", text)
    own = _state(layer)
    missing = [name for name in own if name not in state_dict]
    strange = [name for name in state_dict if name not in own]
    problems = []
    if strict and missing:
        problems.append(f"Missing key(s) in state_dict: {_quoted(missing)}. ")
    if strict and strange:
        problems.append(f"Unexpected key(s) in state_dict: {_quoted(strange)}. ")
    for name, tensor in own.items():
        given = state_dict.get(name)
        if given is not None and given.shape != tensor.shape:
            shapes = f"{Size(given.shape)} from checkpoint, the shape in current model is "
            text = f"size mismatch for {name}: copying a param with shape {shapes}"
            problems.append(f"{text}{Size(tensor.shape)}.")
        elif given is not None:
            with Mode(False):
                tensor.copy_(given)
    if problems:
        text = f"Error(s) in loading state_dict for {layer.title}:\n\t" + "\n\t".join(problems)
        raise Raised("RuntimeError", text)
    return Loaded(missing, strange)


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


class Loaded:
    """What `load_state_dict` tells."""

    def __init__(self, missing: list[str], strange: list[str]) -> None:
        self.missing, self.strange = missing, strange

    def __repr__(self) -> str:
        if not self.missing and not self.strange:
            return "<All keys matched successfully>"
        return f"_IncompatibleKeys(missing_keys={self.missing}, unexpected_keys={self.strange})"


def _apply(machine: Machine, layer: Layer, fn: Any) -> Layer:
    """From the inside outwards, as PyTorch does."""
    for part in layer.parts.values():
        if part is not None:
            _apply(machine, part, fn)
    called(machine, fn, [layer], {})
    return layer


def _to(machine: Machine, layer: Layer, *targets: Any, **named: Any) -> Layer:
    from engine.autograd.tensors import convert

    for _, each in [*layer.named_parameters(), *layer.named_buffers()]:
        if each.dtype.kind == "f":
            each.data = convert(machine, each.detach(), list(targets), dict(named))
    return layer


def _in_precision(name: str) -> Any:
    return lambda machine, layer: _to(machine, layer, DType(name))


def _cpu(machine: Machine, layer: Layer) -> Layer:
    return _to(machine, layer, "cpu")


def _register_buffer(
    machine: Machine, layer: Layer, name: str, tensor: Any = None, persistent: bool = True
) -> None:
    if not layer.ready:
        text = "cannot assign buffer before Module.__init__() call"
        raise Raised("AttributeError", text)
    if tensor is not None and not isinstance(tensor, Tensor):
        text = f"cannot assign '{python_name(tensor)}' object to buffer '{name}' "
        raise Raised("TypeError", f"{text}(torch Tensor or None required)")
    layer.buffers[str(name)] = tensor
    if not persistent:
        layer.unsaved.add(str(name))


def _register_parameter(machine: Machine, layer: Layer, name: str, param: Any = None) -> None:
    layer.weights.setdefault(str(name), None)
    layer.put(str(name), param)


def _add_module(machine: Machine, layer: Layer, name: str, module: Any) -> None:
    layer.parts.setdefault(str(name), None)
    layer.parts.pop(str(name))
    layer.put(str(name), module)


def _hook(before: bool) -> Any:
    return lambda machine, layer, hook: layer.hang(hook, before)


def _append(machine: Machine, layer: Layer, given: Any) -> Layer:
    if layer.title == "ParameterList":
        layer.put(str(len(layer.weights)), given)
    else:
        layer.put(str(len(layer.parts)), given)
    return layer


def _keys(machine: Machine, layer: Layer) -> Any:
    return dict(layer.parts).keys()


def _values(machine: Machine, layer: Layer) -> Any:
    return dict(layer.parts).values()


def _items(machine: Machine, layer: Layer) -> Any:
    return dict(layer.parts).items()


METHODS: dict[str, Callable[..., Any]] = {
    "__init__": _begin, "parameters": _parameters, "zero_grad": _zero_grad,
    "named_parameters": _named("named_parameters"), "named_buffers": _named("named_buffers"),
    "buffers": _buffers, "children": _children, "named_children": _named_children,
    "modules": _modules, "named_modules": _named_modules, "requires_grad_": _require,
    "train": _train, "eval": _eval, "state_dict": _state_dict, "load_state_dict": _load,
    "apply": _apply, "to": _to, "float": _in_precision("float32"), "cpu": _cpu,
    "double": _in_precision("float64"), "register_buffer": _register_buffer,
    "register_parameter": _register_parameter, "add_module": _add_module,
    "register_module": _add_module, "register_forward_hook": _hook(False),
    "register_forward_pre_hook": _hook(True),
}  # fmt: skip
LISTED: dict[str, Callable[..., Any]] = {"append": _append}
KEYED: dict[str, Callable[..., Any]] = {"keys": _keys, "values": _values, "items": _items}
"""What only lists and dicts of layers have besides."""
