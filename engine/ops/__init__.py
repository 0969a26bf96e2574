"""The registry of ops, filled: every module of this folder is imported; no list to keep."""

from importlib import import_module
from pkgutil import iter_modules

from engine.ops.registry import ALIASES, ATOM, OPS, Misfit, Op, Point, define

__all__ = ["ALIASES", "ATOM", "OPS", "Misfit", "Op", "Point", "define"]

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
