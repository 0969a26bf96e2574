"""Schemas that are read off records."""

from __future__ import annotations

from app.wire.record_schemas import like


def test_a_schema_is_read_off_records() -> None:
    found = like([{"a": 1, "b": ["x"]}, {"a": None, "b": []}])
    assert found["required"] == ["a", "b"]
    assert found["properties"]["a"] == {"type": ["integer", "null"]}
    assert found["properties"]["b"] == {"type": "array", "items": {"type": "string"}}
    assert like([{"a": 1}, {}])["required"] == []
