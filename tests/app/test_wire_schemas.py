"""JSON Schemas are made from the classes, so that none can be forgotten."""

from __future__ import annotations

from typing import get_args

import pytest

from app.wire.wire_schemas import COMPONENTS
from engine import autograd, events


def test_every_event_is_in_the_union_by_its_kind() -> None:
    union = COMPONENTS["TraceEvent"]
    mapping = union["discriminator"]["mapping"]
    kinds = {kind.__dataclass_fields__["kind"].default for kind in get_args(events.Event)}
    assert set(mapping) == kinds
    assert [each["$ref"] for each in union["oneOf"]] == list(mapping.values())


def references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(item) for item in value.values()))
    return set().union(*(references(item) for item in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("name", COMPONENTS)
def test_what_a_component_refers_to_exists(name: str) -> None:
    assert references(COMPONENTS[name]) <= set(COMPONENTS)


def test_an_edge_is_from_and_to() -> None:
    assert COMPONENTS["EdgeRef"]["required"] == ["from", "to", "slot"]


def test_what_may_be_left_out_is_not_required() -> None:
    jacobian = COMPONENTS["JacobianEvent"]
    assert {"dense", "window"} <= set(jacobian["properties"])
    assert not {"dense", "window"} & set(jacobian["required"])


def test_every_event_of_a_snippet_is_in_the_union_with_its_number() -> None:
    union = COMPONENTS["AutogradEvent"]
    kinds = {kind.__dataclass_fields__["kind"].default for kind in get_args(autograd.Event)}
    assert set(union["discriminator"]["mapping"]) == kinds | {"failed"}
    assert "seq" in COMPONENTS["Pulled"]["required"]


def test_a_choice_of_words_is_an_enum() -> None:
    state = COMPONENTS["NodeState"]["properties"]["state"]
    assert state == {"enum": ["held", "freed", "empty", "leaf"]}
