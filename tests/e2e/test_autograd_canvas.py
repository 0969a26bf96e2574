"""The graph and the lanes of /autograd: large Jacobians, a map, bookmarks, lectures, long runs."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from .reading import step_of
from .test_everyone import violations

Visit = Callable[..., Page]

SOFTMAX = """import torch
x = torch.rand(6, 5, requires_grad=True)
y = torch.softmax(x.tanh().exp().sqrt(), dim=1)
(y * y).sum().backward()
"""
WIDE = "x = torch.rand(70, 70, requires_grad=True)\ny = x.exp()\ny.sum().backward()\n"
LOOP = """w = torch.tensor(1.0, requires_grad=True)
for k in range(100):
    w.grad = None
    loss = w * w
    loss.backward()
"""
LAYERS = "\n".join(
    ["h = torch.ones(2)"]
    + [
        f"w{k} = torch.rand(2, requires_grad=True); a{k} = h * w{k}; h = torch.tanh(a{k}); s{k} = h"
        for k in range(30)
    ]
    + ["h.sum().backward()"]
)


def own(snippet: str, **query: object) -> str:
    code = base64.urlsafe_b64encode(snippet.encode()).decode().rstrip("=")
    told = "".join(f"&{name}={value}" for name, value in query.items())
    return f"/autograd?lesson=own{told}#code={code}"


def until_chip(page: Page, words: str) -> None:
    """Step until a local Jacobian with these words is on its edge."""
    for _ in range(60):
        if page.locator("button.chip", has=page.locator(f"text={words}")).count():
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"no chip says {words}")


def test_a_large_jacobian_shows_its_pattern_and_opens(lab: Visit) -> None:
    page = lab(own(SOFTMAX))
    page.wait_for_selector(".cm-content")
    until_chip(page, "30×30")
    chip = page.locator("button.chip").filter(has_text="30×30").first
    expect(chip.locator(".pattern")).to_be_visible()
    chip.click()
    panel = page.get_by_role("region", name="Local Jacobian")
    expect(panel).to_contain_text("diagonal 30×30")
    expect(panel).to_contain_text("900 entries, 30 non-zero")
    page.mouse.move(900, 70)
    sheet = panel.locator(".entries")
    sheet.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("status")).to_have_text(re.compile(r"^∂.+\[0\] / ∂.+\[1\] = 0$"))
    assert violations(page) == []
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_a_jacobian_too_large_to_send_says_how_it_is_held(lab: Visit) -> None:
    page = lab(own(WIDE))
    page.wait_for_selector(".cm-content")
    until_chip(page, "4900×4900")
    chip = page.locator("button.chip").filter(has_text="4900×4900")
    expect(chip).to_contain_text("diagonal")
    chip.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="Local Jacobian")
    expect(panel).to_contain_text("4900 numbers stored")
    page.locator("[data-mount=picture]").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def offset(page: Page) -> float:
    """How far right the left edge of the picture stands."""
    style = page.locator(".world").get_attribute("style") or ""
    return float(style.split("translate(")[1].split("px")[0])


def test_a_graph_that_is_too_wide_has_a_map_that_leads_elsewhere(lab: Visit) -> None:
    page = lab(own(LAYERS, step=999))
    chart = page.locator("[data-mount=map]")
    expect(chart).to_be_visible()
    before = page.locator(".world").get_attribute("style")
    assert offset(page) < -1_000
    box = chart.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 12, box["y"] + box["height"] / 2)
    expect(page.locator(".world")).not_to_have_attribute("style", before or "")
    assert offset(page) > 0
    page.locator("[data-mount=picture]").dblclick(position={"x": 5, "y": 5})
    expect(page.locator(".world")).to_have_attribute("style", before or "")


def test_wheel_and_drag_move_the_graph(lab: Visit) -> None:
    page = lab(own(LAYERS, step=999))
    world = page.locator(".world")
    for act in ("wheel", "drag"):
        before = world.get_attribute("style")
        page.mouse.move(900, 140)
        if act == "wheel":
            page.mouse.wheel(60, 0)
        else:
            page.mouse.down()
            page.mouse.move(980, 160, steps=3)
            page.mouse.up()
        expect(world).not_to_have_attribute("style", before or "")


def test_a_small_graph_has_no_map(lab: Visit) -> None:
    page = lab("/autograd?lesson=accumulate&step=5")
    expect(page.locator("[data-mount=map]")).to_be_hidden()


def test_a_bookmark_is_set_kept_in_the_link_and_recalled(lab: Visit) -> None:
    page = lab("/autograd?lesson=accumulate&step=4")
    page.keyboard.press("m")
    page.keyboard.press("End")
    page.get_by_role("button", name="Bookmark this step").click()
    page.wait_for_function("location.search.includes('marks=4')")
    again = lab(page.evaluate("location.pathname + location.search"))
    again.keyboard.press("1")
    assert step_of(again) == 4
    again.get_by_role("button", name="Bookmark 2").click()
    assert step_of(again) > 4
    again.keyboard.press("m")
    expect(again.locator(".pin")).to_have_count(1)


SMALLEST = """() => Math.min(...[...document.querySelectorAll(
    '.node header code, .node .keeps, .node .keeps code, .node .arrival, .node .tag code'
)].filter((each) => each.getClientRects().length).map((each) => {
    const card = each.closest('.node');
    const zoom = card.getBoundingClientRect().width / card.offsetWidth;
    return parseFloat(getComputedStyle(each).fontSize) * zoom;
}))"""


def test_a_lecture_has_projector_sizes_and_a_clicker(lab: Visit) -> None:
    page = lab("/autograd?lesson=gradient&step=6")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.get_by_role("button", name="Lecture mode").click()
    page.wait_for_function("location.search.includes('mode=lecture')")
    page.wait_for_selector(".cm-content")
    page.mouse.click(1900, 500)
    page.wait_for_timeout(600)
    assert page.evaluate(SMALLEST) >= 36
    size = "(name) => parseFloat(getComputedStyle(document.querySelector(name)).fontSize)"
    assert page.evaluate(size, ".narration .seen") >= 24
    assert page.evaluate(size, ".tensors td") >= 18
    page.keyboard.press(" ")
    assert step_of(page) == 7
    page.keyboard.press("PageUp")
    assert step_of(page) == 6
    page.keyboard.press(".")
    expect(page.get_by_role("button", name="Bring the picture back")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(page.locator(".blank")).to_have_count(0)
    assert step_of(page) == 6
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920
    assert violations(page) == []


def test_what_a_hundred_iterations_hold_is_a_curve(lab: Visit) -> None:
    page = lab(own(LOOP, step=900))
    curve = page.get_by_role("img", name="at most 8 B; 100 nodes")
    expect(curve).to_be_visible()
    assert page.locator("[data-bar]").count() == 0
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".kept .holders")).to_contain_text("MulBackward0 8 B")


def test_thirty_layers_have_a_lane_each_and_the_table_follows(lab: Visit) -> None:
    page = lab(own(LAYERS, step=120))
    rows = page.locator("tr[data-tensor]")
    assert rows.count() >= 60
    expect(page.locator("tr:has([data-fresh])").first).to_be_in_viewport()
    lanes = page.locator(".lanes")
    tops = {bar.bounding_box()["y"] for bar in page.locator("[data-bar]").all()}  # type: ignore[index]
    assert len(tops) >= 30
    expect(page.locator(".kept .holders")).to_contain_text("and")
    assert lanes.evaluate("(e) => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize("state", ["study", "lecture"])
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_no_mark_of_the_stage_covers_another(lab: Visit, state: str, lang: str) -> None:
    page = lab(own(LAYERS, step=140, mode=state, lang=lang))
    boxes = page.evaluate(
        """() => ['.switches .strides', '.recording', '.autograd .minimap', '.sizes']
          .map((name) => document.querySelector(name)?.getBoundingClientRect())
          .filter((box) => box?.width).map(({left, right}) => [left, right])
          .sort((a, b) => a[0] - b[0])"""
    )
    assert len(boxes) >= 2
    assert all(one[1] <= other[0] for one, other in pairwise(boxes))
