"""A function of PyTorch, run and recorded. Imported only when a user captures something."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from engine.errors import OptionError
from engine.interop.captured import Captured, assembled
from engine.interop.tape import Value

__all__ = ["captured_loss", "captured_run", "is_tensor", "recorded"]

_RECORDED: list[Any] = []
"""The recorder of the latest `with recording():`."""


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor of PyTorch, imported or not."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def captured_run(
    function: Callable[..., Any], inputs: Sequence[Any], named: Mapping[str, Any], gradient: Any
) -> Captured:
    """Call a function or module, and return the graph of what it computed. Raises OptionError."""
    if not callable(function):
        raise OptionError("interop.callable", kind=type(function).__name__)
    recorder = _recorder(_modules(function))
    called = getattr(function, "forward", function)
    for name, each in {**_parameters(called, inputs), **named}.items():
        if is_tensor(each):
            recorder.give(each, name)
    with _running(recorder, _modules(function)):
        found = function(*inputs, **named)
    from torch.utils._pytree import tree_flatten

    results = [each for each in tree_flatten(found)[0] if is_tensor(each)]
    name = getattr(function, "__name__", type(function).__name__)
    return _captured(recorder, results, gradient, name)


def captured_loss(loss: Any, gradient: Any) -> Captured:
    """Return the graph of a tensor that was computed inside `recording`. Raises OptionError."""
    if not _RECORDED or not _RECORDED[-1].saw(loss):
        raise OptionError("interop.loss")
    return _captured(_RECORDED[-1], [loss], gradient, "loss")


@contextmanager
def recorded() -> Iterator[None]:
    """Keep what is computed inside the block."""
    recorder = _recorder({})
    _RECORDED[:] = [recorder]
    with _running(recorder, {}):
        yield
        recorder.look_around()


def _recorder(modules: Mapping[str, Any]) -> Any:
    try:
        from engine.interop.recorder import Recorder
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        raise OptionError("interop.missing", package="PyTorch", install=package) from None
    named = {}
    for prefix, module in modules.items():
        for name, parameter in [*module.named_parameters(), *module.named_buffers()]:
            named[id(parameter)] = f"{prefix}{name}".replace(".", "_")
    return Recorder(named)


def _modules(function: Any) -> dict[str, Any]:
    """Return the modules that a function is, or that it reads by a name, by prefix."""
    if hasattr(function, "named_parameters"):
        return {"": function}
    try:
        found = inspect.getclosurevars(function)
    except TypeError:
        return {}
    known = {**found.globals, **found.nonlocals}
    modules = {name: each for name, each in known.items() if hasattr(each, "named_parameters")}
    if len(modules) == 1:
        return {"": next(iter(modules.values()))}
    return {f"{name}.": each for name, each in modules.items()}


def _parameters(function: Any, inputs: Sequence[Any]) -> dict[str, Any]:
    """Return the arguments by the names of the parameters."""
    try:
        return dict(inspect.signature(function).bind_partial(*inputs).arguments)
    except (TypeError, ValueError):
        return {f"x{place}": each for place, each in enumerate(inputs, start=1)}


@contextmanager
def _running(recorder: Any, modules: Mapping[str, Any]) -> Iterator[None]:
    """Enter a recorder; inside, it knows which module is being called."""
    from torch.nn.modules import module as hooks

    path_of = {
        id(each): f"{prefix}{path}".strip(".")
        for prefix, module in modules.items()
        for path, each in module.named_modules()
    }

    def enters(module: Any, inputs: Any) -> None:
        path = path_of.get(id(module), "")
        recorder.inside.append(f"{path} ({type(module).__name__})" if path else "")

    def leaves(module: Any, inputs: Any, found: Any) -> None:
        recorder.inside.pop()

    handles = [
        hooks.register_module_forward_pre_hook(enters),
        hooks.register_module_forward_hook(leaves, always_call=True),
    ]
    try:
        with recorder:
            yield
    finally:
        for handle in handles:
            handle.remove()


def _captured(recorder: Any, results: Sequence[Any], gradient: Any, name: str) -> Captured:
    import torch

    from engine.interop.jacobians import array

    tokens = [recorder.token_of(each) for each in results if each.is_floating_point()]
    wanted = [token for token in tokens if token is not None]
    output = next((each for each in results if each.requires_grad), None)
    if output is not None and output.is_complex():
        raise OptionError("interop.dtype", dtype=str(output.dtype))
    token = None if output is None else recorder.token_of(output)
    if output is None or token is None:
        raise OptionError("interop.output", name=name)
    recorder.tape.hint_of.setdefault(token, "loss" if output.numel() == 1 else "output")
    weights = None if gradient is None else torch.as_tensor(gradient, dtype=output.dtype)
    if weights is not None and weights.shape != output.shape:
        given, expected = str(tuple(weights.shape)), str(tuple(output.shape))
        raise OptionError(
            "option.shape", option="gradient", name=name, given=given, expected=expected
        )
    gradient_of = _gradients(recorder, output, weights)
    dtype = "float64" if output.dtype == torch.float64 else "float32"
    told: Value | None = None if weights is None else array(weights)
    captured = assembled(recorder.tape, token, wanted, told, gradient_of, dtype)
    captured.check(recorder.precision)
    return captured


def _gradients(recorder: Any, output: Any, weights: Any) -> dict[str, Value | None]:
    """Return the gradient of the output by every tensor seen; none where the output is no number
    and has no weights. Raises OptionError where a backward pass has freed the graph."""
    import torch

    from engine.interop.jacobians import array

    if weights is None and output.numel() != 1:
        return {}
    weights = torch.ones_like(output) if weights is None else weights
    tokens, edges = list(recorder.edge_of), list(recorder.edge_of.values())
    try:
        found = torch.autograd.grad(output, edges, weights, retain_graph=True, allow_unused=True)
    except RuntimeError as error:
        if "a second time" not in str(error):
            raise
        raise OptionError("interop.freed") from None
    return {t: None if g is None else array(g) for t, g in zip(tokens, found, strict=True)}
