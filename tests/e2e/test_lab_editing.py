"""Editing in a real browser: text, values and choices, and what is left when something goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect

from .conftest import wait_until_ready
from .reading import node, picture, shown, source_text, step_of

Visit = Callable[..., Page]
TRACE = "**/api/v1/trace"


def source(page: Page) -> Locator:
    """The text, once the code editor has taken its place."""
    box = page.get_by_role("textbox", name="Graph source")
    box.focus()
    page.wait_for_selector(".cm-content")
    return page.get_by_role("textbox", name="Graph source")


def value(page: Page, name: str) -> Locator:
    """The number on the card of a scalar."""
    return page.locator(f"{node(name)} .pane.value .number")


def test_the_plain_box_hands_over_text_focus_selection_and_undo(lab: Visit) -> None:
    page = lab()
    plain = page.locator(".editor textarea")
    page.route("**/chunk-*.js", lambda route: (page.wait_for_timeout(600), route.continue_())[1])
    plain.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("u5 = u4 * u4")
    plain.evaluate("(area) => area.setSelectionRange(3, 9, 'backward')")
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
    source(page)
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


def test_a_value_is_typed_and_everything_follows(lab: Visit) -> None:
    page = lab("/lab?step=22")
    page.locator(node("u2")).click()
    field = page.get_by_role("textbox", name="Value of u2")
    field.fill("1/2")
    expect(value(page, "u4")).to_have_text("1.25")
    assert step_of(page) == 22
    assert "u2 = 3" in source_text(page)
    field.press("ArrowUp")
    expect(value(page, "u2")).to_have_text("0.55")
    page.reload()
    wait_until_ready(page)
    expect(value(page, "u2")).to_have_text("0.55")
    page.get_by_role("button", name="Write into the text").click()
    expect(page.get_by_text("Changed here")).to_have_count(0)
    assert "u2 = 0.55" in source_text(page)
    expect(value(page, "u2")).to_have_text("0.55")
    page.get_by_role("button", name="Undo").click()
    assert "u2 = 3" in source_text(page)
    page.get_by_role("button", name="Reset").first.click()
    expect(value(page, "u2")).to_have_text("3")


def test_a_slider_drags_at_the_same_step_and_is_one_edit(lab: Visit) -> None:
    page = lab("/lab?step=22&selection=u2")
    slider = page.get_by_role("slider", name="Slide u2")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.65, middle)
    page.mouse.down()
    for share in range(65, 96):
        page.mouse.move(box["x"] + box["width"] * share / 100, middle)
    page.mouse.up()
    end = float(slider.input_value())
    assert end > 8
    expect(value(page, "u2")).to_have_attribute("data-value", f"{end:g}")
    assert step_of(page) == 22
    page.keyboard.press("Control+z")
    expect(value(page, "u2")).to_have_text("3")
    page.keyboard.press("Control+Shift+z")
    expect(value(page, "u2")).to_have_attribute("data-value", f"{end:g}")


def test_a_number_on_a_card_can_be_dragged_and_the_card_not_pressed(lab: Visit) -> None:
    page = lab("/lab?step=22&mode=lecture")
    number = value(page, "u1").bounding_box()
    assert number is not None
    x, y = number["x"] + number["width"] / 2, number["y"] + number["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=8)
    page.mouse.up()
    expect(value(page, "u1")).to_have_text("3")
    expect(value(page, "u4")).to_have_text("18")
    expect(page.locator(node("u1"))).to_have_attribute("aria-current", "false")


def test_a_matrix_is_edited_with_keys_and_pasted_by_rows(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54&selection=W1")
    grid = page.get_by_role("grid", name="Entries of W1, 3×2")
    grid.get_by_role("gridcell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-1.25")
    page.keyboard.press("Enter")
    pane = f"{node('W1')} .pane.value"
    expect(page.locator(f"{pane} [data-value]").nth(3)).to_have_text("−1.25")
    assert shown(page, pane) == [0.5, -0.3, 0.8, -1.25, -0.6, 0.9]
    page.keyboard.press("Control+z")
    expect(page.locator(f"{pane} [data-value]").nth(3)).to_have_text("0.2")
    grid.get_by_role("gridcell").nth(2).focus()
    grid.evaluate(
        """(grid) => {
          const data = new DataTransfer();
          data.setData('text/plain', '1\\t2\\n3\\t4');
          const kind = {clipboardData: data, bubbles: true, cancelable: true};
          const event = new ClipboardEvent('paste', kind);
          grid.querySelector('[data-place="2"]').dispatchEvent(event);
        }"""
    )
    expect(page.locator(f"{pane} [data-value]").last).to_have_text("4")
    assert shown(page, pane) == [0.5, -0.3, 1, 2, 3, 4]


def test_precision_device_and_weights_are_asked_for(lab: Visit) -> None:
    page = lab()
    page.get_by_role("combobox", name="Precision").select_option("float32")
    page.locator(node("u4")).click()
    expect(page.get_by_role("region", name="Inspector")).to_contain_text("float32")
    expect(page.get_by_role("combobox", name="Device")).to_have_value("cpu")
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Example").select_option("two-layer-network")
    page.get_by_role("combobox", name="Output").select_option("y")
    weights = page.get_by_role("textbox", name="Weights v")
    weights.fill("[1, 2]")
    weights.press("Enter")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Last step").click()
    expect(page.locator(f"{node('y')} .pane.adjoint [data-value]")).to_have_text(["1", "2"])


def test_editing_while_playing_keeps_playing_and_the_place(lab: Visit) -> None:
    page = lab("/lab?step=4")
    source(page)
    page.get_by_role("button", name="Play").click()
    source(page)
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
    expect(value(page, "u2")).to_have_text("7")
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
    assert held[1].request.post_data_json["inputs"] == {"u2": 7}
    held[1].continue_()
    expect(value(page, "u2")).to_have_text("7")


def test_a_lost_server_keeps_text_values_and_picture(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/lab?step=9&selection=u2")
    wait_until_ready(page)
    before = picture(page)
    page.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_role("textbox", name="Value of u2").fill("7")
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    source(page)
    page.keyboard.press("Control+End")
    page.keyboard.type("u5 = u4 + 1")
    assert picture(page).replace("true", "") == before.replace("true", "")
    page.unroute("**/api/v1/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(node("u5"))).to_be_visible()
    assert source_text(page).endswith("u5 = u4 + 1")
    expect(value(page, "u2")).to_have_text("7")


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


def test_several_mistakes_are_told_and_marked_each_in_its_line(lab: Visit) -> None:
    page = lab()
    source(page)
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
