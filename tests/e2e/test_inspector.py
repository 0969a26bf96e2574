"""The inspector in a real browser: every number it shows is the API's, in every face it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .inspecting import edge_key, fact, inspector, numbers, post
from .reading import chip, example, flat, node, steps_of, trace

Visit = Callable[..., Page]

EXAMPLES = ["worked-example", "two-layer-network", "attention-head", "tie-in-max", "rosenbrock"]


def at_the_end(lab: Visit, base_url: str, name: str) -> tuple[Page, list[dict[str, Any]]]:
    events = trace(base_url, example(base_url, name)["source"])
    return lab(f"/lab?example={name}&step={len(events) - 1}"), events


@pytest.mark.parametrize("name", EXAMPLES)
def test_values_jacobians_terms_and_p_are_the_api_s(lab: Visit, base_url: str, name: str) -> None:
    page, events = at_the_end(lab, base_url, name)
    of = {kind: [e for e in events if e["kind"] == kind] for kind in ("jacobian", "term")}
    last = {e["node"]: e for e in events if e["kind"] == "adjoint"}
    value = {e["node"]: e for e in events if e["kind"] == "value"}
    for one in events[0]["nodes"]:
        page.locator(node(one["name"])).focus()
        page.keyboard.press("Enter")
        expect(page.locator(".subject h3")).to_have_attribute("aria-label", one["name"])
        if one["op"] not in ("leaf", "const"):
            shown = numbers(fact(page, "value").locator(".sheet-view, .number").first.locator(".."))
            assert shown[: len(flat(value[one["name"]]["value"]["data"]))] == flat(
                value[one["name"]]["value"]["data"]
            )
        for event in of["jacobian"]:
            if event["edge"]["to"] == one["name"]:
                place = page.locator(f'[data-jacobian="{edge_key(event["edge"])}"]')
                assert numbers(place) == flat(event["dense"]["data"])
        for event in of["term"]:
            if event["node"] == one["name"]:
                place = page.locator(f'[data-entry="{edge_key(event["via"])}"] .term')
                assert numbers(place) == flat(event["value"]["data"])
        if one["name"] in last:
            place = fact(page, "adjoint").locator(".total").first
            assert numbers(place) == flat(last[one["name"]]["value"]["data"])
        page.keyboard.press("Escape")


def test_the_account_fills_term_by_term_and_says_what_is_missing(lab: Visit) -> None:
    page = lab("/lab?step=13&selection=u2")
    account = fact(page, "adjoint")
    expect(account.locator(".pending")).to_have_count(5)
    expect(account.locator(".state")).to_have_text("2 terms missing")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(account.locator(".state")).to_have_text("1 term missing")
    first = account.locator('[data-entry="u2-u4-0"]')
    assert numbers(first) == [5, 5]
    page.keyboard.press("End")
    assert numbers(account.locator('[data-entry="u2-u3-1"]')) == [3, 8]
    expect(account.locator(".state")).to_have_text("final")
    assert numbers(account.locator(".total")) == [8]


def test_zero_unknown_and_unreached_differ_in_the_account(lab: Visit) -> None:
    page = lab()
    page.get_by_role("textbox", name="Graph source").fill("a = 2\nb = 0 * a\nc = a + a\nd = b + 1")
    page.wait_for_selector(node("d"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Last step").click()
    page.locator(node("c")).click()
    expect(fact(page, "adjoint").locator(".state")).to_have_text("no path to the output")
    expect(fact(page, "adjoint").locator(".unreached")).to_be_visible()
    page.locator(node("a")).click()
    assert numbers(fact(page, "adjoint").locator(".total")) == [0]


def test_a_jacobian_has_three_faces(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54&selection=z1")
    place = page.locator('[data-jacobian="W1-z1-0"]')
    expect(place.locator(".counts").first).to_contain_text("18 entries, 6 non-zero")
    place.get_by_role("button", name="Structure").click()
    expect(place.get_by_role("img", name="Pattern of the non-zero entries, 3 by 6")).to_be_visible()
    path = place.locator(".pattern path").get_attribute("d")
    assert path == "M0 0h2v1h-2zM2 1h2v1h-2zM4 2h2v1h-2z"
    place.get_by_role("button", name="Never formed").click()
    expect(place.locator(".lines:not(.numbers) annotation").first).to_have_text(
        r"P_{7} \, J_{1\to 7} = P_{7} \otimes {{x}}^T"
    )
    expect(place.locator(".cost")).to_have_text("Multiplications: 6; with J formed: 18.")


def test_the_pattern_of_a_large_jacobian_is_the_api_s(lab: Visit, base_url: str) -> None:
    source = example(base_url, "convolutional-network")["source"]
    page = lab("/lab?example=convolutional-network&step=45&selection=c")
    place = page.locator('[data-jacobian="image-c-0"]')
    place.get_by_role("button", name="Structure").click()
    path = place.locator(".pattern path")
    expect(path).to_be_attached()
    edge = {"from": "image", "to": "c", "slot": 0}
    whole = post(base_url, "window", source=source, what="jacobian", edge=edge)
    entries = [entry for entry in flat(whole["entries"]["data"]) if entry != 0]
    drawn = path.evaluate(
        "(path) => path.getAttribute('d').match(/h\\d+v/g)"
        ".reduce((sum, run) => sum + parseInt(run.slice(1)), 0)"
    )
    assert drawn == len(entries) > 0


def test_an_entry_tells_where_it_came_from_and_where_it_goes(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54&selection=z1")
    fact(page, "value").locator(".map i").nth(1).hover()
    reading = page.locator(".reading")
    expect(reading.locator("b")).to_have_attribute("data-value", "0.2")
    expect(reading.locator(".from")).to_contain_text("W1[1, 0], W1[1, 1], x[0], x[1], b1[1]")
    expect(reading.locator(".to")).to_contain_text("a1[1]")
    lit = page.locator(f"{node('W1')} .pane.value i[class*=lit-from]")
    expect(lit).to_have_count(2)
    expect(page.locator(f"{node('a1')} .pane.value i[class*=lit-to]")).to_have_count(1)
    lit_chip = page.locator(f"{chip({'from': 'x', 'to': 'z1', 'slot': 1})} i[class*=lit-from]")
    expect(lit_chip).to_have_count(2)
    page.mouse.move(700, 20)
    expect(reading).to_be_hidden()
    expect(page.locator("[class*=lit-]")).to_have_count(0)


def test_entries_are_read_with_the_arrow_keys_alone(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54&selection=z1")
    before = page.evaluate("document.documentElement.dataset.step")
    sheet = page.get_by_role("group", name="Entries of z1, 3")
    sheet.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("status").filter(has_text="z1[1]")).to_be_visible()
    page.keyboard.press("Enter")
    box = fact(page, "check")
    expect(box.get_by_role("spinbutton", name="axis 0")).to_have_value("1")
    assert page.evaluate("document.documentElement.dataset.step") == before


def test_a_jacobian_s_entry_ties_two_entries_together(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54&selection=z1")
    page.locator('[data-jacobian="x-z1-1"] .map i').nth(5).hover()
    expect(page.locator(".reading .of")).to_have_text("∂z1[2] / ∂x[1]")
    expect(page.locator(f"{node('x')} .pane.value i[class*=lit-from]")).to_have_count(1)
    expect(page.locator(f"{node('z1')} .pane.value i[class*=lit-to]")).to_have_count(1)


def test_a_tensor_of_four_axes_is_seen_slice_by_slice(lab: Visit, base_url: str) -> None:
    events = trace(base_url, example(base_url, "convolutional-network")["source"])
    whole = next(e["value"]["data"] for e in events if e["kind"] == "value" and e["node"] == "c")
    page = lab("/lab?example=convolutional-network&step=45&selection=c")
    assert numbers(fact(page, "value")) == flat(whole[0][0])
    page.get_by_role("slider", name="Entries of c, 1×2×6×6, axis 1").fill("1")
    assert numbers(fact(page, "value")) == flat(whole[0][1])


LARGE = """\
A = linspace(-1, 1, 6400).reshape(80, 80)
B = A * 2
w = linspace(0, 1, 80)
y = sum(tanh(B @ w))"""


def test_windows_of_a_large_tensor_come_as_one_scrolls(lab: Visit, base_url: str) -> None:
    page = lab()
    asked: list[Any] = []
    page.on("request", lambda one: asked.append(one) if one.url.endswith("/window") else None)
    page.get_by_role("textbox", name="Graph source").fill(LARGE)
    page.wait_for_selector(node("B"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Last step").click()
    page.locator(node("B")).click()
    window = fact(page, "value").locator("tensor-window")
    expect(window).to_be_visible()
    page.wait_for_timeout(400)
    first = len(asked)
    assert first >= 1
    window.focus()
    page.keyboard.press("ArrowDown")
    for _ in range(5):
        page.keyboard.press("PageDown")
    reading = page.locator(".reading")
    expect(reading.locator(".of")).to_have_text("B[79, 0]")
    body = {"source": asked[0].post_data_json["source"], "what": "value", "node": "B"}
    entry = post(base_url, "window", **body, ranges=[[79, 80], [0, 1]])["entries"]["data"][0][0]
    expect(reading.locator("b")).to_have_attribute("data-value", f"{entry}")
    assert len(asked) > first


@pytest.mark.parametrize(
    ("name", "of", "index"),
    [("worked-example", "u2", []), ("two-layer-network", "W1", [1, 0]), ("rosenbrock", "x", [])],
)
def test_wiggling_an_entry_shows_what_the_api_measured(
    lab: Visit, base_url: str, name: str, of: str, index: list[int]
) -> None:
    source = example(base_url, name)["source"]
    page = lab(f"/lab?example={name}&step=500&selection={of}")
    page.get_by_role("button", name="Wiggle an entry").click()
    box = fact(page, "check")
    for axis, at in enumerate(index):
        box.get_by_role("spinbutton", name=f"axis {axis}").fill(str(at))
        box.get_by_role("spinbutton", name=f"axis {axis}").blur()
    answer = post(base_url, "check", source=source, wrt=[of], entry={"node": of, "index": index})
    curve = answer["curve"]
    analytic = box.locator("[data-part=analytic]")
    expect(analytic).to_have_attribute("data-value", js(curve["analytic"]))
    expect(box.locator(".curve circle")).to_have_count(len(curve["steps"]))
    errors = box.locator(".curve circle").evaluate_all(
        "(all) => all.map((c) => Number(c.dataset.error))"
    )
    assert errors == curve["errors"]
    expect(box.locator("[data-part=error]")).to_have_attribute(
        "data-value", js(min(curve["errors"]))
    )
    expect(box.locator(".verdict")).to_have_attribute("data-verdict", answer["nodes"][0]["verdict"])


def js(number: float) -> str:
    """A number as the page writes it in full."""
    text = repr(number).replace("e-0", "e-")
    return text.removesuffix(".0")


def test_a_kink_is_said_in_words(lab: Visit) -> None:
    page = lab("/lab?example=relu-at-zero&step=500&selection=a")
    expect(inspector(page).locator(".kink")).to_contain_text("Kink: not differentiable here")
    page.locator(node("x")).click()
    page.get_by_role("button", name="Wiggle an entry").click()
    expect(fact(page, "check").locator(".verdict")).to_contain_text(
        "the slopes on the two sides differ"
    )


@pytest.mark.parametrize("name", ["worked-example", "two-layer-network", "shared-input"])
def test_the_sum_over_paths_is_the_accumulated_p(lab: Visit, base_url: str, name: str) -> None:
    one = example(base_url, name)
    answer = post(base_url, "evaluate", source=one["source"])
    page = lab(f"/lab?example={name}&step=500")
    steps = steps_of(page)
    assert steps > 0
    for of, tensor in answer["gradients"].items():
        if tensor is None or of == answer["output"]:
            continue
        page.locator(node(of)).focus()
        page.keyboard.press("Enter")
        switch = page.get_by_role("button", name="Sum over paths")
        if switch.get_attribute("aria-expanded") == "false":
            switch.click()
        box = fact(page, "paths")
        expect(box.locator(".verdict")).to_contain_text("The same")
        assert numbers(box.locator("[data-part=accumulated]")) == flat(tensor["data"])
        assert numbers(box.locator("[data-part=sum]")) == pytest.approx(flat(tensor["data"]))
        page.keyboard.press("Escape")


def test_paths_between_any_two_nodes_are_listed_and_counted(lab: Visit) -> None:
    page = lab("/lab?step=22&selection=u2")
    page.get_by_role("button", name="Sum over paths").click()
    box = fact(page, "paths")
    expect(box.get_by_role("listitem")).to_have_count(2)
    expect(box.locator(".factored .math")).to_have_count(2)
    box.get_by_role("combobox", name="From u2 to").select_option("u3")
    expect(box.get_by_role("listitem")).to_have_count(1)
    expect(box.locator("[data-part=apart]")).to_have_text("0")


def test_where_nan_began_is_told(lab: Visit) -> None:
    page = lab()
    text = "x = [1, 0]\ny = log(x)\nz = sum(y)"
    page.get_by_role("textbox", name="Graph source").fill(text)
    page.wait_for_selector(node("z"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Last step").click()
    page.locator(node("z")).click()
    origins = fact(page, "origins")
    expect(origins).to_contain_text("is where ∞ begins: y[1], 1 entry")
    origins.get_by_role("button", name="y").first.click()
    expect(page.locator(".subject h3")).to_have_attribute("aria-label", "y")
