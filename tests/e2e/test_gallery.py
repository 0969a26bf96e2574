"""The way in and the reference of ops, in a real browser: alive, quick to search, quiet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import wait_until_ready
from .reading import example, trace

Open = Callable[[str], Page]


@pytest.fixture
def quiet(page: Page, base_url: str, messages: list[str], strangers: list[str]) -> Iterator[Open]:
    """Opens a page; at the end the console must be silent and nobody else asked."""

    def visit(address: str) -> Page:
        page.goto(base_url + address)
        return page

    yield visit
    assert messages == []
    assert strangers == []


def wait_for_show(page: Page) -> None:
    expect(page.locator("[data-show]")).to_have_attribute("data-ready", "true", timeout=10_000)


def scroll_through(page: Page) -> None:
    page.evaluate(
        """async () => {
          for (let y = 0; y < document.body.scrollHeight; y += 500) {
            scrollTo(0, y);
            await new Promise((done) => setTimeout(() => requestAnimationFrame(done), 60));
          }
        }"""
    )


@pytest.mark.parametrize(("language", "play"), [("en", "Play"), ("zh-CN", "播放")])
def test_the_gallery_shows_a_still_frame_to_who_wants_no_motion(
    quiet: Open, language: str, play: str
) -> None:
    page = quiet(f"/?lang={language}")
    wait_for_show(page)
    expect(page.locator(".show .steps")).to_have_text("16 / 22")
    expect(page.locator(".show [data-name=u2]")).to_have_attribute("data-phase", "partial")
    expect(page.get_by_role("button", name=play)).to_be_visible()


def test_the_graph_of_the_gallery_says_what_the_engine_says(quiet: Open, base_url: str) -> None:
    events = trace(base_url, example(base_url, "worked-example")["source"])
    page = quiet("/")
    wait_for_show(page)
    slider = page.get_by_role("slider", name="Time line")
    slider.fill(str(len(events) - 1))
    for event in events:
        if event["kind"] == "adjoint":
            shown = page.locator(f".show [data-name={event['node']}] .adjoint [data-value]")
            assert float(shown.get_attribute("data-value") or "") == event["value"]["data"][0][0]


def test_the_graph_plays_by_itself_until_it_is_stopped(browser: Browser, base_url: str) -> None:
    context = browser.new_context(reduced_motion="no-preference", locale="en-GB")
    page = context.new_page()
    page.goto(base_url)
    wait_for_show(page)
    steps = page.locator(".show .steps")
    expect(steps).not_to_have_text("0 / 22", timeout=5_000)
    pause = page.get_by_role("button", name="Pause")
    pause.focus()
    page.keyboard.press("Enter")
    stopped = steps.text_content()
    page.wait_for_timeout(1500)
    assert steps.text_content() == stopped
    page.keyboard.press("Space")
    expect(steps).not_to_have_text(stopped or "", timeout=5_000)
    context.close()


def test_every_example_has_a_small_picture_of_its_graph(quiet: Open, base_url: str) -> None:
    page = quiet("/")
    scroll_through(page)
    total = page.locator(".entry").count()
    expect(page.locator(".entry .small svg")).to_have_count(total, timeout=20_000)
    picture = page.locator(".entry", has=page.locator('a[href="/lab?example=worked-example"]'))
    expect(picture.locator("[data-role]")).to_have_count(4)
    expect(picture.locator("[data-role=output] text")).to_have_text("u4")


@pytest.mark.parametrize(("query", "language"), [("注意力", "en"), ("ATTENTION head", "zh-CN")])
def test_a_search_finds_in_both_languages_and_stays_in_the_address(
    quiet: Open, query: str, language: str
) -> None:
    page = quiet(f"/?lang={language}")
    page.keyboard.press("/")
    page.keyboard.insert_text(query)
    found = page.locator(".entry:not([hidden])")
    expect(found.locator('a[href="/lab?example=attention-head"]')).to_be_visible()
    expect(page.locator("#kinks")).to_be_hidden()
    count = found.count()
    assert page.get_by_role("status").text_content() is not None
    page.reload()
    expect(found).to_have_count(count)
    page.get_by_role("searchbox").fill("no such thing")
    expect(page.locator("[data-none]")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(page.locator(".entry[hidden]")).to_have_count(0)


def test_a_card_leads_to_its_example_in_either_mode(quiet: Open) -> None:
    page = quiet("/")
    card = page.locator(".entry", has_text="A two-layer network")
    card.get_by_role("link", name="A two-layer network, lecture mode").click()
    wait_until_ready(page)
    assert page.evaluate("document.documentElement.dataset.mode") == "lecture"
    page.go_back()
    page.get_by_role("link", name="A two-layer network", exact=True).focus()
    page.keyboard.press("Enter")
    wait_until_ready(page)
    expect(page.locator("[data-name=z1]")).to_be_visible()
    expect(page.get_by_role("combobox", name="Example")).to_have_value("two-layer-network")


def test_the_language_changes_without_losing_the_place(quiet: Open) -> None:
    page = quiet("/?q=softmax#attention")
    page.get_by_role("link", name="简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("searchbox")).to_have_value("softmax")
    assert page.url.endswith("#attention")


def test_a_theme_is_kept_from_page_to_page(quiet: Open, page: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    quiet("/")
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark theme").click()
    dark = page.evaluate(ground)
    assert dark != light
    for path in ("/ops", "/docs", "/"):
        quiet(path)
        assert page.evaluate(ground) == dark
    quiet("/lab")
    wait_until_ready(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_without_a_script_everything_can_be_read(browser: Browser, base_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}/?q=lstm")
    expect(page.locator(".entry:visible")).to_have_count(1)
    page.goto(f"{base_url}/ops?q=softplus")
    expect(page.locator("article:visible").first).to_contain_text("softplus(x")
    context.close()


@pytest.mark.parametrize("width", [1440, 820, 390])
@pytest.mark.parametrize("path", ["/", "/ops", "/docs"])
def test_no_page_is_wider_than_its_window(quiet: Open, path: str, width: int) -> None:
    page = quiet(path)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_formula_of_the_ops_is_typeset(quiet: Open, language: str) -> None:
    page = quiet(f"/ops?lang={language}")
    page.locator(".op").evaluate_all(
        "(all) => { for (const op of all) op.style.contentVisibility = 'visible' }"
    )
    expect(page.locator(".op .katex").first).to_be_attached()
    scroll_through(page)
    expect(page.locator("[data-tex]")).to_have_count(0, timeout=10_000)
    assert page.locator(".raw-tex").count() == 0
    assert page.locator(".katex-error").count() == 0


def test_an_op_is_tried_in_the_laboratory(quiet: Open, base_url: str) -> None:
    page = quiet("/ops#tanh")
    page.get_by_role("link", name="Try it: tanh, in the laboratory").click()
    wait_until_ready(page)
    names: Any = page.locator("[data-node]").evaluate_all("(all) => all.map((n) => n.dataset.name)")
    assert sorted(names) == ["out", "x"]
