"""The canvas: groups open and close, nodes are found, and what stays keeps its place."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import wait_until_ready
from .reading import example, node, step_of, trace

Visit = Callable[..., Page]

LAYOUT = """() => [...document.querySelectorAll('.card')]
  .map((card) => [card.dataset.name, parseFloat(card.style.left), parseFloat(card.style.top)])"""


def order_of(page: Page, names: list[str]) -> list[str]:
    """Nodes from left to right, and in a column from top to bottom."""
    spots = page.evaluate(LAYOUT)
    return [name for name, *_ in sorted(spots, key=lambda spot: spot[1:]) if name in names]


def test_a_group_opens_by_its_button_and_closes_by_that_of_its_frame(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=0")
    names = [name for name, *_ in page.evaluate(LAYOUT)]
    before = order_of(page, names)
    page.get_by_role("button", name="Look into z1").click()
    page.wait_for_selector(node("z1.1"))
    assert "open=z1" in page.url
    frame = page.get_by_role("group", name="Open group z1 = W1 @ x + b1")
    box, inner = frame.bounding_box(), page.locator(node("z1.1")).bounding_box()
    assert box is not None and inner is not None
    assert box["x"] < inner["x"] and inner["x"] + inner["width"] < box["x"] + box["width"]
    assert order_of(page, names) == before
    page.get_by_role("button", name="Close z1").click()
    expect(page.locator(node("z1.1"))).to_have_count(0)
    assert order_of(page, names) == before


def test_an_open_group_travels_in_the_link_with_every_number(lab: Visit, base_url: str) -> None:
    page = lab("/lab?example=two-layer-network&open=z1,E&step=20")
    expect(page.locator(node("z1.1"))).to_have_attribute("data-phase", "value")
    page.reload()
    wait_until_ready(page)
    expect(page.locator(node("z1.1"))).to_be_visible()
    events = trace(base_url, example(base_url, "two-layer-network")["source"])
    value = next(e["value"]["data"] for e in events if e["kind"] == "value" and e["node"] == "z1")
    shown = page.locator(f"{node('z1')} .pane.value [data-value]").evaluate_all(
        "(cells) => cells.map((cell) => Number(cell.dataset.value))"
    )
    assert shown == value


def test_opening_keeps_the_moment(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=33")
    expect(page.locator(f"{node('z1')}[data-active=backward]")).to_be_visible()
    page.keyboard.press("o")
    page.wait_for_selector(node("z1.1"))
    wait_until_ready(page)
    assert step_of(page) != 33
    expect(page.locator(f"{node('z1')}[data-active=backward]")).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator(node("z1.1"))).to_have_count(0)
    assert step_of(page) == 33


def test_all_groups_open_and_close_and_frames_nest(lab: Visit) -> None:
    page = lab("/lab?example=transformer-block")
    page.get_by_role("button", name="Open all groups").click()
    page.wait_for_selector('[data-frame="A.A"][data-depth="1"]')
    outer = page.locator('[data-frame="A"]').bounding_box()
    inner = page.locator('[data-frame="A.A"]').bounding_box()
    assert outer is not None and inner is not None
    assert outer["x"] < inner["x"] and outer["y"] < inner["y"]
    expect(page.get_by_role("button", name="Open all groups")).to_have_count(0)
    page.get_by_role("button", name="Close all groups").click()
    expect(page.locator("[data-frame]")).to_have_count(0)


def test_a_line_more_leaves_the_rest_where_it_was(lab: Visit) -> None:
    page = lab()
    names = ["u1", "u2", "u3", "u4"]
    before = order_of(page, names)
    source = "u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3\nu5 = u4 + u1"
    page.get_by_role("textbox", name="Graph source").fill(source)
    page.wait_for_selector(node("u5"))
    assert order_of(page, names) == before


def test_a_node_is_found_by_its_op_looked_at_and_selected(lab: Visit) -> None:
    page = lab("/lab?example=transformer-block&open=A,A.A&step=40")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Find a node by name, op or source")
    box.fill("softmax")
    expect(page.locator(".find").get_by_role("option")).to_have_count(1)
    box.press("Enter")
    found = page.locator(node("A.A"))
    expect(found).to_have_attribute("aria-current", "true")
    expect(found).to_be_in_viewport()
    expect(box).to_be_hidden()


def test_the_map_shows_while_the_graph_does_not_fit_and_leads_elsewhere(lab: Visit) -> None:
    page = lab("/lab?example=transformer-block&step=40")
    chart = page.get_by_role("img", name="Map of the graph")
    expect(chart).to_be_visible()
    transform = "document.querySelector('.world').style.transform"
    before = page.evaluate(transform)
    chart.click(position={"x": 20, "y": 60})
    page.wait_for_function(f"(before) => {transform} !== before", arg=before)
    fitting = lab("/lab")
    expect(fitting.get_by_role("img", name="Map of the graph")).to_be_hidden()


def test_pointing_lights_the_edges_of_a_node_and_dims_strangers(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54")
    page.locator(node("x")).hover()
    expect(page.locator('[data-edge="x-z1-1"]')).to_have_attribute("data-lit", "")
    expect(page.locator(node("E"))).to_have_attribute("data-dim", "")
    expect(page.locator(f"{node('z1')}:not([data-dim])")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-dim]")).to_have_count(0)


def test_users_of_a_shared_node_are_counted_as_in_its_ledger(lab: Visit) -> None:
    page = lab("/lab?step=18")
    assert page.locator(".edge .branch").all_text_contents() == ["2", "1"]
    rows = page.locator(f"{node('u2')} .ledger .branch")
    assert rows.all_inner_texts() == ["1", "2"]


def test_a_stretched_value_says_so_and_is_summed_on_the_way_back(lab: Visit) -> None:
    page = lab()
    source = "b = [1, 2]\nX = [[1, 2], [3, 4], [5, 6]]\ny = X + b\ns = sum(y)"
    page.get_by_role("textbox", name="Graph source").fill(source)
    page.wait_for_selector(node("s"))
    page.get_by_role("button", name="Last step").click()
    chip = page.locator('[data-chip="b-y-1"] .stretch')
    expect(chip).to_have_text("× 3")
    while page.locator('[data-chip="b-y-1"][data-active=backward]').count() == 0:
        page.keyboard.press("ArrowLeft")
    expect(chip).to_have_text("Σ 3")
    narration = page.get_by_role("region", name="Narration")
    expect(narration).to_contain_text("what the 3 copies of each entry receive is summed")
    while page.locator(f"{node('y')} .pane.value [data-value]").count() != 0:
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(narration).to_contain_text("Stretched by broadcasting: ")
    expect(page.locator('[data-chip="X-y-0"] .stretch')).to_have_count(0)


def test_from_far_away_nodes_are_names_and_keep_their_keys(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54")
    for _ in range(6):
        page.get_by_role("button", name="Zoom out").click()
    expect(page.locator(f"{node('z1')} .far")).to_be_visible()
    assert page.locator(".chip").count() == 0
    page.keyboard.press("0")
    expect(page.locator(f"{node('z1')} .faces")).to_be_visible()
