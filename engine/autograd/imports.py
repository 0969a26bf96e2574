"""`import` binds what is here already; nothing is ever loaded."""

from __future__ import annotations

import ast

from engine.autograd.machine import Machine
from engine.autograd.refuse import span_of
from engine.autograd.torch_names import MODULES
from engine.errors import SourceError

__all__ = ["bind_import"]


def bind_import(machine: Machine, node: ast.Import | ast.ImportFrom) -> None:
    """Bind the names of an import. Raises SourceError for what is not here."""
    for each in node.names:
        if isinstance(node, ast.Import):
            if each.name not in MODULES:
                raise _missing(each.name, node)
            whole = each.name.split(".")[0]
            meant = MODULES[each.name] if each.asname else MODULES[whole]
            machine.scope.bind(each.asname or whole, meant)
            continue
        module = MODULES.get(node.module or "")
        if node.module == "__future__":
            continue
        if module is None or node.level or each.name not in module.names:
            raise _missing(f"{node.module}.{each.name}", node)
        machine.scope.bind(each.asname or each.name, module.names[each.name])


def _missing(name: str, node: ast.AST) -> SourceError:
    return SourceError("autograd.import", span_of(node), name=name, known=", ".join(MODULES))
