"""At which shapes, attributes and values each op is tested: one module for each module of ops.

`CASES`: op → (shapes, attributes) pairs; an op without an entry gets the usual shapes of its
arity. `DOMAIN`: op → interval its inputs are drawn from (0.5 to 2 by default). `INPUTS`: op →
maker of inputs, where an interval does not do.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tests.engine.cases.shapes import Attrs, Maker, Pair, Shapes

__all__ = ["CASES", "DOMAIN", "INPUTS", "Attrs", "Pair", "Shapes"]

CASES: dict[str, list[Pair]] = {}
DOMAIN: dict[str, tuple[float, float]] = {}
INPUTS: dict[str, Maker] = {}

for _module in iter_modules(__path__, f"{__name__}."):
    _found: Any = import_module(_module.name)
    CASES |= getattr(_found, "CASES", {})
    DOMAIN |= getattr(_found, "DOMAIN", {})
    INPUTS |= getattr(_found, "INPUTS", {})
