"""Values as text: `repr`, `str` and format specifications, never longer than the budget."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

from engine.autograd.arrays import Array
from engine.autograd.budget import Budget
from engine.autograd.refuse import Raised, refused
from engine.autograd.show import tensor_text
from engine.autograd.values import Named, Ordered, Record, Size, python_name
from engine.eager import Tensor

__all__ = ["formatted", "plain_text", "represented", "substituted"]


def plain_text(budget: Budget, value: Any) -> str:
    """Return `str(value)`."""
    if isinstance(value, str):
        return value
    if isinstance(value, Raised):
        return value.message
    if isinstance(value, Record):
        return str(budget.sized(value.text(True)))
    text = _device(value)
    return represented(budget, value) if text is None else text


def _device(value: Any) -> str | None:
    return str(value) if type(value).__name__ == "Device" else None


def represented(budget: Budget, value: Any, depth: int = 0) -> str:
    """Return `repr(value)`."""
    budget.spend()
    if depth > 20:
        raise refused("so many lists in lists", "Print their parts.")
    if isinstance(value, Tensor):
        budget.spend(value.numel() // 8 + min(value.numel(), 1000))
        return tensor_text(value)
    if isinstance(value, Named):
        parts = zip(value.fields, value, strict=True)
        told = ",\n".join(f"{key}={represented(budget, each, depth + 1)}" for key, each in parts)
        return f"torch.return_types.{value.op}(\n{told})"
    if isinstance(value, Size):
        return repr(value)
    if isinstance(value, list | tuple | set):
        return _listed(budget, value, depth)
    if isinstance(value, Record):
        return re.sub(r"\b0x[0-9a-f]+", "0x0", str(budget.sized(value.text(False))))
    if isinstance(value, Ordered):
        told = _listed(budget, list(value.items()), depth) if value else ""
        return f"OrderedDict({told})"
    if isinstance(value, dict):
        pairs = (
            f"{represented(budget, key, depth + 1)}: {represented(budget, each, depth + 1)}"
            for key, each in value.items()
        )
        return str(budget.sized("{" + ", ".join(pairs) + "}"))
    if isinstance(value, Raised):
        return f"{value.type}({value.message!r})"
    text = budget.sized(repr(value))
    return text if isinstance(value, str) else re.sub(r"\b0x[0-9a-f]+", "0x0", text)


def _listed(budget: Budget, value: Any, depth: int) -> str:
    text = ", ".join([represented(budget, each, depth + 1) for each in value])
    budget.items(len(text))
    if isinstance(value, tuple):
        return f"({text},)" if len(value) == 1 else f"({text})"
    if isinstance(value, set):
        return "{" + text + "}" if value else "set()"
    return f"[{text}]"


_SPEC = re.compile(r"(.?[<>=^])?[-+ ]?#?0?(\d{0,2})[,_]?(\.\d{1,2})?[bcdeEfFgGnosxX%]?")


def formatted(budget: Budget, value: Any, spec: str, conversion: str = "") -> str:
    """Return `format(value, spec)` after `!r` or `!s`."""
    if conversion in ("r", "a"):
        value = represented(budget, value)
    elif conversion == "s":
        value = plain_text(budget, value)
    if isinstance(value, Tensor) and not value.ndim and not (value._extra or {}).get("parameter"):
        value = value.item()
    if spec and isinstance(value, Array) and value.alone:
        value = value.entries.item()
    if not spec:
        return plain_text(budget, value)
    if not _SPEC.fullmatch(spec):
        if re.search(r"\d{3,}", spec):
            raise refused(f"the width in `{spec}`", "At most two digits each.")
        name = python_name(value)
        raise Raised("ValueError", f"Invalid format specifier '{spec}' for object of type '{name}'")
    if isinstance(value, bool | int | float | str):
        return format(value, spec)
    name = python_name(value)
    raise Raised("TypeError", f"unsupported format string passed to {name}.__format__")


def substituted(budget: Budget, text: str, args: list[Any], named: dict[str, Any]) -> str:
    """Return `text.format(*args, **named)`; a field is a name or a number, and nothing behind."""
    parts, position = [], 0
    for literal, field, spec, conversion in Formatter().parse(text):
        parts.append(literal)
        if field is None:
            continue
        if spec and "{" in spec:
            raise refused("a field inside a field", "Write an f-string.")
        if not field:
            field, position = str(position), position + 1
        if not field.isidentifier() and not field.isdecimal():
            raise refused(f"the field `{field}`", "Write an f-string, such as `f'{x.shape}'`.")
        parts.append(formatted(budget, _found(field, args, named), spec or "", conversion or ""))
    return str(budget.sized("".join(parts)))


def _found(field: str, args: list[Any], named: dict[str, Any]) -> Any:
    if field.isdecimal():
        if int(field[:6]) >= len(args):
            text = f"Replacement index {field} out of range for positional args tuple"
            raise Raised("IndexError", text)
        return args[int(field)]
    if field not in named:
        raise Raised("KeyError", repr(field))
    return named[field]
