"""Pages come in two languages, with strict headers, from our own origin alone."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from app import templating
from app.guards.security import HEADERS
from app.language import LANGUAGES
from app.main import create_app
from app.settings import Settings

PAGES = ("/", "/lab", "/ops", "/docs")


@pytest.mark.parametrize("path", [*PAGES, "/nope", "/healthz", "/api/v1/examples"])
def test_every_answer_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS


def test_a_page_for_frames_is_for_the_named_sites_alone() -> None:
    site = "https://course.example.org"
    with TestClient(create_app(Settings(embed_sites=(site,), evaluator="threads"))) as client:
        inside = client.get("/lab?embed=1")
        assert f"frame-ancestors {site}" in inside.headers["content-security-policy"]
        assert inside.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
        for path in ("/lab", "/lab?embed=0", "/?embed=1", "/docs?embed=1"):
            headers = client.get(path).headers
            assert {name: headers[name] for name in HEADERS} == HEADERS, path


def test_without_the_setting_nobody_may_frame_a_page(client: TestClient) -> None:
    headers = client.get("/lab?embed=1").headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_policy_allows_no_inline_script_and_no_other_origin() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_a_page_names_only_our_own_files(client: TestClient, path: str) -> None:
    text = client.get(path).text
    links = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', text)
    assert links
    for link in links:
        assert link.startswith("/")
        assert client.get(link).status_code == 200
    assert not re.search(r"<script(?![^>]*src=)(?![^>]*application/json)", text)
    assert not re.search(r"\son\w+=", text)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language(client: TestClient, path: str, language: str) -> None:
    response = client.get(path, params={"lang": language})
    assert f'<html lang="{language}"' in response.text
    assert client.cookies["lang"] == language
    assert f'<html lang="{language}"' in client.get(path).text


def test_the_browsers_language_is_taken(client: TestClient) -> None:
    chinese = client.get("/docs", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert "API 参考" in chinese


@pytest.mark.parametrize("host", ["lab.example:8123", "[::1]:8000"])
def test_the_reference_calls_the_server_it_is_on(client: TestClient, host: str) -> None:
    text = client.get("/docs", headers={"Host": host}).text
    assert f"curl -s http://{host}/api/v1/graph" in text
    assert "localhost" not in text


@pytest.mark.parametrize("host", ["x;rm -rf", "x'<b>", "$(id)"])
def test_a_name_that_is_none_is_in_no_command(client: TestClient, host: str) -> None:
    assert host not in html.unescape(client.get("/docs", headers={"Host": host}).text)


def test_a_theme_that_was_chosen_is_there_from_the_start(client: TestClient) -> None:
    assert "data-theme" not in client.get("/").text.partition(">")[0]
    for theme, said in (("dark", ' data-theme="dark"'), ('"><script>', "")):
        page = client.get("/", headers={"Cookie": f"theme={theme}"}).text
        assert re.search("<html[^>]*>", page)[0].count("theme") == bool(said)
        assert said in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_not_sent_twice(client: TestClient, language: str) -> None:
    first = client.get(f"/locale/{language}.json")
    assert first.json()["error.request.json"]
    again = client.get(f"/locale/{language}.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_hashed_files_are_kept_for_ever_and_others_are_asked_for_again(client: TestClient) -> None:
    hashed = client.get(templating.asset("main.js"))
    assert "immutable" in hashed.headers["cache-control"]
    assert "javascript" in hashed.headers["content-type"]
    assert client.get("/static/docs.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/dist/manifest.json").headers["cache-control"] == "no-cache"


def test_a_server_without_built_pages_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templating, "_MANIFEST", templating.STATIC / "nowhere.json")
    response = client.get("/lab")
    assert response.status_code == 503
    assert response.json()["code"] == "pages.missing"
