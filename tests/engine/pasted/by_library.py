"""Records what PyTorch, NumPy and JAX answer to the programs of this folder, run as they are:

    python tests/engine/pasted/by_library.py

in an environment that has `torch` and `jax`. The figures go to `recorded.json`.
"""

from __future__ import annotations

import ast
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
STYLES = ("torch", "numpy", "jax", "maths")


def programs(style: str) -> dict[str, str]:
    """Return the programs of a style by name."""
    text = (FOLDER / f"{style}.txt").read_text("utf-8")
    parts = [part.partition("\n") for part in text.split("### ")[1:]]
    return {name: body for name, _, body in parts}


class _Leaves(ast.NodeTransformer):
    """Lists and numbers of the mathematical style are tensors; whole statements are leaves."""

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        inner = node.value.operand if isinstance(node.value, ast.UnaryOp) else node.value
        made = isinstance(inner, ast.List | ast.Constant)
        node.value = _call("leaf", node.value) if made else self.visit(node.value)
        return node

    def visit_List(self, node: ast.List) -> ast.Call:
        return _call("tensor", node)


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])


def _mathematical() -> dict[str, Any]:
    import torch

    names = ("relu", "sigmoid", "tanh", "exp", "sin", "mean", "sum", "outer", "logdet")
    found = {name: getattr(torch, name) for name in (*names, "flatten", "ones", "tensor")}
    found |= {"solve": torch.linalg.solve, "pi": math.pi}
    found["softmax"] = lambda x, axis: torch.softmax(x, dim=axis)
    found["log"] = lambda x: torch.log(torch.as_tensor(x))
    found["leaf"] = lambda value: torch.tensor(value, requires_grad=True)
    return found


def _namespace(style: str) -> dict[str, Any]:
    import jax
    import torch

    torch.set_default_dtype(torch.float64)
    jax.config.update("jax_enable_x64", True)
    if style == "maths":
        return _mathematical()
    found: dict[str, Any] = {"math": math, "np": np, "__name__": "__main__"}
    if style == "torch":
        found |= {"torch": torch, "F": torch.nn.functional, "nn": torch.nn}
    return found


def _flat(name: str, value: Any) -> dict[str, Any]:
    """Return tensors and numbers by name; those in lists and dictionaries as `name_key`."""
    if isinstance(value, bool) or name.startswith("__"):
        return {}
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list | tuple):
        inside = enumerate(value)
    elif isinstance(value, int | float) or hasattr(value, "__array__"):
        return {name: value}
    else:
        return {}
    return {k: v for key, each in inside for k, v in _flat(f"{name}_{key}", each).items()}


def _listed(value: Any) -> Any:
    value = value.detach() if hasattr(value, "detach") else value
    array = np.asarray(value)
    return array.astype(np.float64).tolist() if array.dtype != object else None


def record(style: str, source: str) -> dict[str, Any]:
    """Run one program; return the value of every name, and the gradient of every leaf."""
    tree = ast.parse(source)
    tree = ast.fix_missing_locations(_Leaves().visit(tree) if style == "maths" else tree)
    before = _namespace(style)
    names = dict(before)
    exec(compile(tree, "<pasted>", "exec"), names)
    given = {k: v for k, v in names.items() if k not in before}
    flat = {k: v for name, each in given.items() for k, v in _flat(name, each).items()}
    leaves = {k: v for k, v in flat.items() if getattr(v, "requires_grad", False) and v.is_leaf}
    if leaves and all(leaf.grad is None for leaf in leaves.values()):
        last = [node for node in tree.body if isinstance(node, ast.Assign)][-1]
        names[last.targets[0].id].backward()  # type: ignore[attr-defined]
    gradients = {k: _listed(v.grad) for k, v in leaves.items() if v.grad is not None}
    values = {k: _listed(v) for k, v in flat.items()}
    return {"values": values, "gradients": gradients}


def main() -> None:
    """Run every program, and write what was answered."""
    found: dict[str, Any] = {}
    for style in STYLES:
        for name, source in programs(style).items():
            found[f"{style}: {name}"] = record(style, source)
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (FOLDER / "recorded.json").write_text(text.replace("},", "},\n") + "\n", "utf-8")


if __name__ == "__main__":
    main()
