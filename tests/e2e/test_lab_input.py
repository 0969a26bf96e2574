"""The laboratory in a reader's hands: keys, mistakes, languages, a projector, a lost server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import wait_until_ready
from .reading import node, picture, source_text, step_of, steps_of

Visit = Callable[..., Page]


@pytest.fixture
def broken(lab: Visit) -> Page:
    """A page for mistakes; they, too, leave the console silent."""
    return lab("/lab?step=7")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("u1 = 2\nu2 = 3\nu3 = u1 +", "3", "u3 = u1 +"),
        ("W = [[1, 2]]\nx = [[3, 4]]\nz = W @ x", "3", "(1, 2)"),
        ("", None, "nothing to compute"),
    ],
)
def test_a_mistake_is_explained_and_disturbs_nothing(
    broken: Page, text: str, line: str | None, words: str
) -> None:
    before = picture(broken)
    broken.get_by_role("textbox", name="Graph source").fill(text)
    alert = broken.get_by_role("alert")
    expect(alert).to_contain_text(words)
    if line is not None:
        expect(broken.locator(f'.wrong-line[data-line="{line}"]')).to_be_visible()
    expect(broken.get_by_text("Showing the last good version")).to_be_visible()
    assert picture(broken) == before
    assert step_of(broken) == 7
    broken.get_by_role("textbox", name="Graph source").fill("u1 = 2\nu2 = 4\nu3 = u1 + u2")
    expect(alert).to_have_count(0)
    expect(broken.get_by_text("Showing the last good version")).to_have_count(0)
    expect(broken.locator(f"{node('u3')} .pane.value .number")).to_have_text("6")


def test_a_mistake_is_explained_in_the_reader_s_language(lab: Visit) -> None:
    page = lab("/lab?lang=zh-CN")
    page.get_by_role("textbox", name="计算图源码").fill("u1 = 2\nu3 = u1 +")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("第 2 行")
    text = alert.inner_text().replace("u3 = u1 +", "")
    assert any("\u4e00" <= character <= "\u9fff" for character in text)
    assert "stops where" not in text


def test_keys_step_by_event_node_and_phase(lab: Visit) -> None:
    page = lab()
    walk = {
        "ArrowRight": 1,
        "PageDown": 2,
        "Shift+ArrowRight": 4,
        "Alt+ArrowRight": 6,
        "End": steps_of(page),
        "Shift+ArrowLeft": 21,
        "PageUp": 20,
        "ArrowLeft": 19,
        "Home": 0,
    }
    for key, step in walk.items():
        page.keyboard.press(key)
        assert step_of(page) == step, key


def test_keys_are_left_alone_in_the_text_and_with_modifiers(lab: Visit) -> None:
    page = lab("/lab?step=5")
    page.keyboard.press("Control+ArrowRight")
    assert step_of(page) == 5
    source = page.get_by_role("textbox", name="Graph source")
    source.click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    assert step_of(page) == 5
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_space_plays_plus_quickens_and_the_help_lists_it(lab: Visit) -> None:
    page = lab()
    page.keyboard.press("+")
    expect(page.get_by_role("slider", name="Speed")).to_have_attribute("aria-valuetext", "1.5×")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys and signs")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_zooming_and_panning_are_undone_by_fit(lab: Visit) -> None:
    page = lab("/lab?step=6")
    before = picture(page)
    page.get_by_role("button", name="Zoom in").click()
    assert picture(page) != before
    page.get_by_role("region", name="Graph").hover(position={"x": 700, "y": 600})
    page.mouse.wheel(80, 40)
    page.keyboard.press("0")
    assert picture(page) == before


def test_chinese_is_complete_and_keeps_the_place(lab: Visit) -> None:
    page = lab("/lab?step=16&selection=u2")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("region", name="解说")).to_contain_text("u2 从使用者 u3 收到一项")
    assert step_of(page) == 16
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    for role, name in [
        ("button", "前进一步"),
        ("slider", "时间轴"),
        ("region", "检查器"),
        ("combobox", "示例"),
    ]:
        expect(page.get_by_role(role, name=name)).to_be_visible()  # type: ignore[arg-type]
    page.reload()
    wait_until_ready(page)
    expect(page.get_by_role("region", name="解说")).to_contain_text("收到一项")


def test_no_text_of_the_page_is_a_missing_message(lab: Visit) -> None:
    page = lab("/lab?example=two-layer-network&lang=zh-CN")
    for _ in range(steps_of(page)):
        page.keyboard.press("ArrowRight")
        text = page.locator("body").inner_text()
        for prefix in ("narrate.", "inspector.", "structure.", "card.", "jacobian.", "{"):
            assert prefix not in text


def test_a_projected_node_can_be_read_from_the_last_row(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&step=16")
    page.set_viewport_size({"width": 1920, "height": 1080})
    sizes = page.locator(node("u2")).evaluate(
        """(card) => [...card.querySelectorAll('.number, .symbol .katex-html .base, .tag, .row')]
          .map((element) => parseFloat(getComputedStyle(element).fontSize)
            * element.getBoundingClientRect().width / element.offsetWidth)"""
    )
    assert min(sizes) >= 35.9
    box = page.locator(node("u2")).bounding_box()
    stage = page.get_by_role("region", name="Graph").bounding_box()
    assert box is not None
    assert stage is not None
    assert box["y"] >= stage["y"]
    assert box["y"] + box["height"] <= stage["y"] + stage["height"]


def test_a_lost_server_is_told_and_the_work_is_kept(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/lab?step=9")
    wait_until_ready(page)
    before = picture(page)
    page.route("**/api/v1/trace", lambda route: route.abort())
    source = page.get_by_role("textbox", name="Graph source")
    source.fill("u1 = 7")
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    assert picture(page) == before
    page.unroute("**/api/v1/trace")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(f"{node('u1')}")).to_be_visible()
    assert source_text(page) == "u1 = 7"


def test_a_stream_that_breaks_off_is_told(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/lab?step=9")
    wait_until_ready(page)
    before = picture(page)

    def cut(route: Route) -> None:
        answer = route.fetch()
        lines = answer.text().splitlines(keepends=True)
        route.fulfill(response=answer, body="".join(lines[:4]))

    page.route("**/api/v1/trace", cut)
    page.get_by_role("textbox", name="Graph source").fill("u1 = 7\nu2 = u1 * u1")
    expect(page.get_by_text("The stream broke off")).to_be_visible()
    assert picture(page) == before


def test_a_line_added_midway_is_taken_without_a_fuss(lab: Visit) -> None:
    page = lab("/lab?step=5")
    source = page.get_by_role("textbox", name="Graph source")
    source.fill("u1 = 2\nu2 = 3\nu3 = u1 + u2\nu4 = u2 * u3\nu5 = u4 + u1")
    expect(page.locator("[data-node]")).to_have_count(5)
    wait_until_ready(page)
    expect(page.get_by_text("The server does not answer")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Output")).to_have_value("u5")


def test_the_output_chooser_follows_a_new_name(lab: Visit) -> None:
    page = lab()
    source = page.get_by_role("textbox", name="Graph source")
    output = page.get_by_role("combobox", name="Output")
    for name in ("y", "yy", "z"):
        source.fill(f"x = 3\n{name} = x * x")
        expect(output).to_have_value(name)


def test_a_broken_line_survives_a_reload_with_its_explanation(broken: Page) -> None:
    source = broken.get_by_role("textbox", name="Graph source")
    source.fill("u1 = 2\nu3 = u1 +")
    expect(broken.get_by_role("alert")).to_contain_text("u3 = u1 +")
    broken.reload()
    wait_until_ready(broken)
    expect(broken.get_by_role("alert")).to_contain_text("u3 = u1 +")
    assert source_text(broken) == "u1 = 2\nu3 = u1 +"
