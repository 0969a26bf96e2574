"""A snippet run by PyTorch itself, watched after every statement. Only tests and the script that
records for them run Python here; the engine never does."""

from __future__ import annotations

import ast
import contextlib
import io
import math
import re
import warnings
from collections.abc import Callable
from typing import Any

__all__ = ["observed", "sentence"]


def sentence(text: str) -> str:
    """Return a message without addresses in memory and places in PyTorch's own source."""
    text = re.sub(r"0x[0-9a-f]+", "0x0", text)
    text = text.replace("See github.com/pytorch/pytorch/pull/30531 for more informations. ", "")
    return re.split(r" \(Triggered internally| See github.com", text)[0].strip()


def observed(source: str) -> dict[str, Any]:
    """Return what a snippet prints, the state after each statement, its warnings and its error."""
    import torch

    _begin(torch)
    names: dict[str, Any] = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    names |= {"optim": torch.optim, "__name__": "__main__"}
    found: dict[str, Any] = {"states": []}
    names["__observe__"] = _watcher(torch, names, found["states"])
    tree = ast.fix_missing_locations(_Watched().visit(ast.parse(source)))
    output = io.StringIO()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(output):
        warnings.simplefilter("always")
        try:
            exec(compile(tree, "<snippet>", "exec"), names)
        except Exception as error:
            found["error"] = [type(error).__name__, sentence(str(error))]
    torch.set_grad_enabled(True)
    told = [sentence(str(w.message)) for w in caught if issubclass(w.category, UserWarning)]
    return found | {"output": sentence(output.getvalue()), "warnings": list(dict.fromkeys(told))}


def _begin(torch: Any) -> None:
    torch.set_num_threads(1)
    torch.set_warn_always(True)
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    torch.set_printoptions(profile="default", sci_mode=None)
    torch.manual_seed(0)


def _watcher(torch: Any, names: dict[str, Any], states: list[Any]) -> Callable[[int], None]:
    kept: dict[str, Any] = {}

    def observe(line: int) -> None:
        tensors = {name: v for name, v in names.items() if isinstance(v, torch.Tensor)}
        state = {name: _tensor(v) for name, v in tensors.items()}
        changed = {name: now for name, now in state.items() if kept.get(name) != now}
        gone = sorted(set(kept) - set(state))
        kept.clear()
        kept.update(state)
        states.append([line, changed, gone])

    return observe


class _Watched(ast.NodeTransformer):
    """Puts a look at all names behind every statement outside functions."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        return [node, _look(node)]

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        return [node, _look(node)]

    def generic_visit(self, node: ast.AST) -> Any:
        super().generic_visit(node)
        if isinstance(node, ast.Assign | ast.Expr | ast.AugAssign | ast.Delete | ast.AnnAssign):
            return [node, _look(node)]
        return node


def _look(node: Any) -> ast.stmt:
    call = ast.Call(ast.Name("__observe__", ast.Load()), [ast.Constant(node.lineno)], [])
    return ast.copy_location(ast.Expr(call), node)


def _tensor(value: Any) -> dict[str, Any]:
    grad = value.grad if value.is_leaf or value.retains_grad else None
    return {
        "data": _plain(value.detach().tolist()),
        "shape": list(value.shape),
        "dtype": str(value.dtype).removeprefix("torch."),
        "requires_grad": value.requires_grad,
        "is_leaf": value.is_leaf,
        "grad": None if grad is None else _plain(grad.detach().tolist()),
        "grad_fn": value.grad_fn and value.grad_fn.name().removeprefix("torch::autograd::"),
        "version": 0 if value.is_inference() else value._version,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.9g}") if math.isfinite(value) else str(value)
    return value
