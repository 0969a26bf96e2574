"""The text in a real browser: completed, lit, taken back, and explained where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from .reading import node, open_source, source_text

Visit = Callable[..., Page]


def test_the_plain_box_hands_over_text_focus_selection_and_undo(lab: Visit) -> None:
    page = lab()
    plain = page.locator(".editor textarea")
    held: list[Route] = []
    page.route("**/chunk-*.js", lambda route: held.append(route))
    plain.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("u5 = u4 * u4")
    plain.evaluate("(area) => area.setSelectionRange(3, 9, 'backward')")
    expect(page.locator(node("u5"))).to_be_visible()
    for route in held:
        route.continue_()
    page.wait_for_selector(".cm-content")
    assert source_text(page).endswith("u5 = u4 * u4")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.className").startswith(
        "cm-content"
    )
    page.keyboard.type("X")
    assert source_text(page).startswith("u1 X = 3\nu3")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert "u5" not in source_text(page)
    page.keyboard.press("Control+y")
    assert source_text(page).endswith("u5 = u4 * u4")
    page.keyboard.press("Control+y")
    assert source_text(page).startswith("u1 X = 3\nu3")
    page.keyboard.press("Control+z")
    expect(page.locator(node("u5"))).to_be_visible()


def test_an_op_is_completed_by_keyboard_alone(lab: Visit) -> None:
    page = lab()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.editor textarea, .code-editor')"):
            break
    page.wait_for_selector(".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.type("u5 = tan")
    options = page.locator(".cm-tooltip-autocomplete [role=option]")
    expect(options.first).to_have_text(re.compile("^tan"))
    # A key within the first moment is still meant for the text.
    page.wait_for_timeout(150)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".cm-tooltip-autocomplete [aria-selected=true]")).to_have_text(
        re.compile("^tanh")
    )
    page.keyboard.press("Enter")
    page.keyboard.type("u4")
    assert source_text(page).endswith("u5 = tanh(u4)")
    expect(page.locator(node("u5"))).to_be_visible()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.code-editor')")


def test_a_line_lights_its_node_and_a_node_its_line(lab: Visit) -> None:
    page = lab("/lab?step=3")
    open_source(page)
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    expect(page.locator(node("u2"))).to_have_attribute("data-lit", "true")
    page.locator(".cm-line").nth(3).hover()
    expect(page.get_by_role("region", name="Inspector").locator("h3")).to_have_attribute(
        "aria-label", "u4"
    )
    page.locator(node("u1")).hover()
    expect(page.locator(".lit-line")).to_have_text("u1 = 2")
    expect(page.locator(".active-line")).to_have_text("u3 = u1 + u2")


def test_several_mistakes_are_told_and_marked_each_in_its_line(lab: Visit) -> None:
    page = lab()
    open_source(page)
    page.get_by_role("textbox", name="Graph source").fill("a = 2\nb = a +\nc = foo(a)\nd = a * 2")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Line 2")
    expect(alert).to_contain_text("Line 3")
    expect(page.locator(".cm-line.wrong-line")).to_have_count(2)


def test_choosing_another_example_can_be_taken_back(lab: Visit) -> None:
    page = lab()
    page.get_by_role("textbox", name="Graph source").fill("mine = 2\nyours = mine * 3")
    expect(page.locator(node("yours"))).to_be_visible()
    page.get_by_role("combobox", name="Example").select_option("two-layer-network")
    expect(page.locator(node("E"))).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(node("yours"))).to_be_visible()
    assert source_text(page) == "mine = 2\nyours = mine * 3"
