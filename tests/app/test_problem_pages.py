"""The address in the `type` of a problem is a page about it, in the reader's language."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from app.errors import MESSAGES
from app.routers.problems import pieces
from engine import errors

CODES = sorted({*errors.MESSAGES, *MESSAGES})


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(client: TestClient, code: str, language: str) -> None:
    page = client.get(f"/problems/{code}", params={"lang": language})
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert f"<code>{code}</code>" in page.text
    assert not re.search(r"error\.|problems\.\w+<", page.text)


def test_the_type_of_a_problem_leads_to_its_page(client: TestClient) -> None:
    problem = client.post("/api/v1/graph", json={"source": "u3 = u1 +"}).json()
    page = client.get(problem["type"])
    assert page.status_code == 200
    assert problem["code"] in page.text


def test_all_problems_are_listed(client: TestClient) -> None:
    text = client.get("/problems").text
    assert [code for code in CODES if f'id="{code}"' not in text] == []


def test_an_unknown_problem_is_not_found(client: TestClient) -> None:
    assert client.get("/problems/nothing").status_code == 404


def test_parameters_and_code_are_told_apart() -> None:
    found = pieces("`{name}` needs {asked} {{x}}.")
    assert found == [
        ("param", "name"),
        ("text", " needs "),
        ("param", "asked"),
        ("text", " "),
        ("text", "{"),
        ("text", "x"),
        ("text", "}"),
        ("text", "."),
    ]


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "There is nothing at this address."), ("zh-CN", "这个地址没有内容")],
)
@pytest.mark.parametrize("path", ["/nowhere", "/problems/nothing"])
def test_a_browser_that_finds_nothing_is_answered_with_a_page(
    client: TestClient, path: str, language: str, says: str
) -> None:
    asked = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": language}
    answer = client.get(path, headers=asked)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Accept" in answer.headers["vary"]
    assert f'lang="{language}"' in answer.text
    assert says in answer.text
    assert 'href="/lab"' in answer.text


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/static/nowhere.css"])
def test_what_is_no_page_is_answered_with_a_problem_whatever_is_accepted(
    client: TestClient, path: str
) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
