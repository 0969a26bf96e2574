"""Only our own pages, invited sites and programs may call; every answer has strict headers."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from app.guards.security import HEADERS, HTTPS_ONLY
from app.main import create_app
from app.settings import Settings

BODY = {"source": "x = 1\ny = x * x"}
ELSEWHERE = "https://elsewhere.example"


def client_of(**settings: Any) -> TestClient:
    return TestClient(create_app(Settings(**settings)), raise_server_exceptions=False)


def ask(client: TestClient, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/api/v1/graph", json=BODY, headers=named)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": "http://testserver"},
        {"origin": "https://TESTSERVER"},
        {"origin": ELSEWHERE, "sec_fetch_site": "same-origin"},
    ],
)
def test_programs_and_our_own_pages_may_send(headers: dict[str, str]) -> None:
    assert ask(client_of(), **headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": "http://testserver"},
        {"sec_fetch_site": ""},
        {"origin": ELSEWHERE},
        {"origin": "null"},
        {"origin": "http://testserver.elsewhere.example"},
        {"origin": "http://testserver:81"},
        {"origin": "testserver"},
    ],
)
def test_a_page_of_another_site_may_not_send(headers: dict[str, str]) -> None:
    response = ask(client_of(), **headers)
    assert (response.status_code, response.json()["code"]) == (403, "request.origin")
    assert "access-control-allow-origin" not in response.headers
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_anybody_may_follow_a_link() -> None:
    response = client_of().get("/lab", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200


def test_an_invited_site_may_read_what_the_api_answers() -> None:
    client = client_of(cors_origins=(ELSEWHERE,))
    response = ask(client, origin=ELSEWHERE, sec_fetch_site="cross-site")
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == ELSEWHERE
    exposed = response.headers["access-control-expose-headers"]
    for name in ("ETag", "RateLimit", "Retry-After", "X-Request-Id"):
        assert name in exposed
    assert "Origin" in response.headers["vary"]
    assert "access-control-allow-credentials" not in response.headers


def test_a_preflight_is_answered_for_an_invited_site_alone() -> None:
    client = client_of(cors_origins=(ELSEWHERE,))
    headers = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    allowed = client.options("/api/v1/trace", headers=headers)
    assert allowed.status_code == 204
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert "last-event-id" in allowed.headers["access-control-allow-headers"]
    refused = client.options("/api/v1/trace", headers={**headers, "Origin": "https://other"})
    assert refused.status_code == 405
    assert "access-control-allow-origin" not in refused.headers


def test_errors_can_be_read_by_an_invited_site_too() -> None:
    client = client_of(cors_origins=("*",))
    response = client.post("/api/v1/graph", content=b"{", headers={"Origin": ELSEWHERE})
    assert response.headers["access-control-allow-origin"] == ELSEWHERE
    assert client.get("/lab", headers={"Origin": ELSEWHERE}).status_code == 200
    assert "access-control-allow-origin" not in client.get("/lab").headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("lab.example", 200),
        ("LAB.example:8000", 200),
        ("lab.example.evil", 421),
        ("1.2.3.4", 421),
    ],
)
def test_a_server_with_names_answers_to_no_other(host: str, status: int) -> None:
    client = client_of(hosts=("lab.example",))
    response = client.get("/lab", headers={"Host": host})
    assert response.status_code == status
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["", " ", "a b", "a/b", "user@host", "a:b", "a:1:2", "[::1", "::1", "a\u00e9", 'a"b']
)
def test_what_is_no_name_of_a_server_is_refused(host: str) -> None:
    for path in ("/lab", "/healthz", "/api/v1/examples"):
        response = client_of().get(path, headers={"Host": host.encode()})
        assert (response.status_code, response.json()["code"]) == (400, "request.hostname")
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "host", ["lab.example", "lab_1.example:8000", "lab.example:", "127.0.0.1:1", "[::1]:8000"]
)
def test_every_form_of_a_name_of_a_server_is_taken(host: str) -> None:
    assert client_of().get("/healthz", headers={"Host": host}).status_code == 200


def test_an_older_client_need_not_say_whom_it_calls() -> None:
    async def status(version: str) -> int:
        scope = {"type": "http", "method": "GET", "path": "/healthz", "query_string": b""}
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope |= {"headers": [], "http_version": version}
        await create_app(Settings())(scope, anyio.sleep_forever, send)
        return int(sent[0]["status"])

    assert [anyio.run(status, version) for version in ("1.0", "1.1")] == [200, 400]


ONCE = ["Host", "Origin", "Sec-Fetch-Site", "Content-Type", "Last-Event-ID"]


@pytest.mark.parametrize("name", ONCE)
def test_a_header_that_trust_depends_on_may_be_there_once(name: str) -> None:
    headers = {"Host": "testserver", "Content-Type": "application/json", "Origin": "http://a"}
    headers |= {"Last-Event-ID": "3", "Sec-Fetch-Site": "none"}
    twice = [*headers.items(), (name, headers.get(name, "none"))]
    response = client_of().post("/api/v1/graph", content=b"{}", headers=twice)
    assert (response.status_code, response.json()["code"]) == (400, "request.twice")
    assert response.json()["params"] == {"header": name}


def test_browsers_are_told_to_keep_to_https_only_where_it_is_there() -> None:
    (name,) = HTTPS_ONLY
    assert name not in client_of().get("/lab").headers
    assert client_of(https=True).get("/lab").headers[name] == HTTPS_ONLY[name]


@pytest.mark.parametrize("https", [True, False])
def test_a_cookie_is_for_https_alone_where_it_is_there(https: bool) -> None:
    cookie = client_of(https=https).get("/lab?lang=en").headers["set-cookie"]
    assert ("; Secure" in cookie) is https
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("path", ["/lab", "/docs", "/static/icon.svg", "/api/v1/ops"])
def test_head_is_answered_as_get_without_a_body(path: str) -> None:
    client = client_of()
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code == 200
    assert head.headers["content-type"] == get.headers["content-type"]
    assert {name: head.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "BREW", "OPTIONS"])
@pytest.mark.parametrize("path", ["/lab", "/api/v1/graph", "/static/icon.svg", "/nowhere"])
def test_other_methods_get_a_problem(method: str, path: str) -> None:
    response = client_of().request(method, path, headers={"X-Secret": "swordfish"})
    assert response.status_code == (404 if path == "/nowhere" else 405)
    assert response.headers["content-type"] == "application/problem+json"
    assert "swordfish" not in response.text
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def observatory(headers: Any) -> int:
    """The score of Mozilla's Observatory for a page that sets no cookie and loads no stranger."""
    policy = dict(
        part.partition(" ")[::2] for part in headers["content-security-policy"].split("; ")
    )
    unsafe = "unsafe" in " ".join(v for k, v in policy.items() if k in ("script-src", "style-src"))
    score = 100 if "strict-transport-security" in headers else 80
    score += 10 if policy["default-src"] == "'none'" and not unsafe else -20
    score += 5 if policy["frame-ancestors"] == "'none'" else -20
    score += 0 if headers["x-content-type-options"] == "nosniff" else -5
    score += 5 if headers["referrer-policy"] == "no-referrer" else 0
    for name in ("cross-origin-opener-policy", "cross-origin-resource-policy"):
        score += 10 if headers[name] == "same-origin" else 0
    score += 10 if headers["cross-origin-embedder-policy"] == "require-corp" else 0
    return score


def test_the_observatory_would_be_content() -> None:
    assert observatory(client_of(https=True).get("/lab").headers) >= 150
