"""The shipped examples as PyTorch runs them: the same text, line by line, and its gradients.

Needs PyTorch; `scripts/record_torch.py` keeps the answers in programs.json.
"""

from __future__ import annotations

import ast
import importlib
import math
from typing import Any

import engine

__all__ = ["run"]

CONSTANTS = {
    "convolutional-network": {"label": "long"},
    "bag-of-words": {"words": "long"},
    "contrastive-loss": {"pairs": "long"},
    "policy-gradient": {"actions": "long"},
    "attention-head": {"hidden": "bool"},
}
"""Leaves that hold classes, places or choices: PyTorch wants them in a type of their own."""


class _Literals(ast.NodeTransformer):
    """Lists that stand inside an expression are tensors too."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return node if ast.unparse(node.func) == "torch.tensor" else self.generic_visit(node)

    def visit_List(self, node: ast.List) -> ast.AST:
        try:
            ast.literal_eval(node)
        except ValueError:
            return node
        made = ast.Call(ast.Name("tensor", ast.Load()), [node], [])
        return ast.copy_location(made, node)


def _either(torch: Any, name: str) -> Any:
    """PyTorch's function, which also takes numbers, as the language does."""
    function = getattr(torch, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        numbers = [isinstance(each, int | float) for each in args]
        if all(numbers) and hasattr(math, name):
            return getattr(math, name)(*args)
        pairs = name in ("minimum", "maximum")
        wanted = [torch.as_tensor(a, dtype=torch.float64) if pairs else a for a in args]
        return function(*wanted, **kwargs)

    return call


def _names(torch: Any) -> dict[str, Any]:
    """What the examples may call, by the names they use for it."""
    functional = importlib.import_module("torch.nn.functional")
    bare = "sin cos exp log sqrt tanh sigmoid relu softmax mean sum max minimum trace stack logdet"
    names = {name: _either(torch, name) for name in bare.split()}
    numpy = {**names, "var": lambda x, axis: torch.var(x, axis, correction=0)}
    numpy |= {"linalg": torch.linalg, "eye": torch.eye}
    return {
        **names,
        "norm": torch.linalg.norm,
        "solve": torch.linalg.solve,
        "tensor": lambda value: torch.tensor(value, dtype=torch.float64),
        "torch": torch,
        "F": functional,
        "np": type("np", (), {name: staticmethod(each) for name, each in numpy.items()}),
    }


def _written(statement: ast.stmt) -> Any:
    """The value that a leaf is given; Ellipsis for what is computed, None for an import."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return None
    if not isinstance(statement, ast.Assign):
        return ...
    value = statement.value
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "np.array":
        value = value.args[0]
    try:
        return ast.literal_eval(value)
    except ValueError:
        return ...


def run(example: engine.Example) -> dict[str, Any]:
    """The output's value, and P of every leaf, rows × entries, by PyTorch."""
    torch = importlib.import_module("torch")
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        found, leaves = _executed(torch, example)
    finally:
        torch.set_default_dtype(usual)
    return {"value": found.tolist(), "leaves": _pulled(torch, found, leaves, example.gradient)}


def _executed(torch: Any, example: engine.Example) -> tuple[Any, dict[str, Any]]:
    """The output, and the leaves by name."""
    names, leaves = _names(torch), {}
    constants = CONSTANTS.get(example.name, {})
    for statement in ast.parse(example.source).body:
        value = _written(statement)
        if value is ...:
            tree = ast.fix_missing_locations(_Literals().visit(ast.Module([statement], [])))
            exec(compile(tree, example.name, "exec"), names)
        elif value is not None:
            name = statement.targets[0].id  # type: ignore[attr-defined]
            dtype = getattr(torch, constants.get(name, "float64"))
            names[name] = torch.tensor(value, dtype=dtype)
            if name not in constants:
                leaves[name] = names[name].requires_grad_()
    return names[example.output.partition("@")[0]], leaves


def _pulled(torch: Any, found: Any, leaves: dict[str, Any], weights: Any) -> dict[str, Any]:
    """P of the leaves: one row for each entry of the output, or one for its weight vector."""
    flat = found.reshape(-1)
    identity = torch.eye(len(flat), dtype=flat.dtype)
    seeds = identity if weights is None else torch.tensor([weights], dtype=flat.dtype)
    rows = [
        torch.autograd.grad(flat, list(leaves.values()), seed, retain_graph=True) for seed in seeds
    ]
    return {
        name: [row[place].reshape(-1).tolist() for row in rows] for place, name in enumerate(leaves)
    }
