"""The laboratory in a real Chromium: bytes of the first view, time to ready, frame times."""

from __future__ import annotations

import base64
import gzip
import os
import random
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from playwright.sync_api import Browser, Page, sync_playwright

from bench.measure import Comparison
from bench.server import running

__all__ = ["PARTS"]

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FRAME = 1 / 60
SIZES = (200, 1000, 10_000)
LEAVES = {"worked-example": "u1", "two-layer-network": "W1", "lstm": "W"}
MISSED = (
    "Measured without a graphics card, so painting takes the cores that the page computes on. The"
    " rest is drawing cards that come into view, when the view follows: at most twice a second."
)

# One gesture a frame, and how long each frame took, in milliseconds.
FRAMES = """async ([act, count]) => {
  const stage = document.querySelector('[data-mount=stage]');
  const right = () => new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true});
  const acts = {
    step: () => document.dispatchEvent(right()),
    pan: (i) => stage.dispatchEvent(new WheelEvent('wheel',
      {deltaX: i % 60 < 30 ? 20 : -20, deltaY: 6, bubbles: true, cancelable: true})),
  };
  const times = [];
  await new Promise((done) => {
    let [i, last] = [0, null];
    const tick = (now) => {
      if (last !== null) times.push(now - last);
      last = now;
      if (i++ >= count) return done();
      acts[act](i);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  return times;
}"""

# How long until words, formulas and view have caught up with quick steps, in milliseconds.
RESTED = """async () => {
  const start = performance.now();
  while (document.documentElement.dataset.resting !== 'true')
    await new Promise((done) => requestAnimationFrame(done));
  return performance.now() - start;
}"""

# A slider moved once a frame: how long each frame took, and how long until the card of the leaf
# showed the value, in milliseconds.
DRAG = """async (count) => {
  const [times, waits, sent] = [[], [], []];
  const find = (name) => document.querySelector(name);
  const leaf = find('[data-leaf]').dataset.leaf;
  const shown = () => Number(find(`[data-name="${leaf}"] .value [data-value]`).dataset.value);
  await new Promise((done) => {
    let [i, last] = [0, null];
    const tick = (now) => {
      if (last !== null) times.push(now - last);
      last = now;
      const at = sent.findIndex(([value]) => Math.abs(value - shown()) < 1e-9);
      if (at >= 0) waits.push(now - sent.splice(0, at + 1).at(-1)[1]);
      if (i++ >= count) return done();
      const slider = find('.entry-editor .slide');
      const [low, high] = [Number(slider.min), Number(slider.max)];
      slider.value = String(low + (high - low) * (0.5 + 0.45 * Math.sin(i / 9)));
      sent.push([Number(slider.value), now]);
      slider.dispatchEvent(new Event('input', {bubbles: true}));
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  return [times, waits];
}"""


def page() -> Iterator[Comparison]:
    """Rows of the page; nothing where there is no browser."""
    path = os.environ.get("BACKPROP_LAB_BROWSER") or shutil.which("chromium")
    if not path:
        return
    with running(ours=True) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        address = f"http://127.0.0.1:{port}/lab"
        yield _weight(browser, address)
        yield _ready(browser, address)
        for example, leaf in LEAVES.items():
            yield _drag(browser, address, example, leaf)
        for size in SIZES:
            yield from _frames(browser, address, size)
        browser.close()


@contextmanager
def _opened(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]", timeout=120_000)
    yield page
    context.close()


def _weight(browser: Browser, address: str) -> Comparison:
    with _opened(browser, address) as page:
        loaded = page.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")
    total = 0
    for each in {name for name in loaded if "/static/dist/" in name}:
        with urllib.request.urlopen(each) as answer:
            total += len(gzip.compress(answer.read()))
    name, note = "first view of /lab", "JavaScript, styles and fonts, each by gzip"
    return replace(_row(name, [total], "the budget", 200.0 * 1024, 1.0, note), unit="B")


def _ready(browser: Browser, address: str) -> Comparison:
    times = []
    for _ in range(5):
        with _opened(browser, address) as page:
            times.append(page.evaluate("performance.now()") / 1000)
    return _row("worked example, until it is drawn", times, "1 s", 1.0, 1.0, "")


def _drag(browser: Browser, address: str, example: str, leaf: str) -> Comparison:
    """The slider of a leaf, dragged at a step two thirds of the way through."""
    with _opened(browser, f"{address}?example={example}&selection={leaf}") as page:
        steps = int(page.get_attribute("html", "data-steps") or 0)
    where = f"?example={example}&selection={leaf}&step={steps * 2 // 3}"
    with _opened(browser, f"{address}{where}") as page:
        page.wait_for_selector(".entry-editor .slide")
        page.wait_for_timeout(3000)
        times, waits = page.evaluate(DRAG, 120)
    seconds = [time / 1000 for time in times]
    late = _share(seconds, 0.95)
    note = (
        f"95 of 100 frames; half of them within {_share(times, 0.5):.0f} ms; from the move to the"
        f" picture {_share(waits, 0.5):.0f} ms, 95 of 100 within {_share(waits, 0.95):.0f} ms"
    )
    name = f"{example}, a frame of dragging {leaf}"
    made = _row(name, seconds, "a frame at 60 Hz", FRAME, 1.05, note)
    return replace(made, seconds=late, ratio=late / FRAME)


def _frames(browser: Browser, address: str, size: int) -> Iterator[Comparison]:
    source = base64.urlsafe_b64encode(program(size).encode()).decode().rstrip("=")
    with _opened(browser, f"{address}#source={source}") as page:
        page.wait_for_timeout(3000)
        layout = page.evaluate("performance.getEntriesByName('layout').at(-1).duration") / 1000
        if size == SIZES[-1]:
            yield _row(f"layout of {size:,} nodes in a worker", [layout], "0.5 s", 0.5, 1.0, "")
        target = 1.05 if size == SIZES[0] else 2.05
        for act in ("pan", "step"):
            times = [time / 1000 for time in page.evaluate(FRAMES, [act, 90])]
            rested = page.evaluate(RESTED)
            page.keyboard.press("0")
            name = f"{size:,} nodes, a frame of {'panning' if act == 'pan' else 'stepping'}"
            note = f"95 of 100 frames; half of them within {_share(times, 0.5) * 1e3:.0f} ms"
            if act == "step":
                note += f"; words and formulas {rested:.0f} ms after the last"
            made = _row(name, times, "a frame at 60 Hz", FRAME, target, note)
            late = _share(times, 0.95)
            yield replace(made, seconds=late, ratio=late / FRAME)


def _share(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def _row(
    name: str, times: list[float], floor: str, floor_seconds: float, target: float, note: str
) -> Comparison:
    ratios = [time / floor_seconds for time in times]
    return Comparison(
        name=name,
        floor_name=floor,
        seconds=_share(times, 0.5),
        floor_seconds=floor_seconds,
        ratio=_share(ratios, 0.5),
        ratio_low=_share(ratios, 0.1),
        ratio_high=_share(ratios, 0.9),
        target=target,
        rounds=len(times),
        note=note,
        missed=MISSED,
    )


def program(size: int) -> str:
    """About so many scalar nodes: written out when few, by a loop when they would be too long."""
    if size > 2000:
        body = ["b1 = a1 * w", "b2 = a2 + a1", "b3 = tanh(a3)", "b4 = a4 * a3"]
        body += ["a1 = b1 - b2", "a2 = sin(b2)", "a3 = b3 * b4", "a4 = b4 - b1"]
        head = ["w = 0.9", *(f"a{i} = 0.{i}" for i in range(1, 5))]
        loop = [f"for t in range({size // len(body)}):", *(f"    {line}" for line in body)]
        return "\n".join([*head, *loop, "y = a1 + a2", "z = a3 + a4", "e = y * z"])
    draw = random.Random(7)
    names = [f"x{i}" for i in range(max(4, size // 20))]
    lines = [f"{name} = {draw.uniform(0.5, 1.5):.3f}" for name in names]
    forms = ("{a} + {b}", "{a} * {b}", "sin({a})", "tanh({a})", "{a} - {b}")
    for i in range(size - len(names)):
        a, b = (names[-1 - min(len(names) - 1, int(draw.expovariate(1 / 12)))] for _ in "ab")
        lines.append(f"n{i} = {draw.choice(forms).format(a=a, b=b)}")
        names.append(f"n{i}")
    return "\n".join(lines)


PARTS = (page,)
"""What is measured."""
