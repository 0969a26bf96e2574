"""What the inspector says and gives away: symbols, copies, memory; in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import wait_until_ready
from .inspecting import fact, inspector, post
from .reading import everything, example, node, trace

Visit = Callable[..., Page]


def copied(page: Page) -> str:
    """What is on the clipboard, once the page says so."""
    expect(fact(page, "copy").get_by_role("status")).to_have_text("Copied.")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.fixture
def clipboard(context: BrowserContext) -> None:
    """Leave to use the clipboard."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])


@pytest.mark.usefixtures("clipboard")
def test_copies_are_the_api_s_tensors_in_every_format(lab: Visit, base_url: str) -> None:
    source = example(base_url, "two-layer-network")["source"]
    events = trace(base_url, source)
    found = next(e for e in events if e["kind"] == "jacobian" and e["edge"]["from"] == "a1")
    page = lab("/lab?example=two-layer-network&step=54&selection=z2")
    box = fact(page, "copy")
    box.get_by_role("combobox", name="What to copy").select_option("J8→9")
    box.get_by_role("button", name="JSON").click()
    assert json.loads(copied(page))["data"] == found["dense"]["data"]
    box.get_by_role("button", name="NumPy").click()
    expect(box.get_by_role("status")).to_have_text("Copied.")
    text = str(page.evaluate("navigator.clipboard.readText()"))
    assert json.loads(text.removeprefix("np.array(").split(", dtype")[0]) == found["dense"]["data"]
    box.get_by_role("button", name="PyTorch").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text[0] === 't')")
    text = str(page.evaluate("navigator.clipboard.readText()"))
    assert text.startswith("torch.tensor([[0.7, ") and text.endswith("dtype=torch.float64)")


@pytest.mark.usefixtures("clipboard")
def test_a_formula_is_copied_by_keyboard_alone(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54&selection=a1")
    box = fact(page, "copy")
    box.get_by_role("combobox", name="What to copy").select_option("formula")
    box.get_by_role("combobox", name="What to copy").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert copied(page) == r"a_{1} = \sigma\left({z_{1}}\right)"
    expect(box.get_by_role("button", name="NumPy")).to_have_attribute("aria-disabled", "true")


def test_the_memory_held_is_that_of_the_tensors(lab: Visit, base_url: str) -> None:
    events = trace(base_url, example(base_url, "two-layer-network")["source"])
    page = lab("/lab?example=two-layer-network&step=54&selection=z1")
    page.get_by_role("button", name="Memory held").click()
    box = fact(page, "memory")
    expect(box.locator("[data-part=value]")).to_have_text("24 B")
    stored = sum(e["stored"] for e in events if e["kind"] == "jacobian" and e["edge"]["to"] == "z1")
    expect(box.locator("[data-part=jacobians]")).to_have_text(f"{8 * stored} B, formed 264 B")
    expect(box.locator("[data-part=adjoint]")).to_have_text("24 B")
    peak = events[-1]["bytes"]
    expect(box.locator("[data-part=peak]")).to_contain_text("B")
    assert peak > 0


@pytest.mark.parametrize(
    ("symbols", "shown", "sign", "said"),
    [
        ("bar", r"v̄|ˉ", r"\bar{v}_{4}", "v̄4·J3→4"),
        ("partial", r"∂L/∂u", r"\partial L/\partial u_{4}", "∂L/∂u4·∂u4/∂u3"),
    ],
)
def test_symbols_are_chosen_once_for_the_whole_page_and_its_link(
    lab: Visit, symbols: str, shown: str, sign: str, said: str
) -> None:
    page = lab("/lab?step=11&selection=u4")
    page.get_by_role("group", name="Symbols for P").get_by_role("button").nth(
        1 if symbols == "bar" else 2
    ).click()
    tag = page.locator(f"{node('u4')} .pane.adjoint .tag .math").first
    expect(tag).to_have_text(re.compile(shown))
    heading = fact(page, "adjoint").locator("h4 .sign annotation")
    expect(heading).to_have_text(sign)
    expect(page.get_by_role("region", name="Narration")).to_contain_text(said)
    expect(page).to_have_url(re.compile(f"symbols={symbols}"))
    before = everything(page)
    page.reload()
    wait_until_ready(page)
    page.mouse.move(5, 5)
    assert everything(page) == before


def test_the_inspector_speaks_chinese_and_keeps_its_place(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&step=54&selection=z1")
    page.locator('[data-jacobian="W1-z1-0"]').get_by_role("button", name="Structure").click()
    for name in ("Wiggle an entry", "Sum over paths", "Memory held"):
        page.get_by_role("button", name=name).click()
    expect(fact(page, "check").locator(".verdict")).to_be_visible()
    expect(fact(page, "paths").locator(".verdict")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="扰动一个元素")).to_have_attribute(
        "aria-expanded", "true"
    )
    structure = page.locator('[data-jacobian="W1-z1-0"]').get_by_role("button", name="结构")
    expect(structure).to_have_attribute("aria-pressed", "true")
    expect(fact(page, "check").locator(".verdict")).to_contain_text("与测得的斜率一致")
    expect(fact(page, "paths")).to_contain_text("各路径之和")
    text = inspector(page).inner_text()
    for word in ("entries", "Structure", "Copy", "final", "sum", "step h", "Multiplications"):
        assert word not in text


@pytest.mark.parametrize("name", ["attention-head", "tie-in-max", "lstm"])
def test_every_node_can_be_looked_into_without_a_word_in_the_console(lab: Visit, name: str) -> None:
    page = lab(f"/lab?example={name}&step=9999&selection=loss")
    for switch in ("Wiggle an entry", "Sum over paths", "Memory held"):
        button = page.get_by_role("button", name=switch)
        if button.count():
            button.click()
    for one in page.locator("[data-node]").all():
        one.focus()
        page.keyboard.press("Enter")
        for face in ("Structure", "Never formed"):
            for button in page.get_by_role("button", name=face, exact=True).all():
                button.click()
        assert inspector(page).locator(".raw-tex").count() == 0
        page.keyboard.press("Escape")


def test_p_by_a_weight_vector_is_the_api_s(lab: Visit, base_url: str) -> None:
    source = example(base_url, "polar-coordinates")["source"]
    answer = post(base_url, "evaluate", source=source)
    page = lab("/lab?example=polar-coordinates&step=999&selection=direction")
    shown = (
        fact(page, "adjoint")
        .locator(".total [data-value]")
        .evaluate_all("(all) => all.map((one) => Number(one.dataset.value))")
    )
    rows = answer["adjoints"]["direction"]["data"]
    assert shown == [entry for row in rows for entry in row]
