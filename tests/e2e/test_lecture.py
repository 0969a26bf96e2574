"""A lecture: a clicker's keys, black and light, bookmarks, and the speaker's own window."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import wait_until_ready
from .reading import everything, node, picture, rest, step_of, steps_of

Visit = Callable[..., Page]
STILL = "[scrollX, scrollY, visualViewport.scale, document.scrollingElement.scrollTop]"


def test_a_clicker_walks_a_lecture_from_the_first_step_to_the_last(lab: Visit) -> None:
    page = lab("/lab?mode=lecture")
    seen = [everything(page)]
    for step in range(1, steps_of(page) + 1):
        page.keyboard.press("PageDown")
        assert step_of(page) == step
        seen.append(everything(page))
    assert len(set(seen)) == len(seen)
    page.keyboard.press("PageDown")
    assert step_of(page) == steps_of(page)
    page.keyboard.press("PageUp")
    assert everything(page) == seen[-2]


COVERED = """() => {
  const plate = document.querySelector('.plate');
  if (!plate) return [];
  const [box, beside] = [plate.getBoundingClientRect(), plate.parentElement];
  const docked = parseFloat(beside.style.getPropertyValue('--dock')) > 0;
  return [...document.querySelectorAll('.card, .chip')].filter((mark) => {
    const at = mark.getBoundingClientRect();
    // Under a formula at the foot of the window the picture has faded away.
    if (docked) return mark.matches('[data-active]') && at.bottom - box.top > at.height / 5;
    return Math.min(box.right, at.right) - Math.max(box.left, at.left) > 8
      && Math.min(box.bottom, at.bottom) - Math.max(box.top, at.top) > 8;
  }).map((mark) => mark.dataset.name ?? mark.dataset.chip);
}"""


@pytest.mark.parametrize(
    "example", ["worked-example", "two-layer-network", "attention-head", "lstm"]
)
def test_the_formula_of_a_step_covers_no_node_and_no_label(lab: Visit, example: str) -> None:
    page = lab(f"/lab?mode=lecture&example={example}")
    page.set_viewport_size({"width": 1920, "height": 1080})
    for _ in range(steps_of(page)):
        page.keyboard.press("PageDown")
        rest(page)
        page.wait_for_timeout(60)
        page.wait_for_function(f"() => ({COVERED})().length === 0", timeout=5_000)


@pytest.mark.parametrize("size", [(1920, 1080), (820, 1180), (390, 844)])
def test_a_clicker_never_scrolls_or_zooms_the_page(lab: Visit, size: tuple[int, int]) -> None:
    page = lab("/lab?mode=lecture")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    before = page.evaluate(STILL)
    for key in ["PageDown"] * 6 + ["PageUp", ".", "PageDown", "PageDown", "Space", "End", "Home"]:
        page.keyboard.press(key)
        assert page.evaluate(STILL) == before, key


def test_a_reload_by_the_clicker_lands_on_the_same_picture(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&example=two-layer-network")
    for _ in range(31):
        page.keyboard.press("PageDown")
    before = everything(page)
    page.reload()
    wait_until_ready(page)
    assert step_of(page) == 31
    assert everything(page) == before


@pytest.mark.parametrize("key", [".", "b"])
def test_the_screen_goes_black_and_comes_back_as_it_was(lab: Visit, key: str) -> None:
    page = lab("/lab?mode=lecture&step=14")
    before = picture(page)
    page.keyboard.press(key)
    black = page.get_by_role("button", name="Bring the picture back")
    expect(black).to_be_visible()
    assert black.bounding_box() == {"x": 0, "y": 0, "width": 1440, "height": 900}
    expect(page.get_by_text("The screen is black.")).to_be_attached()
    page.keyboard.press(key)
    expect(black).to_have_count(0)
    assert picture(page) == before


def test_the_next_press_brings_a_black_screen_back_and_skips_nothing(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&step=14")
    page.keyboard.press(".")
    expect(page.locator(".blank")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator(".blank")).to_have_count(0)
    assert step_of(page) == 14


def test_space_goes_on_in_a_lecture_and_plays_in_the_study(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&step=3")
    page.keyboard.press("Space")
    assert step_of(page) == 4
    page.keyboard.press("Space")
    assert step_of(page) == 5
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def light(page: Page) -> tuple[float, float]:
    """Where the middle of the spotlight is."""
    found = page.locator(".spotlight").evaluate(
        "(light) => ['--x', '--y'].map((name) => parseFloat(light.style.getPropertyValue(name)))"
    )
    return (found[0], found[1])


def test_the_spotlight_follows_the_pointer_or_the_active_node(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&step=14")
    page.wait_for_timeout(700)
    page.keyboard.press("l")
    card = page.locator(node("u2")).bounding_box()
    assert card is not None
    page.wait_for_function("document.querySelector('.spotlight')?.style.getPropertyValue('--x')")
    x, y = light(page)
    assert card["x"] < x < card["x"] + card["width"]
    assert card["y"] < y < card["y"] + card["height"]
    page.mouse.move(900, 300)
    page.wait_for_function(
        "document.querySelector('.spotlight').style.getPropertyValue('--x') === '900px'"
    )
    page.keyboard.press("Escape")
    expect(page.locator(".spotlight")).to_have_count(0)


def test_bookmarks_are_set_recalled_shown_and_kept_in_the_link(lab: Visit) -> None:
    page = lab("/lab?step=4")
    page.keyboard.press("m")
    page.keyboard.press("End")
    page.keyboard.press("m")
    page.keyboard.press("1")
    assert step_of(page) == 4
    expect(page).to_have_url(re.compile("marks=4,22"))
    page.get_by_role("button", name="Bookmark 2: step 22").click()
    assert step_of(page) == 22
    page.reload()
    wait_until_ready(page)
    page.get_by_role("button", name="Bookmark this step").click()
    expect(page.get_by_role("button", name=re.compile("Bookmark [0-9]"))).to_have_count(1)
    page.keyboard.press("2")
    assert step_of(page) == 22


def test_the_size_of_a_step_is_chosen_and_every_control_obeys(lab: Visit) -> None:
    page = lab()
    page.get_by_role("button", name="Phase", exact=True).click()
    page.get_by_role("button", name="Step forward").click()
    assert step_of(page) == 4
    page.keyboard.press("s")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Node", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("PageDown")
    assert step_of(page) == 6
    page.keyboard.press("Shift+ArrowLeft")
    assert step_of(page) == 4
    expect(page).to_have_url(re.compile("stride=node"))


def test_pointing_at_the_time_line_tells_a_step_without_going_there(lab: Visit) -> None:
    page = lab("/lab?step=3")
    before = picture(page)
    box = page.locator(".timeline").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 15 / 22, box["y"] + 16)
    expect(page.locator(".peek p")).to_contain_text("1 term is still missing")
    assert step_of(page) == 3
    page.mouse.move(700, 300)
    expect(page.locator(".peek p")).to_have_count(0)
    assert picture(page) == before


def open_speaker(page: Page) -> Page:
    """The speaker's window, linked with the projected page."""
    page.wait_for_selector(".lecture-tools button")
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    speaker = popup.value
    wait_until_ready(speaker)
    expect(speaker.get_by_text("Linked with the projected page")).to_be_visible()
    return speaker


def test_the_speaker_s_window_and_the_projected_page_follow_each_other(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&step=13")
    speaker = open_speaker(page)
    assert step_of(speaker) == 13
    page.bring_to_front()
    page.keyboard.press("PageDown")
    expect(speaker.locator("html")).to_have_attribute("data-step", "14")
    speaker.keyboard.press("PageDown")
    expect(page.locator("html")).to_have_attribute("data-step", "15")
    speaker.keyboard.press("m")
    expect(page.get_by_role("button", name="Bookmark 1: step 15")).to_be_visible()
    speaker.keyboard.press("b")
    expect(page.locator(".blank")).to_be_visible()
    speaker.keyboard.press("b")
    expect(page.locator(".blank")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-mode", "lecture")
    speaker.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(speaker.locator("html")).to_have_attribute("data-step", "16")


def test_either_window_survives_a_reload(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&step=13")
    speaker = open_speaker(page)
    speaker.keyboard.press("PageDown")
    speaker.reload()
    wait_until_ready(speaker)
    assert step_of(speaker) == 14
    page.reload()
    wait_until_ready(page)
    assert step_of(page) == 14
    page.wait_for_selector(".lecture-tools button")
    speaker.keyboard.press("PageDown")
    expect(page.locator("html")).to_have_attribute("data-step", "15")
    page.keyboard.press("PageUp")
    expect(speaker.locator("html")).to_have_attribute("data-step", "14")


def test_the_speaker_reads_the_next_step_and_the_comments_of_the_source(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&example=lstm&step=3")
    speaker = open_speaker(page)
    now = speaker.get_by_role("region", name="Narration").locator(".seen").inner_text()
    coming = speaker.locator(".coming p").inner_text()
    expect(speaker.locator(".notes li").first).to_contain_text("PyTorch")
    assert speaker.locator(".sketch .card").count() > 0
    speaker.keyboard.press("PageDown")
    expect(speaker.locator("html")).to_have_attribute("data-step", "4")
    assert speaker.get_by_role("region", name="Narration").locator(".seen").inner_text() == coming
    assert now != coming


def test_the_language_changes_in_both_windows_and_nothing_is_lost(lab: Visit) -> None:
    page = lab("/lab?mode=lecture&step=16")
    speaker = open_speaker(page)
    page.get_by_role("button", name="中文").click()
    expect(speaker.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(speaker.get_by_role("region", name="解说")).to_contain_text("收到一项")
    assert (step_of(page), step_of(speaker)) == (16, 16)


def test_terms_and_sentences_are_said_in_both_languages_on_request(lab: Visit) -> None:
    page = lab("/lab?step=16")
    page.keyboard.press("g")
    narration = page.get_by_role("region", name="Narration")
    expect(narration.locator(".other")).to_contain_text("收到一项")
    expect(narration.locator(".phase")).to_have_text("Backward 反向传播")
    expect(page).to_have_url(re.compile("terms=both"))
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".narration .other")).to_contain_text("receives the term")
    page.keyboard.press("g")
    expect(page.locator(".narration .other")).to_have_count(0)
