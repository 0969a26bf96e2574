"""`torch.optim.lr_scheduler`: what changes the learning rate of every group, step by step."""

from __future__ import annotations

import ast
from collections.abc import Callable
from math import cos, inf, pi
from typing import Any

from engine.autograd.call import called
from engine.autograd.machine import Machine
from engine.autograd.optimizers import Optimizer
from engine.autograd.refuse import Raised, unknown
from engine.autograd.values import Kind, Native, Record, python_name
from engine.eager import Tensor
from engine.eager.modes import warn

__all__ = ["SCHEDULERS"]

_EARLY = (
    "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, "
    "you should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  "
    "Failure to do this will result in PyTorch skipping the first value of the learning rate "
    "schedule. See more details at "
    "https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"
)
Rate = Callable[[Machine, dict[str, Any], dict[str, Any], int, int], float]
"""(machine, options, group, epoch, number of the group) → learning rate."""


class Scheduler(Record):
    """One schedule. epoch: how often it stepped."""

    def __init__(self, title: str, optimizer: Optimizer, options: dict[str, Any]) -> None:
        self.title, self.optimizer, self.options = title, optimizer, options
        self.epoch = 0
        for group in optimizer.groups:
            group.setdefault("initial_lr", group["lr"])

    def advance(self, machine: Machine) -> None:
        """Set the rate of every group for this epoch."""
        for at, group in enumerate(self.optimizer.groups):
            group["lr"] = _RATES[self.title](machine, self.options, group, self.epoch, at)

    def step(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
        """Go to the next epoch."""
        if not self.epoch and not self.optimizer.steps:
            warn(_EARLY)
        self.epoch += 1
        self.advance(machine)

    def _last(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> list[Any]:
        return [group["lr"] for group in self.optimizer.groups]

    def attribute(self, machine: Machine, node: ast.Attribute) -> Any:
        methods = {"step": self.step, "get_last_lr": self._last}
        if node.attr in methods:
            return Native(node.attr, methods[node.attr], "Scheduler")
        if node.attr == "last_epoch":
            return self.epoch
        raise unknown(self.title, node.attr, [*methods, "last_epoch"], node)


class Plateau(Scheduler):
    """Lowers the rate where a number has not become better for a while."""

    best, waited = inf, 0

    def step(self, machine: Machine, args: list[Any], named: dict[str, Any]) -> None:
        """Look at a number."""
        given = args[0] if args else named["metrics"]
        value = given.item() if isinstance(given, Tensor) else float(given)
        sign = -1 if self.options["mode"] == "max" else 1
        self.epoch += 1
        if sign * value < self.best - abs(self.best if self.best < inf else 0) * 1e-4:
            self.best, self.waited = sign * value, 0
        else:
            self.waited += 1
        if self.waited > self.options["patience"]:
            self.waited = 0
            for group in self.optimizer.groups:
                lower = max(group["lr"] * self.options["factor"], self.options["min_lr"])
                if group["lr"] - lower > 1e-8:
                    group["lr"] = lower


def _stepped(machine: Machine, options: Any, group: Any, epoch: int, at: int) -> float:
    turn = epoch and epoch % options["step_size"] == 0
    return float(group["lr"] * options["gamma"]) if turn else group["lr"]


def _at_stones(machine: Machine, options: Any, group: Any, epoch: int, at: int) -> float:
    return float(group["lr"] * options["gamma"] ** list(options["milestones"]).count(epoch))


def _exponential(machine: Machine, options: Any, group: Any, epoch: int, at: int) -> float:
    return float(group["lr"] * options["gamma"]) if epoch else group["lr"]


def _by_function(machine: Machine, options: Any, group: Any, epoch: int, at: int) -> float:
    several = options["lr_lambda"]
    function = several[at] if isinstance(several, list | tuple) else several
    return float(group["initial_lr"] * called(machine, function, [epoch], {}))


def _cosine(machine: Machine, options: Any, group: Any, epoch: int, at: int) -> float:
    """PyTorch's recursion, so that its roundings are the same."""
    most, least, rate = options["T_max"], options["eta_min"], group["lr"]
    if epoch == 0:
        return float(rate)
    if (epoch - 1 - most) % (2 * most) == 0:
        return float(rate + (group["initial_lr"] - least) * (1 - cos(pi / most)) / 2)
    ratio = (1 + cos(pi * epoch / most)) / (1 + cos(pi * (epoch - 1) / most))
    return float(ratio * (rate - least) + least)


_RATES: dict[str, Rate] = {"StepLR": _stepped, "MultiStepLR": _at_stones, "LambdaLR": _by_function}
_RATES |= {"ExponentialLR": _exponential, "CosineAnnealingLR": _cosine}


def _make(title: str, usual: dict[str, Any], kind: type[Scheduler] = Scheduler) -> Kind:
    def make(machine: Machine, args: list[Any], named: dict[str, Any]) -> Scheduler:
        found = {"optimizer": ...} | usual
        found = found | dict(zip(found, args, strict=False)) | named
        optimizer = found.pop("optimizer")
        if not isinstance(optimizer, Optimizer):
            raise Raised("TypeError", f"{python_name(optimizer)} is not an Optimizer")
        missing = [name for name, value in found.items() if value is ...]
        if missing:
            text = f"{title}.__init__() missing 1 required positional argument: '{missing[0]}'"
            raise Raised("TypeError", text)
        made = kind(title, optimizer, found)
        if title in _RATES:
            made.advance(machine)
        return made

    return Kind(f"torch.optim.lr_scheduler.{title}", make, (Scheduler,))


SCHEDULERS = {
    "StepLR": _make("StepLR", {"step_size": ..., "gamma": 0.1}),
    "MultiStepLR": _make("MultiStepLR", {"milestones": ..., "gamma": 0.1}),
    "ExponentialLR": _make("ExponentialLR", {"gamma": ...}),
    "LambdaLR": _make("LambdaLR", {"lr_lambda": ...}),
    "CosineAnnealingLR": _make("CosineAnnealingLR", {"T_max": ..., "eta_min": 0.0}),
    "ReduceLROnPlateau": _make(
        "ReduceLROnPlateau",
        {"mode": "min", "factor": 0.1, "patience": 10, "min_lr": 0},
        Plateau,
    ),
}
