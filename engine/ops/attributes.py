"""What an attribute of an op may be: by its default where that tells, else by its name."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

__all__ = ["KINDS", "fits", "words_of"]


_MOST_INDICES = 4096


def _is_int(value: Any) -> bool:
    return type(value) is int and abs(value) < 2**31


def _is_number(value: Any) -> bool:
    """Beyond 2^63 an int has no dtype, and NumPy no answer."""
    return (type(value) is int and abs(value) < 2**63) or (type(value) is float and isfinite(value))


def _is_bound(value: Any) -> bool:
    return value is None or _is_number(value)


def _is_order(value: Any) -> bool:
    """Which p-norm; "inf" for the largest absolute value."""
    return value in ("inf", "fro") or (_is_number(value) and value >= 1)


def _is_ints(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) <= 32 and all(_is_int(each) for each in value)


def _is_list(value: tuple[Any, ...]) -> bool:
    return len(value) <= _MOST_INDICES and all(_is_int(each) for each in value)


def _is_index(value: Any) -> bool:
    """One entry an axis, as `engine.language.call.index` makes them."""
    return isinstance(value, tuple) and all(
        each is None
        or each == "..."
        or _is_int(each)
        or (isinstance(each, tuple) and each[:1] == ("list",) and _is_list(each[1:]))
        or (
            isinstance(each, tuple)
            and len(each) == 4
            and each[0] == "slice"
            and all(bound is None or _is_int(bound) for bound in each[1:])
        )
        for each in value
    )


def _is_size(value: Any) -> bool:
    """Of a window, its steps or its borders: one number for all axes, or one each."""
    return value is None or _is_int(value) or _is_ints(value)


def _is_pairing(value: Any) -> bool:
    """A count of axes, or the axes of each of two operands."""
    each_is_one = isinstance(value, tuple) and len(value) == 2
    return _is_int(value) or (each_is_one and all(_is_int(v) or _is_ints(v) for v in value))


_INTEGERS = ("a whole number or a list of them", lambda v: _is_int(v) or _is_ints(v))
_INTEGER = ("a whole number", _is_int)
_SIZE = ("a whole number or a list of them", _is_size)

KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "axis": (
        "a whole number, a list of them or None",
        lambda v: v is None or _is_int(v) or _is_ints(v),
    ),
    "correction": (
        "a whole number, True or False",
        lambda v: isinstance(v, bool) or _is_int(v),
    ),
    "ignore_index": ("a whole number or None", lambda v: v is None or _is_int(v)),
    "p": ("a number from 1 on, or inf", _is_order),
    "normalized_shape": (
        "a whole number or a list of them",
        lambda v: v is None or _is_int(v) or _is_ints(v),
    ),
    "num_groups": ("a whole number", _is_int),
    "n": ("a whole number", _is_int),
    "topk.k": ("a whole number from 0 on", lambda v: _is_int(v) and v >= 0),
    "argtopk.k": ("a whole number from 0 on", lambda v: _is_int(v) and v >= 0),
    "q": ("a number from 0 on", lambda v: _is_number(v) and v >= 0),
    "quantile.q": ("a number from 0 to 1", lambda v: _is_number(v) and 0 <= v <= 1),
    "threshold": ("a number", _is_number),
    "eps": ("a number from 0 on", lambda v: _is_number(v) and v >= 0),
    "reduction": (
        "'mean', 'sum' or 'none'",
        lambda v: v in ("mean", "sum", "none", "batchmean"),
    ),
    "dropout.p": ("a number from 0 to 1", lambda v: _is_number(v) and 0 <= v <= 1),
    "approximate": ("'none' or 'tanh'", lambda v: v in ("none", "tanh")),
    "axes": ("a list of whole numbers or None", lambda v: v is None or _is_ints(v)),
    "threshold.value": ("a number", _is_number),
    "min": ("a number or None", _is_bound),
    "max": ("a number or None", _is_bound),
    "shape": ("a list of whole numbers", lambda v: _is_int(v) or _is_ints(v)),
    "index": ("an index", _is_index),
    "dims": ("a whole number or two lists of axes", _is_pairing),
    **dict.fromkeys(("reps", "shift", "source", "destination", "pad"), _INTEGERS),
    **dict.fromkeys(("repeats", "axis1", "axis2", "sections"), _INTEGER),
    **dict.fromkeys(("kernel_size", "stride", "dilation", "output_padding"), _SIZE),
    "padding": (
        "a whole number, a list of them, 'same' or 'valid'",
        lambda v: v in ("same", "valid") or _is_size(v),
    ),
    "subscripts": ("a string such as 'ij,jk->ik'", lambda v: isinstance(v, str) and len(v) <= 200),
}
"""By name, or by op and name: in words, and as a test. For an attribute whose default does not tell
its kind."""

_BY_DEFAULT: dict[type, tuple[str, Callable[[Any], bool]]] = {
    bool: ("True or False", lambda v: isinstance(v, bool)),
    int: ("a whole number", _is_int),
    float: ("a number", _is_number),
    str: ("a string", lambda v: isinstance(v, str) and len(v) <= 200),
    tuple: ("a list of whole numbers", lambda v: _is_int(v) or _is_ints(v)),
}


def fits(key: str, default: Any, value: Any, op: str = "") -> str | None:
    """Return None where `value` may be given for the attribute `key`, else what it must be."""
    words, test = _kind(key, default, op)
    return None if test(value) else words


def words_of(key: str, default: Any, op: str = "") -> str:
    """Return what the attribute `key` may be, in words."""
    return _kind(key, default, op)[0]


def _kind(key: str, default: Any, op: str) -> tuple[str, Callable[[Any], bool]]:
    return KINDS.get(f"{op}.{key}") or KINDS.get(key) or _BY_DEFAULT[type(default)]
