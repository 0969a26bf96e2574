"""How the laboratory looks, as laws of its geometry: these hold on any machine, where pictures of
two machines differ in the shade of every letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

import engine

from .reading import rest

Visit = Callable[[str], Page]

NAMES = [example.name for example in engine.EXAMPLES]
WALK = [
    "worked-example",
    "two-layer-network",
    "attention-head",
    "multi-head-attention",
    "lstm",
    "convolutional-network",
]

PRELUDE = """
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const all = (names, within = document) => [...within.querySelectorAll(names)].filter(seen);
  const called = (element) => [element.closest('[data-name], [data-chip]')?.ariaLabel
    ?? element.dataset.chip ?? '', element.className.baseVal ?? element.className,
    element.textContent.trim().slice(0, 24)].join(' | ');
"""

OVERLAPS = (
    "() => {"
    + PRELUDE
    + """
  const marks = all(`.card .sheet, .card .ledger, .chip, .chip .stretch, .edge > .branch,
    .ticks span`);
  const boxes = marks.map((mark) => {
    const range = document.createRange();
    range.selectNodeContents(mark);
    const { left, right, top, bottom } =
      (mark.matches('.ticks span') ? range : mark).getBoundingClientRect();
    const air = mark.matches('.branch') ? 0.2 * (bottom - top) : 0;
    return { left, right, top: top + air, bottom: bottom - air };
  });
  const found = [];
  marks.forEach((one, i) => marks.slice(i + 1).forEach((other, j) => {
    const [a, b] = [boxes[i], boxes[i + 1 + j]];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (Boolean(one.closest('.dock')) !== Boolean(other.closest('.dock'))) return;
    const [home, there] = [one, other].map((mark) => mark.closest('.card, .chip, .world, .dock'));
    const related = home === there && home.matches('.card, .chip');
    if (wide > 1 && high > 1 && !related) found.push(`${called(one)}  over  ${called(other)}`);
  }));
  return found;
}"""
)
"""Marks of the picture that lie over one another. The ledger hangs from under its own card."""

CUT = (
    "() => {"
    + PRELUDE
    + """
  const found = [];
  for (const element of all('body *')) {
    const style = getComputedStyle(element);
    const hides = ['hidden', 'clip'].includes(style.overflowX) && style.textOverflow !== 'ellipsis';
    if (!hides || element.matches('.code, .stage, .katex *') || element.clientWidth < 4) continue;
    const wide = element.scrollWidth - element.clientWidth;
    const high = element.scrollHeight - element.clientHeight;
    if (wide > 1 || high > 3) found.push(`${called(element)}  by ${wide}, ${high}`);
  }
  const root = document.scrollingElement;
  if (root.scrollHeight > innerHeight + 1) found.push(`the page goes on to ${root.scrollHeight}`);
  return found;
}"""
)
"""Text that its box cuts off."""

SMALLEST = (
    "() => {"
    + PRELUDE
    + """
  const texts = '.card .number, .card .symbol .base, .card .tag, .card .ledger .name .base';
  const sizes = all(texts).map((text) => {
    const box = text.closest('.sheet, .ledger');
    const scale = box.getBoundingClientRect().width / box.offsetWidth;
    return [parseFloat(getComputedStyle(text).fontSize) * scale, called(text)];
  });
  return sizes.sort(([a], [b]) => a - b)[0] ?? [99, ''];
}"""
)
"""The smallest type on a card, in pixels of the screen, and where it is."""


def wrong_at_steps(page: Page) -> list[str]:
    """What is wrong at the step the page is on, the last and the first."""
    wrong = []
    for key in ("", "End", "Home"):
        if key:
            page.keyboard.press(key)
        rest(page)
        found = [*page.evaluate(OVERLAPS), *page.evaluate(CUT)]
        wrong += [f"{key or 'middle'}: {each}" for each in found]
    return wrong


def visit(lab: Visit, name: str, query: str) -> Page:
    """The laboratory two thirds of the way through an example."""
    (source,) = [example.source for example in engine.EXAMPLES if example.name == name]
    step = engine.prepare(source).graph_event.steps * 2 // 3
    return lab(f"/lab?example={name}&step={step}{query}")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_overlaps_and_nothing_is_cut_off(lab: Visit, name: str) -> None:
    assert wrong_at_steps(visit(lab, name, "")) == []


@pytest.mark.parametrize("name", WALK)
def test_nothing_overlaps_and_nothing_is_cut_off_in_chinese(lab: Visit, name: str) -> None:
    assert wrong_at_steps(visit(lab, name, "&lang=zh-CN&theme=dark")) == []


@pytest.mark.parametrize("name", WALK)
def test_a_lecture_is_large_and_nothing_in_it_overlaps(lab: Visit, page: Page, name: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    visit(lab, name, "&mode=lecture")
    least, where = page.evaluate(SMALLEST)
    assert least >= 35.9, where
    assert wrong_at_steps(page) == []
