"""What a stranger writes stays text: names, comments, strings and errors run nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until_ready

PROBE = "window.stolen = 1"
MARKUP = (
    f"<img src=x onerror='{PROBE}'><script>{PROBE}</script>"
    f'<svg onload="{PROBE}"></svg></script><!-- ]]> {{{{7*7}}}}'
)
TEX = r"\href{javascript:window.stolen=1}{x} \htmlData{a=b}{x} \includegraphics{//evil.example}"


@pytest.fixture
def watched(page: Page, base_url: str) -> Iterator[Page]:
    """A page on which no stranger's script may run, nor any other origin be asked."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    yield page
    assert page.evaluate("window.stolen") is None
    assert page.locator("[onerror], [onload], img[src=x], a[href^=javascript]").count() == 0
    assert page.locator("[data-a]").count() == 0
    assert [url for url in asked if not url.startswith((base_url, "data:", "blob:"))] == []


@pytest.mark.parametrize(
    "source",
    [
        f"x = 1  # {MARKUP}\ny = x * x",
        f"# {MARKUP}\nx = 1\n# {TEX}\ny = x * x",
        "__proto__ = 2\nconstructor = __proto__ * 3\ntoString = constructor + 1",
        "hasOwnProperty = 1\nvalueOf = hasOwnProperty + hasOwnProperty",
        "alpha = 1\nbegin = alpha * 1\nhref = begin * 2\nhtmlData = href * 3",
    ],
)
def test_a_program_of_hostile_words_is_shown_as_words(
    watched: Page, base_url: str, source: str
) -> None:
    watched.goto(f"{base_url}/lab")
    wait_until_ready(watched)
    editor = watched.get_by_role("textbox", name="Graph source")
    editor.fill(source)
    last = source.splitlines()[-1].split(" = ")[0]
    expect(watched.locator(f'[data-name="{last}"]')).to_be_visible()
    watched.locator(f'[data-name="{last}"]').first.click()


@pytest.mark.parametrize(
    "source",
    [
        MARKUP,
        f"x = {MARKUP}",
        f'x = [[1.0]]\ny = einsum("{MARKUP[:40]}", x)',
        f"x = {TEX}",
        "x = 1\ny = <img src=x onerror=alert(1)>(x)",
    ],
)
def test_a_mistake_of_hostile_words_is_told_in_words(
    watched: Page, base_url: str, source: str
) -> None:
    watched.goto(f"{base_url}/lab")
    wait_until_ready(watched)
    watched.get_by_role("textbox", name="Graph source").fill(source)
    expect(watched.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/lab", "/docs", "/nowhere"])
@pytest.mark.parametrize("mark", ["?", "#"])
def test_an_address_of_hostile_words_runs_nothing(
    watched: Page, base_url: str, path: str, mark: str
) -> None:
    text = quote(MARKUP)
    fields = "&".join(f"{name}={text}" for name in ("q", "lang", "source", "example", "step"))
    watched.goto(f"{base_url}{path}{mark}{fields}")
    watched.wait_for_load_state("networkidle")
