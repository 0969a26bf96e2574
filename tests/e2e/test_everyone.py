"""For everyone: no violation that axe knows of, and the worked example by keys and by ear alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until_ready
from .reading import example, node, rest, step_of, steps_of, trace

Visit = Callable[..., Page]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds wrong: the rule, and where."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES
    )
    return [
        f"{rule['id']}: {place['target']} {place.get('failureSummary', '')}"
        for rule in found["violations"]
        for place in rule["nodes"]
    ]


STATES = {
    "start": "/lab",
    "middle": "/lab?step=15&marks=3,9&selection=u2",
    "network": "/lab?example=two-layer-network&step=40",
    "dark": "/lab?step=15&theme=dark&marks=3",
    "chinese": "/lab?step=15&lang=zh-CN&terms=both",
    "lecture": "/lab?mode=lecture&step=15",
    "lecture-dark": "/lab?mode=lecture&step=15&theme=dark",
    "forward": "/lab?sweep=forward&step=11",
    "both": "/lab?sweep=both&step=11",
    "derivative": "/lab?wrt=u1&step=9",
    "embedded": "/lab?embed=1&step=15",
    "embedded-bare": "/lab?embed=1&step=15&hide=header,source,inspector",
    "embedded-bare-dark": "/lab?embed=1&step=15&theme=dark&hide=header,source,inspector",
    "speaker": "/speaker?step=15&example=lstm",
    "speaker-dark": "/speaker?step=15&theme=dark",
}


@pytest.mark.parametrize("state", list(STATES))
def test_axe_finds_nothing_in_the_laboratory(lab: Visit, state: str) -> None:
    page = lab(STATES[state])
    page.wait_for_timeout(1200)
    assert violations(page) == []


@pytest.mark.parametrize("keys", [["?"], ["."], ["l"]])
def test_axe_finds_nothing_where_something_lies_over_the_page(lab: Visit, keys: list[str]) -> None:
    page = lab("/lab?step=15&mode=lecture")
    page.wait_for_timeout(900)
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_menu_and_in_the_search(lab: Visit, theme: str) -> None:
    page = lab(f"/lab?example=lstm&step=15&theme={theme}")
    page.get_by_role("button", name="Share").click()
    expect(page.locator("#share")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("gates")
    expect(page.locator(".find [role=option]").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_face_of_the_inspector(lab: Visit, theme: str) -> None:
    page = lab(f"/lab?example=two-layer-network&step=40&selection=z1&theme={theme}")
    for face in ("Full", "Structure", "Never formed"):
        page.get_by_role("button", name=face, exact=True).first.click()
        assert violations(page) == [], face
    switches = page.locator(".drawer-switch")
    for index in range(switches.count()):
        if switches.nth(index).get_attribute("aria-expanded") != "true":
            switches.nth(index).click()
    page.wait_for_timeout(900)
    assert violations(page) == []


def test_axe_finds_nothing_where_the_text_is_wrong(lab: Visit) -> None:
    page = lab("/lab?step=5")
    page.get_by_role("textbox", name="Graph source").fill("u1 = 2\nu3 = u1 +")
    expect(page.get_by_role("alert")).to_be_visible()
    page.wait_for_timeout(900)
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/", "/ops", "/docs", "/problems", "/problems/parse.syntax", "/nowhere"]
)
def test_axe_finds_nothing_on_the_other_pages(
    page: Page, base_url: str, path: str, theme: str
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(base_url + path)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []


@pytest.mark.parametrize("size", [(390, 844), (820, 1180)])
def test_axe_finds_nothing_on_a_phone_and_a_tablet(lab: Visit, size: tuple[int, int]) -> None:
    page = lab("/lab?step=15")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(900)
    assert violations(page) == []


def tab_to(page: Page, selector: str) -> None:
    """Reaches an element by Tab alone."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(name) => document.activeElement.matches(name)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_the_worked_example_is_completed_by_keys_alone(lab: Visit) -> None:
    page = lab()
    tab_to(page, ".round.play")
    page.keyboard.press("Tab")
    while step_of(page) < steps_of(page):
        page.keyboard.press("Enter")
    expect(page.locator(node("u2"))).to_have_attribute("data-phase", "final")
    page.keyboard.press("Home")
    assert step_of(page) == 0
    page.keyboard.press("End")
    tab_to(page, node("u2"))
    page.keyboard.press("Enter")
    inspector = page.get_by_role("region", name="Inspector")
    expect(inspector.get_by_role("heading", name="u2")).to_be_visible()
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="u4 = u2 * u3, value 24, P 1")).to_be_attached()


def spoken(page: Page) -> str:
    """The sentence of the live region."""
    rest(page)
    return page.locator(".narration .heard").inner_text()


def test_the_worked_example_is_completed_from_what_is_read_out_alone(
    lab: Visit, base_url: str
) -> None:
    page = lab()
    assert page.locator(".narration .heard").get_attribute("aria-live") == "polite"
    heard = [spoken(page)]
    for _ in range(steps_of(page)):
        page.keyboard.press("ArrowRight")
        heard.append(spoken(page))
    assert len(set(heard)) == len(heard)
    for event, sentence in zip(
        trace(base_url, example(base_url, "worked-example")["source"]), heard, strict=True
    ):
        number = event.get("value", event.get("dense", {})).get("data")
        while isinstance(number, list):
            number = number[0]
        if number is not None:
            assert f"{number:g}" in sentence, (event, sentence)
        for name in [event.get("node"), event.get("edge", {}).get("to")]:
            if name is not None and event["kind"] not in ("adjoint",):
                assert name in sentence, (event, sentence)
    snapshot = page.get_by_role("region", name="Graph").aria_snapshot()
    for name in (
        "u1 = 2, value 2, P 3",
        "u2 = 3, value 3, P 8",
        "u3 = u1 + u2, value 5, P 3",
        "u4 = u2 * u3, value 15, P 1",
    ):
        assert name in snapshot, snapshot


def test_playing_is_not_read_out_and_pausing_is(lab: Visit) -> None:
    page = lab("/lab?step=3")
    page.keyboard.press("Space")
    expect(page.locator(".narration .heard")).to_have_attribute("aria-live", "off")
    page.keyboard.press("Space")
    expect(page.locator(".narration .heard")).to_have_attribute("aria-live", "polite")


def test_character_keys_can_be_turned_off_and_the_others_stay(lab: Visit) -> None:
    page = lab("/lab?step=5")
    page.keyboard.press("?")
    page.get_by_role("checkbox", name="Keys that are single characters").uncheck()
    page.keyboard.press("Escape")
    for key in ("m", "b", ".", "g", "s", "3"):
        page.keyboard.press(key)
    assert step_of(page) == 5
    expect(page.locator(".blank")).to_have_count(0)
    assert "marks" not in page.url
    page.keyboard.press("PageDown")
    assert step_of(page) == 6


def test_nothing_moves_where_motion_is_reduced(lab: Visit) -> None:
    page = lab("/lab?step=5")
    page.keyboard.press("l")
    page.keyboard.press("PageDown")
    assert json.loads(page.evaluate("JSON.stringify(document.getAnimations().length)")) == 0
    wait_until_ready(page)
