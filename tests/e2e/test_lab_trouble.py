"""What is left of a learner's work when an answer is slow, lost or wrong, or after a reload."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from .conftest import wait_until_ready
from .reading import node, open_source, picture, shown, source_text, step_of, value_of

Visit = Callable[..., Page]
TRACE = "**/api/v1/trace"


def test_editing_while_playing_keeps_playing_and_the_place(lab: Visit) -> None:
    page = lab("/lab?step=4")
    open_source(page)
    page.get_by_role("button", name="Play").click()
    open_source(page)
    page.keyboard.press("Control+End")
    page.keyboard.type("u5 = u4 * u4")
    expect(page.locator(node("u5"))).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert step_of(page) >= 4
    assert source_text(page).endswith("u5 = u4 * u4")
    page.get_by_role("button", name="Pause").click()


def test_a_slow_answer_shows_that_it_is_awaited_and_can_be_cancelled(lab: Visit) -> None:
    page = lab("/lab?step=22&selection=u2")
    before = picture(page)
    held: list[Route] = []
    page.route(TRACE, lambda route: held.append(route))
    page.get_by_role("textbox", name="Value of u2").fill("7")
    stage = page.get_by_role("region", name="Graph")
    expect(page.get_by_text("Computing; the picture is the one before.")).to_be_visible()
    expect(stage).to_have_attribute("data-stale", "computing")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Cancelled; the picture is the one before.")).to_be_visible()
    expect(stage).to_have_attribute("data-stale", "cancelled")
    assert shown(page, f"{node('u2')} .pane.value") == [3]
    assert picture(page) == before
    page.unroute(TRACE)
    page.get_by_role("button", name="Compute").click()
    expect(value_of(page, "u2")).to_have_text("7")
    expect(stage).not_to_have_attribute("data-stale", re.compile("."))


def test_only_one_request_is_under_way_and_the_latest_wins(lab: Visit) -> None:
    page = lab("/lab?step=22&selection=u2")
    held: list[Route] = []
    page.route(TRACE, lambda route: held.append(route))
    field = page.get_by_role("textbox", name="Value of u2")
    for text in ("4", "5", "6", "7"):
        field.fill(text)
    page.wait_for_timeout(100)
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_timeout(300)
    assert len(held) == 2
    assert '"inputs":{"u2":7}' in (held[1].request.post_data or "")
    held[1].continue_()
    expect(value_of(page, "u2")).to_have_text("7")


def test_a_lost_server_keeps_text_values_and_picture(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/lab?step=9&selection=u2")
    wait_until_ready(page)
    before = picture(page)
    page.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_role("textbox", name="Value of u2").fill("7")
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    open_source(page)
    page.keyboard.press("Control+End")
    page.keyboard.type("u5 = u4 + 1")
    assert picture(page).replace("true", "") == before.replace("true", "")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/api/v1/**")
    expect(page.locator(node("u5"))).to_be_visible()
    assert source_text(page).endswith("u5 = u4 + 1")
    expect(value_of(page, "u2")).to_have_text("7")


def test_a_reload_with_a_mistake_keeps_text_words_and_picture(lab: Visit) -> None:
    page = lab("/lab?step=7")
    before = picture(page)
    box = page.get_by_role("textbox", name="Graph source")
    box.fill("u1 = 2\nu2 = 3\nu3 = u1 +")
    expect(page.get_by_role("alert")).to_contain_text("u3 = u1 +")
    page.reload()
    wait_until_ready(page)
    expect(page.get_by_role("alert")).to_contain_text("u3 = u1 +")
    expect(page.get_by_text("Showing the last good version")).to_be_visible()
    assert source_text(page) == "u1 = 2\nu2 = 3\nu3 = u1 +"
    assert step_of(page) == 7
    assert picture(page) == before
