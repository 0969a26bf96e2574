"""The laboratory in a real browser: every number, forward, back, and by every road."""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until_ready
from .reading import (
    check_event,
    everything,
    example,
    node,
    picture,
    source_text,
    step_of,
    steps_of,
    trace,
)

Visit = Callable[..., Page]


@pytest.mark.parametrize("name", ["worked-example", "two-layer-network"])
def test_every_number_on_screen_is_the_engine_s(lab: Visit, base_url: str, name: str) -> None:
    events = trace(base_url, example(base_url, name)["source"])
    page = lab(f"/lab?example={name}")
    assert steps_of(page) == len(events) - 1
    for event in events[1:]:
        page.keyboard.press("ArrowRight")
        check_event(page, event)
    final = {event["node"]: event for event in events if event["kind"] == "adjoint"}
    for event in final.values():
        check_event(page, event)


@pytest.mark.parametrize("name", ["worked-example", "two-layer-network"])
def test_there_and_back_is_the_identity(lab: Visit, name: str) -> None:
    page = lab(f"/lab?example={name}")
    pictures = [everything(page)]
    for _ in range(steps_of(page)):
        page.keyboard.press("ArrowRight")
        pictures.append(everything(page))
    assert len(set(pictures)) == len(pictures)
    for expected in reversed(pictures[:-1]):
        page.keyboard.press("ArrowLeft")
        assert everything(page) == expected


def test_the_time_line_lands_where_stepping_does(lab: Visit) -> None:
    page = lab()
    stepped = []
    for _ in range(steps_of(page)):
        page.get_by_role("button", name="Step forward").click()
        stepped.append(everything(page))
    slider = page.get_by_role("slider", name="Time line")
    for step in (17, 3, 22, 9):
        slider.fill(str(step))
        assert step_of(page) == step
        assert everything(page) == stepped[step - 1]


def test_a_drag_on_the_time_line_scrubs(lab: Visit) -> None:
    page = lab()
    box = page.get_by_role("slider", name="Time line").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 10, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, middle, steps=5)
    page.mouse.up()
    assert step_of(page) == steps_of(page) // 2


def test_a_reload_stays_on_the_picture(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=31&selection=z1&theme=dark")
    before = picture(page)
    page.reload()
    wait_until_ready(page)
    assert step_of(page) == 31
    assert picture(page) == before


def test_a_program_of_one_s_own_travels_in_the_link(lab: Visit) -> None:
    page = lab()
    page.get_by_role("textbox", name="Graph source").fill("a = 4\nb = a * a")
    page.wait_for_selector(node("b"))
    page.get_by_role("slider", name="Time line").fill("2")
    expect(page).to_have_url(re.compile("step=2"))
    before, address = picture(page), page.url
    page.goto("about:blank")
    page.goto(address)
    wait_until_ready(page)
    assert picture(page) == before
    assert source_text(page) == "a = 4\nb = a * a"


def test_nodes_say_what_they_show(lab: Visit) -> None:
    page = lab()
    last = page.locator(node("u4"))
    expect(last).to_have_attribute("data-phase", "idle")
    expect(last).to_have_attribute("data-node", "4")
    page.keyboard.press("End")
    expect(last).to_have_attribute("data-phase", "final")
    expect(page.get_by_role("group", name="u4 = u2 * u3, value 15, P 1")).to_be_visible()
    expect(page.get_by_role("group", name="u2 = 3, value 3, P 8")).to_be_visible()
    assert page.locator("[data-edge]").evaluate_all(
        "(edges) => edges.map((edge) => edge.dataset.edge).sort()"
    ) == ["u1-u3-0", "u2-u3-1", "u2-u4-0", "u3-u4-1"]


def test_unknown_zero_and_unreached_look_different(lab: Visit) -> None:
    page = lab()
    page.get_by_role("textbox", name="Graph source").fill("a = 2\nb = 0 * a\nc = a + a\nd = b + 1")
    page.wait_for_selector(node("d"))
    pane = page.locator(f"{node('c')} .pane.adjoint")
    expect(pane.locator(".pending")).to_have_text("—")
    page.get_by_role("button", name="Last step").click()
    expect(page.locator(node("c"))).to_have_attribute("data-phase", "unreached")
    expect(pane.locator(".unreached")).to_have_text("not reached")
    expect(page.locator(f"{node('a')} .pane.adjoint .number")).to_have_text("0")


def test_the_ledger_fills_term_by_term(lab: Visit) -> None:
    page = lab("/lab?step=13")
    ledger = page.locator(f"{node('u2')} .ledger .row")
    expect(ledger.locator(".pending")).to_have_count(2)
    page.keyboard.press("ArrowRight")
    expect(page.locator(node("u2"))).to_have_attribute("data-phase", "value")
    expect(ledger.nth(0).locator(".number")).to_have_text("5")
    page.keyboard.press("ArrowRight")
    expect(page.locator(node("u2"))).to_have_attribute("data-phase", "partial")
    page.keyboard.press("Alt+ArrowRight")
    expect(ledger.nth(1).locator(".number")).to_have_text("3")
    expect(page.locator(node("u2"))).to_have_attribute("data-phase", "final")


def test_the_inspector_follows_then_is_pinned_then_released(lab: Visit) -> None:
    page = lab("/lab?step=4")
    inspector = page.get_by_role("region", name="Inspector")
    expect(inspector.locator('[data-jacobian="u2-u4-0"]')).to_be_visible()
    page.locator(node("u3")).click()
    page.mouse.move(5, 5)
    expect(inspector.locator('[data-jacobian="u1-u3-0"]')).to_be_visible()
    page.keyboard.press("Escape")
    expect(inspector.locator('[data-jacobian="u2-u4-0"]')).to_be_visible()


def test_any_node_can_be_the_output(lab: Visit) -> None:
    page = lab()
    page.get_by_role("combobox", name="Output").select_option("u3")
    page.wait_for_selector(f'{node("u3")}[data-role="output"]')
    page.keyboard.press("End")
    expect(page.locator(node("u4"))).to_have_attribute("data-phase", "unreached")


def test_playing_reaches_the_end_and_pauses_there(lab: Visit) -> None:
    page = lab("/lab?step=19")
    page.get_by_role("slider", name="Speed").fill("7")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_selector("html[data-step='22']", timeout=5000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_the_first_view_weighs_at_most_200_kilobytes(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/lab")
    page.wait_for_selector("html[data-ready=true]")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    code = [address for address in set(loaded) if "/static/dist/" in address]
    weight = 0
    for address in code:
        with urllib.request.urlopen(address) as response:
            weight += len(gzip.compress(response.read()))
    assert len(code) >= 6
    assert weight <= 200 * 1024


def test_nothing_on_the_picture_overlaps(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54")
    boxes = page.locator(".card, .chip").evaluate_all(
        """(marks) => marks.map((mark) => mark.getBoundingClientRect())
          .map(({left, right, top, bottom}) => ({left, right, top, bottom}))"""
    )
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = (
                one["right"] <= other["left"] + 0.5
                or other["right"] <= one["left"] + 0.5
                or one["bottom"] <= other["top"] + 0.5
                or other["bottom"] <= one["top"] + 0.5
            )
            assert apart, (one, other)


def test_an_address_of_no_example_shows_the_first(lab: Visit) -> None:
    page = lab("/lab?example=__proto__")
    assert page.locator("[data-node]").count() == 4
