"""Files that the build has compressed are sent so to whoever takes that."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.static_files import CachedFiles

CODE = b"export const one = 1;\n" * 50


@pytest.fixture
def files(tmp_path: Path) -> TestClient:
    """Two files in dist, one with its compressed twin."""
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "main-1A.js").write_bytes(CODE)
    (dist / "main-1A.js.gz").write_bytes(gzip.compress(CODE))
    (dist / "alone-2B.js").write_bytes(CODE)
    return TestClient(Starlette(routes=[Mount("/static", CachedFiles(directory=tmp_path))]))


def test_a_file_goes_compressed_to_whoever_takes_that(files: TestClient) -> None:
    answer = files.get("/static/dist/main-1A.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer.content == CODE
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(CODE) / 5
    assert "javascript" in answer.headers["content-type"]
    assert "immutable" in answer.headers["cache-control"]


def test_others_get_the_file_itself_and_caches_are_told(files: TestClient) -> None:
    answer = files.get("/static/dist/main-1A.js", headers={"Accept-Encoding": "identity"})
    assert answer.content == CODE
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_file_without_a_twin_goes_as_it_is(files: TestClient) -> None:
    answer = files.get("/static/dist/alone-2B.js", headers={"Accept-Encoding": "gzip"})
    assert answer.content == CODE
    assert "content-encoding" not in answer.headers


def test_what_is_compressed_has_a_tag_of_its_own(files: TestClient) -> None:
    tags = {
        files.get("/static/dist/main-1A.js", headers={"Accept-Encoding": coding}).headers["etag"]
        for coding in ("gzip", "identity")
    }
    assert len(tags) == 2
