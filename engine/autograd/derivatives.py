"""Derivatives of functions of the snippet: `torch.func`, and `torch.autograd.gradcheck`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine import eager
from engine.autograd.call import called, python_function
from engine.autograd.machine import Machine
from engine.autograd.refuse import Raised, refused
from engine.autograd.show import tensor_text
from engine.autograd.values import Native, python_name
from engine.eager import Tensor
from engine.eager.functional import hvp, jvp, vjp
from engine.eager.modes import Mode, warn
from engine.eager.node import LEAF

__all__ = ["CHECKS", "FUNC", "PRODUCTS_OF"]

Call = Callable[[Machine, list[Any], dict[str, Any]], Any]
_SINGLE = (
    "Input #{slot} requires gradient and is not a double precision floating point or complex. This "
    "check will likely fail if all the inputs are not of double precision floating point or "
    "complex. "
)


def _leaf(value: Any) -> Tensor:
    """A leaf over the same value; of what is recorded already, a copy that stays on the tape."""
    if not isinstance(value, Tensor):
        raise refused("torch.func on this argument", "Give tensors, each by its own place.")
    if value.requires_grad:
        made: Tensor = value.clone()
        return made
    return Tensor(value._data if type(value._data) is float else value._data.copy(), LEAF)


def _gradient(whole: bool) -> Call:
    """`grad`, or with the value too `grad_and_value`."""

    def make(machine: Machine, args: list[Any], named: dict[str, Any]) -> Native:
        function = args[0] if args else named["func"]
        argnums = args[1] if len(args) > 1 else named.get("argnums", 0)

        def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
            places = [argnums] if isinstance(argnums, int) else list(argnums)
            values, again = list(args), any(_recorded(args[at]) for at in places)
            with Mode(True):
                for at in places:
                    values[at] = _leaf(values[at])
                out = called(machine, function, values, named)
                _scalar(out)
                leaves = [values[at] for at in places]
                if out.requires_grad:
                    found = eager.grad(out, leaves, create_graph=again, materialize_grads=True)
                else:
                    found = tuple(each.detach() * 0 for each in leaves)
            answer = found[0] if isinstance(argnums, int) else tuple(found)
            return (answer, out if again else out.detach()) if whole else answer

        return Native("grad", call)

    return make


def _recorded(value: Any) -> bool:
    return isinstance(value, Tensor) and value.requires_grad


def _scalar(out: Any) -> None:
    if not isinstance(out, Tensor):
        text = f"Expected f(*args) to return a single tensor, got {python_name(out)}"
        raise Raised("RuntimeError", text)
    if out.ndim:
        text = "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor "
        text += f"with {out.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
        raise Raised("RuntimeError", text)


def _whole(function: Callable[..., Any]) -> Call:
    """`jacrev` and `hessian` of the first argument."""

    def make(machine: Machine, args: list[Any], named: dict[str, Any]) -> Native:
        inner = args[0]
        if named.get("argnums", 0) != 0 or len(args) > 1:
            raise refused("argnums here", "Put the argument first: `lambda w: f(x, w)`.")

        def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
            rest = args[1:]
            return function(lambda x: called(machine, inner, [x, *rest], {}), args[0])

        return Native("jacobian", call)

    return make


def _product(function: Callable[..., Any]) -> Call:
    """`vjp`, `jvp`, `hvp` of `torch.autograd.functional`: (value, product)."""

    def call(machine: Machine, args: list[Any], named: dict[str, Any]) -> Any:
        given = dict(zip(("func", "inputs", "v"), args, strict=False)) | named
        return function(python_function(machine, given["func"]), given["inputs"], given.get("v"))

    return call


def _check(machine: Machine, args: list[Any], named: dict[str, Any]) -> bool:
    """Compare both Jacobians entry by entry, as PyTorch does."""
    given = dict(zip(("func", "inputs", "eps", "atol", "rtol"), args, strict=False)) | named
    inputs = given["inputs"] if isinstance(given["inputs"], list | tuple) else [given["inputs"]]
    wanted = [at for at, each in enumerate(inputs) if _recorded(each)]
    if not wanted:
        text = "gradcheck expects at least one input tensor to require gradient, but none of the "
        raise Raised("ValueError", f"{text}them have requires_grad=True.")
    for at in wanted:
        if inputs[at].dtype != np.float64:
            warn(_SINGLE.format(slot=at))
    for at in wanted:
        numeric = _numeric(machine, given["func"], list(inputs), at, given.get("eps", 1e-6))
        own = _backward(machine, given["func"], list(inputs), at, numeric.shape)
        atol, rtol = given.get("atol", 1e-5), given.get("rtol", 1e-3)
        if not np.allclose(own, numeric, rtol=rtol, atol=atol, equal_nan=True):
            if not given.get("raise_exception", True):
                return False
            both = [tensor_text(Tensor(each.astype(inputs[at].dtype))) for each in (numeric, own)]
            text = f"Jacobian mismatch for output 0 with respect to input {at},\n"
            raise Raised("GradcheckError", f"{text}numerical:{both[0]}\nanalytical:{both[1]}\n")
    return True


def _value(machine: Machine, function: Any, inputs: list[Any]) -> Any:
    out = called(machine, function, inputs, {})
    if not isinstance(out, Tensor):
        raise refused("gradcheck of several results", "Check one result at a time.")
    return out


def _numeric(machine: Machine, function: Any, inputs: list[Any], at: int, eps: float) -> Any:
    """Central differences: a row for each entry of the input, a column for each of the result."""
    entries, rows = np.array(inputs[at].array), []
    for place in np.ndindex(entries.shape):
        ends = []
        for step in (eps, -eps):
            moved = entries.copy()
            moved[place] += step
            inputs[at] = Tensor(moved)
            with Mode(False):
                ends.append(np.array(_value(machine, function, inputs).array, dtype=np.float64))
        rows.append(((ends[0] - ends[1]) / (2 * eps)).ravel())
    machine.budget.tensor(len(rows) * (rows[0].size if rows else 0))
    return np.array(rows)


def _backward(machine: Machine, function: Any, inputs: list[Any], at: int, shape: Any) -> Any:
    leaf = inputs[at] = _leaf(inputs[at].detach())
    with Mode(True):
        out = _value(machine, function, inputs)
    found = np.zeros(shape)
    for column in range(out.numel() if out.requires_grad else 0):
        unit = np.zeros(out.numel(), dtype=out.dtype)
        unit[column] = 1
        seed = Tensor(unit.reshape(out.shape))
        (part,) = eager.grad(out, leaf, seed, retain_graph=True, materialize_grads=True)
        assert part is not None
        found[:, column] = np.asarray(part.array).ravel()
    return found


FUNC: dict[str, Call] = {
    "grad": _gradient(False),
    "grad_and_value": _gradient(True),
    "jacrev": _whole(eager.jacobian),
    "jacfwd": _whole(eager.jacobian),
    "hessian": _whole(eager.hessian),
}
PRODUCTS_OF: dict[str, Call] = {"vjp": _product(vjp), "jvp": _product(jvp), "hvp": _product(hvp)}
CHECKS: dict[str, Call] = {"gradcheck": _check}
