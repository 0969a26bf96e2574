"""The page of PyTorch snippets: every lesson, every attribute, every argument of backward."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .reading import steps_of

Visit = Callable[..., Page]
LESSONS = [
    "leaf",
    "attributes",
    "gradient",
    "accumulate",
    "retain-graph",
    "create-graph",
    "detach",
    "in-place",
    "retain-grad",
    "unused",
    "device",
    "training-loop",
]
SHOWN = """(names) => {
  const told = (node) => node.nodeType === 3 ? node.textContent.trim()
    : node.nodeType !== 1 ? ''
    : [node.localName, ...[...node.attributes].map((a) => a.name + '=' + a.value).sort(),
       ...[...node.childNodes].map(told).filter(Boolean)].join('|');
  return names.map((name) => told(document.querySelector(name))).join(String.fromCharCode(10));
}"""
PARTS = ["picture", "table", "story", "output", "dock"]


def lesson(base_url: str, name: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{base_url}/api/v1/lessons") as response:
        found: list[dict[str, Any]] = json.load(response)
    return next(one for one in found if one["name"] == name)


def events_of(base_url: str, snippet: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{base_url}/api/v1/autograd",
        data=json.dumps({"snippet": snippet}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return [json.loads(line) for line in response]


def everything(page: Page) -> str:
    """What the parts that follow the step show, whatever the order of attributes, once the picture
    has found its place in the room that the table leaves."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return str(page.evaluate(SHOWN, [f"[data-mount={name}]" for name in PARTS]))


def cell(page: Page, tensor: str, field: str) -> Locator:
    return page.locator(f'tr[data-tensor="{tensor}"] td[data-field="{field}"]')


def go(page: Page, line: int, times: int = 1) -> None:
    """Step by statements until a line has run so often."""
    for _ in range(200):
        if times == 0:
            return
        page.keyboard.press("Shift+ArrowRight")
        times -= f"Line {line} ran" in page.locator("[data-mount=story] .heard").inner_text()
    raise AssertionError(f"line {line} never ran")


def printed(page: Page) -> str:
    return page.locator(".screen pre").inner_text()


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_asks_takes_a_prediction_and_explains_at_the_end(
    lab: Visit, base_url: str, name: str
) -> None:
    told = lesson(base_url, name)
    page = lab(f"/autograd?lesson={name}")
    place = next(at for at, choice in enumerate(told["choices"]) if choice["right"])
    page.locator(".option").nth(place).click()
    expect(page.locator(".explanation")).to_have_count(0)
    for _ in range(steps_of(page)):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".verdict")).to_have_text("As you predicted.")
    assert (
        page.locator(".explanation")
        .inner_text()
        .startswith(told["explanation"]["en"].replace("`", "")[:30])
    )


def test_a_wrong_prediction_is_told_beside_the_right_one(lab: Visit) -> None:
    page = lab("/autograd?lesson=accumulate")
    page.get_by_label("6, 6, 6").check()
    page.get_by_role("button", name="run to the end").click()
    expect(page.locator(".verdict")).to_have_text("Not as you predicted.")
    expect(page.locator(".option[data-verdict=right]")).to_contain_text("6, 12, 18")
    expect(page.locator(".option[data-verdict=wrong]")).to_contain_text("6, 6, 6")


def test_requires_grad_is_false_unless_asked_for(lab: Visit) -> None:
    page = lab("/autograd?lesson=attributes")
    go(page, 1)
    expect(cell(page, "a", "requires_grad")).to_have_text("False")
    go(page, 2)
    expect(cell(page, "a", "requires_grad")).to_have_text("True")
    expect(cell(page, "a", "requires_grad")).to_have_attribute("data-fresh", "")
    go(page, 3)
    expect(cell(page, "b", "requires_grad")).to_have_text("True")


def test_grad_is_none_until_a_backward_pass_brings_it(lab: Visit) -> None:
    page = lab("/autograd?lesson=attributes")
    go(page, 3)
    expect(cell(page, "a", "grad")).to_have_text("None")
    go(page, 6)
    expect(cell(page, "a", "grad")).to_have_text("4")
    expect(cell(page, "b", "grad")).to_have_text("None")


def test_grad_fn_is_none_on_a_leaf_and_the_recorded_op_elsewhere(lab: Visit) -> None:
    page = lab("/autograd?lesson=attributes")
    go(page, 3)
    expect(cell(page, "a", "grad_fn")).to_have_text("None")
    expect(cell(page, "b", "grad_fn")).to_have_text("MulBackward0")


def test_is_leaf_is_about_what_was_recorded(lab: Visit) -> None:
    page = lab("/autograd?lesson=leaf")
    go(page, 4)
    for name, flag in {"x": "True", "w": "True", "y": "True", "z": "False"}.items():
        expect(cell(page, name, "is_leaf")).to_have_text(flag)
    expect(page.locator('[data-node][data-name="AccumulateGrad"]')).to_have_count(1)


def test_device_is_where_a_tensor_is_and_its_gradient_too(lab: Visit) -> None:
    page = lab("/autograd?lesson=device")
    page.keyboard.press("End")
    expect(cell(page, "x", "device")).to_have_text("cpu")
    expect(cell(page, "y", "device")).to_have_text("cpu")
    assert printed(page).strip().endswith("cpu")


def test_gradient_is_a_weight_vector(lab: Visit) -> None:
    page = lab("/autograd?lesson=gradient")
    go(page, 4 + 2)
    assert "only for scalar outputs" in printed(page)
    go(page, 8)
    expect(cell(page, "x", "grad")).to_have_text("[2, 40, 600]")


def test_retain_graph_keeps_what_was_saved_for_one_more_pass(lab: Visit) -> None:
    page = lab("/autograd?lesson=retain-graph")
    go(page, 4)
    expect(cell(page, "x", "grad")).to_have_text("[2, 2]")
    node = page.locator('[data-node][data-name="MulBackward0"]')
    for line, state in ((8, "held"), (9, "freed")):
        go(page, line)
        expect(node).to_have_attribute("data-state", state)
    page.keyboard.press("End")
    expect(node).to_have_attribute("data-fault", "")
    expect(page.locator("[data-error=RuntimeError]")).to_contain_text("a second time")
    expect(page.locator("[data-bar]")).to_have_attribute("data-end", "freed")


def test_create_graph_grows_the_graph(lab: Visit) -> None:
    page = lab("/autograd?lesson=create-graph")
    go(page, 2)
    before = page.locator("[data-node]").count()
    go(page, 3)
    assert page.locator("[data-node]").count() > before + 3
    go(page, 5)
    expect(cell(page, "g", "grad_fn")).to_have_text("CopyBackwards")
    page.keyboard.press("End")
    expect(cell(page, "x", "grad")).to_have_text("18")


def test_inputs_chooses_where_gradients_go(lab: Visit) -> None:
    page = lab("/autograd?lesson=unused")
    go(page, 5)
    expect(cell(page, "x", "grad")).to_have_text("5")
    expect(cell(page, "w", "grad")).to_have_text("None")


@pytest.mark.parametrize("name", ["gradient", "create-graph", "in-place"])
def test_every_p_and_j_on_screen_is_the_engine_s(lab: Visit, base_url: str, name: str) -> None:
    events = events_of(base_url, lesson(base_url, name)["snippet"])
    page = lab(f"/autograd?lesson={name}")
    for event in events:
        if event["kind"] == "ended":
            continue
        page.keyboard.press("ArrowRight")
        if event["kind"] != "pulled":
            continue
        node = page.locator(f'[data-node="{event["node"]}"]')
        expect(node).to_have_attribute("data-phase", "now")
        assert exact(node.locator(".arrival")) == [event["cotangent"]]
        check_parts(page, event)


@pytest.mark.parametrize("name", ["attributes", "gradient", "in-place", "training-loop"])
def test_every_row_of_the_table_is_the_engine_s(lab: Visit, base_url: str, name: str) -> None:
    events = events_of(base_url, lesson(base_url, name)["snippet"])
    page = lab(f"/autograd?lesson={name}&stride=statement")
    now: dict[str, dict[str, Any]] = {}
    for event in events:
        if event["kind"] != "executed":
            continue
        page.keyboard.press("ArrowRight")
        now = {key: state for key, state in now.items() if key not in event["gone"]}
        now |= {state["name"]: state for state in event["tensors"]}
        assert page.locator("tr[data-tensor]").count() == len(now)
        for state in event["tensors"]:
            check_row(page, state)


def check_row(page: Page, state: dict[str, Any]) -> None:
    """A tensor stands in the table as the API has it."""
    name = state["name"]
    assert exact(cell(page, name, "data")) == [state["data"]]
    assert exact(cell(page, name, "grad")) == ([state["grad"]] if state["has_grad"] else [])
    for field in ("dtype", "device", "requires_grad", "is_leaf", "version"):
        expect(cell(page, name, field)).to_have_text(str(state[field]))
    expect(cell(page, name, "grad_fn")).to_have_text(str(state.get("grad_fn")))


def check_parts(page: Page, event: dict[str, Any]) -> None:
    """Each part of a backward step goes along its edge, with its J."""
    for slot, goal in enumerate(event["inputs"]):
        if goal is None:
            continue
        page.keyboard.press("ArrowRight")
        key = f"{goal}-{event['node']}-{slot}"
        edge = page.locator(f'[data-edge="{key}"]')
        expect(edge).to_have_attribute("data-backward", "active")
        shown = exact(page.locator(f'[data-node="{goal}"] .part').last)
        assert shown == [event["parts"][slot]]
        if event["jacobians"][slot] is not None:
            found = exact(page.locator(f'[data-chip="{key}"]'))
            jacobian = event["jacobians"][slot]
            assert found in ([jacobian], [jacobian[0][0]])


def exact(place: Locator) -> list[Any]:
    """The exact entries that stand in one place."""
    texts = place.locator("[data-exact]").evaluate_all("(all) => all.map((e) => e.dataset.exact)")
    return [json.loads(text) for text in texts]


@pytest.mark.parametrize("name", ["retain-graph", "accumulate"])
def test_there_and_back_is_the_identity_and_scrubbing_lands_there(lab: Visit, name: str) -> None:
    page = lab(f"/autograd?lesson={name}")
    pictures = [everything(page)]
    for _ in range(steps_of(page)):
        page.keyboard.press("ArrowRight")
        pictures.append(everything(page))
    for expected in reversed(pictures[:-1]):
        page.keyboard.press("ArrowLeft")
        assert everything(page) == expected
    slider = page.get_by_role("slider", name="Time line")
    for step in (7, 3, 10):
        slider.fill(str(step))
        assert everything(page) == pictures[step]


def test_what_is_saved_is_on_the_lane_until_it_is_freed(lab: Visit) -> None:
    page = lab("/autograd?lesson=retain-graph")
    held = page.locator(".kept [data-held]")
    expect(held).to_have_text("0 B")
    go(page, 7)
    expect(held).to_have_text("16 B")
    go(page, 9)
    expect(held).to_have_text("0 B")
    label = page.locator("[data-bar]").get_attribute("aria-label")
    assert label is not None and "freed by the backward pass" in label
