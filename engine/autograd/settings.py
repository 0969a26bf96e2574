"""What a snippet sets for itself: how tensors are printed, and streams of random numbers."""

from __future__ import annotations

import ast
from dataclasses import replace
from math import inf
from typing import Any

from engine.autograd.machine import Machine
from engine.autograd.random import Generator
from engine.autograd.refuse import Raised, refused, unknown
from engine.autograd.show import PrintOptions
from engine.autograd.values import Native, Record
from engine.eager.modes import RECORDING

__all__ = ["OwnGenerator", "initial_seed", "make_generator", "set_printoptions", "source"]

_PROFILES = {
    "default": PrintOptions(),
    "short": PrintOptions(precision=2, edgeitems=2),
    "full": PrintOptions(threshold=inf),
}
_NAMES = ("precision", "threshold", "edgeitems", "linewidth", "profile", "sci_mode")
_MOST = {"precision": 16, "edgeitems": 1000, "linewidth": 1000}


def set_printoptions(machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
    """Set how tensors are told from now on, in this run."""
    given = dict(zip(_NAMES, args, strict=False)) | named
    for name, value in given.items():
        if name not in _NAMES:
            text = f"set_printoptions() got an unexpected keyword argument '{name}'"
            raise Raised("TypeError", text)
        if name in _MOST and value is not None and not 0 <= value <= _MOST[name]:
            raise refused(f"{name}={value}", "Give a smaller number.")
    now = RECORDING.printing or PrintOptions()
    if given.get("profile") is not None:
        if given["profile"] not in _PROFILES:
            raise refused("this profile", "Write 'default', 'short' or 'full'.")
        now = _PROFILES[given["profile"]]
    set_now = {name: value for name, value in given.items() if value is not None}
    set_now.pop("profile", None)
    RECORDING.printing = replace(now, **(set_now | {"sci_mode": given.get("sci_mode")}))


class OwnGenerator(Record):
    """`torch.Generator`: a stream of random numbers of its own."""

    title = "torch._C.Generator"

    def __init__(self) -> None:
        self.seeded = 67280421310721
        self.stream = Generator(self.seeded)

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        """Return one of its methods."""

        def seed(machine: Machine, args: list[Any], named: dict[str, Any]) -> OwnGenerator:
            self.seeded = int(args[0] if args else named["seed"])
            self.stream.seed(self.seeded)
            return self

        found = {
            "manual_seed": Native("manual_seed", seed),
            "initial_seed": Native("initial_seed", lambda *given: self.seeded),
        }
        if node.attr not in found:
            raise unknown("torch.Generator", node.attr, found, node)
        return found[node.attr]

    def text(self, plain: bool) -> str:
        """Return it as PyTorch tells it."""
        return "<torch._C.Generator object at 0x0>"


def make_generator(machine: Machine, args: list[Any], named: dict[str, Any]) -> OwnGenerator:
    """Return a new stream."""
    return OwnGenerator()


def initial_seed(machine: Machine, args: list[Any], named: dict[str, Any]) -> int:
    """Return what the common stream was seeded with last."""
    return machine.generator.seeded


def source(machine: Machine, named: dict[str, Any]) -> Generator:
    """Return the stream that a call draws from."""
    given = named.get("generator")
    return given.stream if isinstance(given, OwnGenerator) else machine.generator
