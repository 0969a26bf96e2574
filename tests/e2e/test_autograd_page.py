"""The page of PyTorch snippets as a page: typing, keys, words, languages, everyone."""

from __future__ import annotations

import gzip
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.autograd import Limits

from .reading import step_of, steps_of
from .test_everyone import violations

Visit = Callable[..., Page]


def type_snippet(page: Page, text: str) -> None:
    """Put a text into the editor in place of what is there."""
    page.wait_for_selector(".cm-content")
    box = page.get_by_role("textbox", name="Snippet")
    box.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def told(page: Page) -> str:
    return page.locator("[data-mount=story] .heard").inner_text()


def test_a_snippet_that_is_typed_runs(lab: Visit) -> None:
    page = lab("/autograd?lesson=own")
    type_snippet(page, "a = torch.ones(2, requires_grad=True)\nb = a.exp()")
    expect(page.locator("html")).to_have_attribute("data-steps", "2")
    page.locator("[data-mount=picture]").click()
    page.keyboard.press("End")
    row = page.locator('tr[data-tensor="b"]')
    expect(row.locator("[data-field=data]")).to_have_text("[2.718, 2.718]")
    expect(page.locator('[data-node][data-name="ExpBackward0"]')).to_have_count(1)


def test_a_snippet_of_one_s_own_folds_the_lesson_s_question_away(lab: Visit) -> None:
    page = lab("/autograd?lesson=leaf")
    page.locator(".option").first.click()
    lines = "a = torch.ones(2)\n" * 30
    type_snippet(page, f"{lines}for i in range(40):\n    print('line', i)")
    page.wait_for_selector("html[data-ready=true]")
    page.locator("[data-mount=picture]").click()
    page.keyboard.press("End")
    assert "It printed line 39." in told(page)
    expect(page.locator(".screen mark")).to_be_in_viewport(ratio=1)
    expect(page.locator(".question, .verdict, .explanation")).to_have_count(0)
    page.get_by_role("button", name="Restore “Leaf or not”").click()
    expect(page.locator(".question")).to_have_attribute("data-revealed", "false")
    expect(page.locator("html")).to_have_attribute("data-steps", "6")


def test_what_was_typed_is_taken_back(lab: Visit) -> None:
    page = lab("/autograd?lesson=leaf")
    type_snippet(page, "a = torch.ones(1)")
    expect(page.locator("html")).to_have_attribute("data-steps", "1")
    page.keyboard.press("Control+z")
    expect(page.locator("html")).to_have_attribute("data-steps", "6")
    assert "code=" not in page.url


def test_the_line_of_the_step_is_lit(lab: Visit) -> None:
    page = lab("/autograd?lesson=accumulate")
    page.wait_for_selector(".cm-content")
    for line in ("1", "2", "3", "4"):
        page.keyboard.press("ArrowRight")
        expect(page.locator(".active-line")).to_have_attribute("data-line", line)


def test_a_mistake_is_told_and_the_picture_stays(lab: Visit) -> None:
    page = lab("/autograd?lesson=leaf&step=3")
    rows = page.locator("tr[data-tensor]").count()
    with page.expect_response(lambda answer: answer.url.endswith("/autograd")):
        type_snippet(page, "import numpy\nasync def f():\n    pass")
    expect(page.get_by_role("status").filter(has_text="last good")).to_be_visible()
    assert page.locator("tr[data-tensor]").count() == rows


def test_what_is_outside_the_subset_names_the_nearest_way(lab: Visit) -> None:
    page = lab("/autograd?lesson=own")
    type_snippet(page, "x = torch.ones(2)\nx.sinn()")
    expect(page.locator("html")).to_have_attribute("data-steps", "2")
    page.locator("[data-mount=picture]").click()
    page.keyboard.press("End")
    expect(page.locator(".screen")).to_contain_text("sinn")
    expect(page.locator(".screen")).to_contain_text("sin")


def test_an_endless_loop_is_stopped_and_told(lab: Visit) -> None:
    page = lab("/autograd?lesson=own")
    type_snippet(page, "x = torch.ones(1)\nwhile True:\n    x = x + 1")
    most = Limits().statements
    ended = f"html[data-steps='{most + 1}'], html[data-steps='{most}']"
    page.wait_for_selector(ended, timeout=20_000)
    page.locator("[data-mount=picture]").click()
    page.keyboard.press("End")
    expect(page.locator(".screen .error")).to_contain_text(str(most))


def test_steps_go_by_j_node_and_statement(lab: Visit) -> None:
    page = lab("/autograd?lesson=retain-graph&step=2")
    page.keyboard.press("ArrowRight")
    assert step_of(page) == 3
    page.keyboard.press("Alt+ArrowRight")
    assert step_of(page) == 5
    page.keyboard.press("Shift+ArrowRight")
    assert step_of(page) == 7
    page.get_by_role("button", name="Statement", exact=True).click()
    page.keyboard.press("PageDown")
    assert step_of(page) == 12
    page.keyboard.press("Home")
    assert step_of(page) == 0


def test_a_lesson_is_taken_by_keys_alone(lab: Visit) -> None:
    page = lab("/autograd?lesson=accumulate")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type === 'radio'"):
            break
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("6, 12, 18")).to_be_checked()
    assert step_of(page) == 0
    for _ in range(steps_of(page)):
        page.keyboard.press("PageDown")
    expect(page.locator(".verdict")).to_have_text("As you predicted.")


def test_play_runs_to_the_end(lab: Visit) -> None:
    page = lab("/autograd?lesson=leaf&step=4")
    for _ in range(6):
        page.keyboard.press("+")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-step", "6", timeout=8_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_words_are_pytorch_s_or_the_tutorial_s(lab: Visit) -> None:
    page = lab("/autograd?lesson=accumulate&step=5")
    expect(page.locator('[data-name="AccumulateGrad"] .tag')).to_have_text(".grad")
    assert "grad_input" in told(page)
    page.get_by_role("button", name="Symbols u, J, P").click()
    assert "P of u2 (loss) times J goes to u1 (w)" in told(page)
    assert "P" in page.locator('[data-name="AccumulateGrad"] .tag .katex').first.inner_text()
    page.keyboard.press("w")
    assert "grad_input" in told(page)


def test_the_language_changes_and_the_place_stays(lab: Visit) -> None:
    page = lab("/autograd?lesson=gradient&step=6")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("legend")).to_contain_text("会被拒绝")
    assert step_of(page) == 6
    assert "交给" in told(page)


def test_every_page_leads_here(lab: Visit, base_url: str) -> None:
    page = lab("/lab")
    page.get_by_role("link", name="Autograd").first.click()
    page.wait_for_selector("html[data-ready=true]")
    assert page.url.startswith(f"{base_url}/autograd")


def test_a_lost_connection_keeps_the_work(lab: Visit, messages: list[str]) -> None:
    page = lab("/autograd?lesson=leaf&step=3")
    page.wait_for_selector(".cm-content")
    page.context.set_offline(True)
    type_snippet(page, "x = torch.ones(1)")
    expect(page.get_by_role("status").filter(has_text="does not answer")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("html")).to_have_attribute("data-steps", "1")
    messages.clear()  # a browser says itself that it was offline


def test_the_first_view_weighs_at_most_200_kilobytes(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/autograd")
    page.wait_for_selector("html[data-ready=true]")
    loaded = page.evaluate(FIRST_VIEW)
    weight = 0
    for address in loaded:
        with urllib.request.urlopen(address) as response:
            weight += len(gzip.compress(response.read()))
    assert len(loaded) >= 5
    assert weight <= 200 * 1024


FIRST_VIEW = """() => [...document.querySelectorAll('link[rel=stylesheet], link[rel=preload],'
  + 'link[rel=modulepreload], script[src]')].map((e) => e.href || e.src)"""

STATES = {
    "start": "/autograd",
    "backward": "/autograd?lesson=gradient&step=7",
    "symbols": "/autograd?lesson=create-graph&step=15&words=symbols",
    "error": "/autograd?lesson=in-place&step=99",
    "dark": "/autograd?lesson=retain-graph&step=99&theme=dark",
    "dark-backward": "/autograd?lesson=accumulate&step=6&theme=dark&words=symbols",
    "chinese": "/autograd?lesson=detach&step=5&lang=zh-CN",
    "own": "/autograd?lesson=own",
}


@pytest.mark.parametrize("state", list(STATES))
def test_axe_finds_nothing(lab: Visit, state: str) -> None:
    page = lab(STATES[state])
    page.wait_for_selector(".cm-content")
    page.wait_for_timeout(200)
    assert violations(page) == []


@pytest.mark.parametrize("size", [(390, 844), (820, 1180), (1920, 1080)])
def test_a_narrow_and_a_wide_window_hold_the_whole_page(lab: Visit, size: tuple[int, int]) -> None:
    page = lab("/autograd?lesson=gradient&step=7")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_selector(".cm-content")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert violations(page) == []
    page.get_by_role("button", name="Step forward").click()
    assert step_of(page) == 8


def test_help_opens_and_closes_by_keys(lab: Visit) -> None:
    page = lab("/autograd")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    assert step_of(page) == 1
