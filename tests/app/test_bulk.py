"""Thousands of mistakes are told by the first of them, and Pydantic is not asked about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from app.bulk import check_bulk
from app.errors import RequestError
from app.schemas import GraphRequest, NodeSpec
from engine.errors import LimitError

X = {"name": "x", "value": 1}


@pytest.mark.parametrize(
    ("content", "field", "reason"),
    [
        ({f"k{i}": 1 for i in range(9)}, "/k0", "Extra inputs are not permitted"),
        ({"graph": [X, {**X, "a": 1, "b": 2}]}, "/graph/1/a", "Extra inputs are not permitted"),
        ({"graph": [X, {}]}, "/graph/1/name", "Field required"),
        ({"graph": {"nodes": [X, 3]}}, "/graph/nodes/1", "Input should be"),
        ({"graph": {"nodes": [X], "groups": [{}]}}, "/graph/groups/0/path", "Field required"),
    ],
)
def test_the_first_mistake_is_told_with_its_place(
    content: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(RequestError) as caught:
        check_bulk(content, GraphRequest, 20)
    assert caught.value.code == "request.field"
    assert caught.value.params["field"] == field
    assert str(caught.value.params["reason"]).startswith(reason)


def test_pydantic_is_asked_about_one_part_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    validate = NodeSpec.model_validate

    def counted(given: Any) -> Any:
        nonlocal asked
        asked += 1
        return validate(given)

    monkeypatch.setattr(NodeSpec, "model_validate", counted)
    with pytest.raises(RequestError):
        check_bulk({"graph": [{}] * 10_000}, GraphRequest, None)
    assert asked == 1


@pytest.mark.parametrize("graph", [[X] * 21, {"nodes": [X] * 21}, {"groups": [1] * 21}])
def test_too_many_parts_name_the_limit_and_what_was_asked(graph: Any) -> None:
    with pytest.raises(LimitError) as caught:
        check_bulk({"graph": graph}, GraphRequest, 20)
    assert (caught.value.params["asked"], caught.value.params["allowed"]) == (21, 20)


@pytest.mark.parametrize(
    "content", [[], None, 3, {}, {"source": 3}, {"graph": [X] * 20}, {"graph": {"nodes": 3}}]
)
def test_what_has_few_mistakes_is_left_to_pydantic(content: Any) -> None:
    check_bulk(content, GraphRequest, 20)
