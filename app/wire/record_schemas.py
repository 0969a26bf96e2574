"""JSON Schemas of plain records, read off the records themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["like"]

Schema = dict[str, Any]


def like(samples: Sequence[Mapping[str, Any]]) -> Schema:
    """The schema that all of some records keep to, read off them."""
    names = dict.fromkeys(name for sample in samples for name in sample)
    return {
        "type": "object",
        "required": [name for name in names if all(name in sample for sample in samples)],
        "properties": {
            name: _like_values([sample[name] for sample in samples if name in sample])
            for name in names
        },
    }


def _like_values(values: Sequence[Any]) -> Schema:
    types = sorted({_type(value) for value in values})
    schema: Schema = {"type": types[0] if len(types) == 1 else types}
    if types == ["array"]:
        inner: Iterable[Any] = (item for value in values for item in value)
        if items := list(inner):
            schema["items"] = _like_values(items)
    elif types == ["object"] and len({tuple(value) for value in values}) == 1:
        schema = like(values)
    return schema


def _type(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    for kind, name in kinds.items():
        if isinstance(value, kind):
            return name
    return "object" if isinstance(value, Mapping) else "array"
