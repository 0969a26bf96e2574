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
    "multilayer-perceptron": {"y": "long"},
    "convolutional-network": {"label": "long"},
    "bag-of-words": {"words": "long"},
    "contrastive-loss": {"pairs": "long"},
    "policy-gradient": {"actions": "long"},
    "attention-head": {"hidden": "bool"},
}
"""Leaves that hold classes, places or choices: PyTorch wants them in a type of their own."""


class _Literals(ast.NodeTransformer):
    """Lists that stand inside an expression are tensors too."""

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
    numpy["linalg"] = torch.linalg
    return {
        **names,
        "norm": torch.linalg.norm,
        "solve": torch.linalg.solve,
        "tensor": lambda value: torch.tensor(value, dtype=torch.float64),
        "torch": torch,
        "F": functional,
        "np": type("np", (), {name: staticmethod(each) for name, each in numpy.items()}),
    }


def run(example: engine.Example) -> dict[str, Any]:
    """The output's value, and P of every leaf, rows × entries, by PyTorch."""
    torch = importlib.import_module("torch")
    names, leaves = _names(torch), {}
    constants = CONSTANTS.get(example.name, {})
    for statement in ast.parse(example.source).body:
        name = statement.targets[0].id  # type: ignore[attr-defined]
        try:
            value = ast.literal_eval(statement.value)  # type: ignore[attr-defined]
        except ValueError:
            tree = ast.fix_missing_locations(_Literals().visit(ast.Module([statement], [])))
            exec(compile(tree, example.name, "exec"), names)
            continue
        names[name] = torch.tensor(value, dtype=getattr(torch, constants.get(name, "float64")))
        if name not in constants:
            leaves[name] = names[name].requires_grad_()
    found = names[example.output]
    return {"value": found.tolist(), "leaves": _pulled(torch, found, leaves, example.gradient)}


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
