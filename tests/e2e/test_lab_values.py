"""Values and choices in a real browser: typed, dragged, slid, pasted, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import wait_until_ready
from .reading import node, shown, source_text, step_of, value_of

Visit = Callable[..., Page]


def test_a_value_is_typed_and_everything_follows(lab: Visit) -> None:
    page = lab("/lab?step=22")
    page.locator(node("u2")).click()
    field = page.get_by_role("textbox", name="Value of u2")
    field.fill("1/2")
    expect(value_of(page, "u4")).to_have_text("1.25")
    assert step_of(page) == 22
    assert "u2 = 3" in source_text(page)
    field.press("ArrowUp")
    expect(value_of(page, "u2")).to_have_text("0.55")
    page.reload()
    wait_until_ready(page)
    expect(value_of(page, "u2")).to_have_text("0.55")
    page.get_by_role("button", name="Write into the text").click()
    expect(page.get_by_text("Changed here")).to_have_count(0)
    assert "u2 = 0.55" in source_text(page)
    expect(value_of(page, "u2")).to_have_text("0.55")
    page.get_by_role("button", name="Undo").click()
    assert "u2 = 3" in source_text(page)
    page.get_by_role("button", name="Reset").first.click()
    expect(value_of(page, "u2")).to_have_text("3")


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
    expect(value_of(page, "u2")).to_have_attribute("data-value", f"{end:g}")
    assert step_of(page) == 22
    page.keyboard.press("Control+z")
    expect(value_of(page, "u2")).to_have_text("3")
    page.keyboard.press("Control+Shift+z")
    expect(value_of(page, "u2")).to_have_attribute("data-value", f"{end:g}")


def test_the_number_goes_with_the_slider_and_the_picture_does_not_fade(lab: Visit) -> None:
    page = lab("/lab?step=22&selection=u2")
    page.get_by_role("slider", name="Slide u2").scroll_into_view_if_needed()
    numbers, fades = page.evaluate(
        """async () => {
          const [numbers, fades] = [[], []];
          for (let i = 0; i < 60; i++) {
            const slider = document.querySelector('[data-leaf] .slide');
            slider.value = String(1 + i / 20);
            slider.dispatchEvent(new Event('input', {bubbles: true}));
            const number = document.querySelector('[data-leaf] .value-field').value;
            numbers.push(Math.abs(Number(number) - Number(slider.value)) < 1e-9);
            fades.push('stale' in document.querySelector('.stage').dataset);
            await new Promise((done) => requestAnimationFrame(done));
          }
          return [numbers, fades];
        }"""
    )
    assert all(numbers)
    assert not any(fades)


def test_a_number_on_a_card_can_be_dragged_and_the_card_not_pressed(lab: Visit) -> None:
    page = lab("/lab?step=22&mode=lecture")
    number = value_of(page, "u1").bounding_box()
    assert number is not None
    x, y = number["x"] + number["width"] / 2, number["y"] + number["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=8)
    page.mouse.up()
    expect(value_of(page, "u1")).to_have_text("3")
    expect(value_of(page, "u4")).to_have_text("18")
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


def test_an_example_brings_its_weights_and_without_them_every_row_is_carried(lab: Visit) -> None:
    page = lab("/lab?example=weight-vector&step=999")
    weights = page.get_by_role("textbox", name="Weights v")
    expect(weights).to_have_value("[1, 0.1, 0.01]")
    output = f"{node('y')} .pane.adjoint [data-value]"
    expect(page.locator(output)).to_have_count(3)
    weights.fill("")
    weights.press("Enter")
    expect(page.locator(output)).to_have_count(9)
    expect(page).to_have_url(re.compile("gradient="))
    page.reload()
    expect(page.locator(output)).to_have_count(9)
    chapter = page.locator("optgroup", has=page.locator("option[value=weight-vector]"))
    expect(chapter).to_have_attribute("label", "Calculus and optimisation")


def test_the_value_is_reached_by_keyboard_and_may_be_no_number(lab: Visit) -> None:
    page = lab("/lab?step=22")
    page.locator(node("u1")).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("nan")
    expect(value_of(page, "u4")).to_have_text("NaN")
    page.keyboard.press("Control+a")
    page.keyboard.type("two")
    field = page.get_by_role("textbox", name="Value of u1")
    expect(field).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Enter")
    expect(field).to_have_value("nan")
    page.keyboard.press("Control+z")
    expect(value_of(page, "u4")).to_have_text("15")


def test_a_computed_node_is_detached_in_the_text_and_attached_again(lab: Visit) -> None:
    page = lab("/lab?step=22")
    page.locator(node("u3")).click()
    page.get_by_role("button", name="Detach").click()
    assert "u3 = detach(u1 + u2)" in source_text(page)
    expect(page.locator(node("u1"))).to_have_attribute("data-phase", "unreached")
    button = page.get_by_role("button", name="Detach")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    assert "u3 = u1 + u2" in source_text(page)
    expect(page.locator(node("u1"))).to_have_attribute("data-phase", "final")


def test_a_leaf_is_frozen_and_can_still_be_changed(lab: Visit) -> None:
    page = lab("/lab?step=22&selection=u1")
    page.get_by_role("button", name="Freeze").click()
    assert "u1 = const(2)" in source_text(page)
    expect(page.locator(node("u1"))).to_have_attribute("data-phase", "unreached")
    page.get_by_role("textbox", name="Value of u1").fill("4")
    expect(value_of(page, "u4")).to_have_text("21")
    page.get_by_role("button", name="Write into the text").click()
    assert "u1 = const(4)" in source_text(page)
    page.get_by_role("button", name="Freeze").click()
    assert "u1 = 4" in source_text(page)
    expect(page.locator(node("u1"))).to_have_attribute("data-phase", "final")
