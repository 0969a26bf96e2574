"""Bodies with thousands of mistakes, or of parts: what is wrong first is told, and nothing more is
looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from app.errors import RequestError, field_error
from app.schemas import BlockSpec, GroupSpec, NodeSpec
from engine.errors import LimitError

__all__ = ["check_bulk"]

_PARTS: dict[str, type[BaseModel]] = {"nodes": NodeSpec, "groups": GroupSpec, "blocks": BlockSpec}


def check_bulk(content: Any, kind: type[BaseModel], most: int | None) -> None:
    """Raise RequestError for the first field that is unknown and the first part of a graph that is
    none; most: how many parts of each kind there may be, or LimitError is raised."""
    if not isinstance(content, dict):
        return
    _check_known(content, kind.model_fields, ())
    graph = content.get("graph")
    parts = graph if isinstance(graph, dict) else {"nodes": graph}
    for name, spec in _PARTS.items():
        records = parts.get(name)
        if not isinstance(records, list):
            continue
        if most is not None and len(records) > most:
            asked = len(records)
            raise LimitError(
                "limit.exceeded", asked=asked, unit=name, limit="a graph", allowed=most
            )
        _check_records(records, spec, ("graph", name) if records is not graph else ("graph",))


def _check_records(records: list[Any], spec: type[BaseModel], path: tuple[str, ...]) -> None:
    fields = spec.model_fields
    needed = {name for name, field in fields.items() if field.is_required()}
    for place, each in enumerate(records):
        if not isinstance(each, dict) or not needed <= each.keys():
            raise _told(each if not isinstance(each, dict) else {}, spec, (*path, place))
        if not each.keys() <= fields.keys():
            _check_known(each, fields, (*path, place))


def _check_known(given: dict[str, Any], known: Collection[str], path: Sequence[object]) -> None:
    unknown = next((key for key in given if key not in known), None)
    if unknown is not None:
        error = {"loc": (*path, unknown), "msg": "Extra inputs are not permitted"}
        raise field_error([error])


def _told(record: Any, spec: type[BaseModel], path: tuple[object, ...]) -> RequestError:
    """Return what Pydantic says of one part that is none."""
    try:
        spec.model_validate(record)
    except ValidationError as error:
        (first, *_) = error.errors(include_input=False, include_url=False)
        return field_error([{**first, "loc": (*path, *first["loc"])}])
    raise AssertionError(record)
