"""Every example from its first step to its last and back: all that stands there is the API's."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import engine

from .inspecting import edge_key
from .reading import flat, steps_of

Visit = Callable[[str], Page]
Picture = dict[str, list[float]]

EXAMPLES = {example.name: example for example in engine.EXAMPLES}

READ = """async (step) => {
  const root = document.documentElement.dataset;
  while (root.step !== String(step)) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const found = {};
  const read = (place, element) => {
    found[place] = [...element.querySelectorAll('[data-value]')].map((one) => one.dataset.value);
  };
  for (const card of document.querySelectorAll('[data-picture] [data-node]')) {
    for (const kind of ['value', 'adjoint']) {
      const pane = card.querySelector(`.pane.${kind}`);
      if (pane) read(`${kind} ${card.dataset.name}`, pane);
    }
    for (const row of card.querySelectorAll('[data-term]')) read(`term ${row.dataset.term}`, row);
  }
  for (const chip of document.querySelectorAll('[data-picture] [data-chip]')) {
    read(`jacobian ${chip.dataset.chip}`, chip);
  }
  return found;
}"""
"""The exact numbers of the picture by the place they stand in, once it has come to a step."""


def events_of(base_url: str, name: str) -> list[dict[str, Any]]:
    """The trace of an example as the API tells it."""
    asked: dict[str, Any] = {"source": EXAMPLES[name].source}
    if EXAMPLES[name].gradient is not None:
        asked["gradient"] = EXAMPLES[name].gradient
    request = urllib.request.Request(
        f"{base_url}/api/v1/trace",
        data=json.dumps(asked).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return [json.loads(line) for line in response]


def brought(event: dict[str, Any]) -> tuple[str, Any] | None:
    """The place of the picture that an event fills, and with what."""
    kind = event["kind"]
    if kind == "jacobian":
        told = event.get("dense") or event["window"]["entries"]
        return f"jacobian {edge_key(event['edge'])}", told["data"]
    if kind == "term":
        return f"term {edge_key(event['via'])}", event["value"]["data"]
    if kind in ("value", "seed", "accumulate", "adjoint"):
        place = "value" if kind == "value" else "adjoint"
        return f"{place} {event['node']}", event["value"]["data"]
    return None


def pictures_of(events: list[dict[str, Any]]) -> list[Picture]:
    """What every place has to say at each step."""
    known: Picture = {}
    pictures = []
    for event in events:
        fills = brought(event)
        if fills:
            known = {**known, fills[0]: [float(entry) for entry in flat(fills[1])]}
        pictures.append(known)
    return pictures


def differing(shown: dict[str, list[str]], known: Picture) -> list[str]:
    """Places that show what the API did not say; of a large tensor a picture shows a choice."""
    wrong = []
    for place, texts in shown.items():
        numbers, expected = [float(text) for text in texts], known.get(place, [])
        chosen = len(numbers) < len(expected) and set(numbers) <= set(expected)
        if not (numbers == expected or (numbers and chosen)):
            wrong.append(f"{place}: {numbers} where the API says {expected}")
    return wrong


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_there_and_back_every_number_is_the_api_s(lab: Visit, base_url: str, name: str) -> None:
    events = events_of(base_url, name)
    pictures = pictures_of(events)
    page = lab(f"/lab?example={name}")
    assert steps_of(page) == len(events) - 1
    seen: set[str] = set()
    for step in range(1, len(events)):
        page.keyboard.press("ArrowRight")
        shown = page.evaluate(READ, step)
        assert differing(shown, pictures[step]) == [], step
        fills = brought(events[step])
        assert fills is None or fills[0] in shown, f"step {step} does not show {fills}"
        seen |= set(shown)
    assert set(pictures[-1]) <= seen
    for step in reversed(range(len(events) - 1)):
        page.keyboard.press("ArrowLeft")
        assert differing(page.evaluate(READ, step), pictures[step]) == [], step


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_every_example_plays_to_its_end(lab: Visit, name: str) -> None:
    page = lab(f"/lab?example={name}&stride=phase")
    page.get_by_role("slider", name="Speed").fill("7")
    page.get_by_role("button", name="Play").click()
    expect(page.locator("html")).to_have_attribute("data-step", str(steps_of(page)), timeout=60_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()
