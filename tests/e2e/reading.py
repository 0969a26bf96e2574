"""What a page shows, and what the API says, in the same terms."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from playwright.sync_api import Locator, Page

# The template library leaves comments with a random number for each load of a page.
PICTURE = """(names) => names
  .map((name) => document.querySelector(name).innerHTML.replace(/<!--.*?-->/g, '')).join('\\n')"""
PANELS = ["inspector", "narration", "transport", "legend"]


def step_of(page: Page) -> int:
    """The step the page is on."""
    return int(page.evaluate("document.documentElement.dataset.step"))


def steps_of(page: Page) -> int:
    """The last step."""
    return int(page.evaluate("document.documentElement.dataset.steps"))


def rest(page: Page) -> None:
    """Wait until all that waits for a free moment between quick steps has had it."""
    page.wait_for_selector("html[data-resting=true]")


def picture(page: Page) -> str:
    """The drawing as it is in the document."""
    rest(page)
    return str(page.evaluate(PICTURE, ["[data-picture]"]))


def everything(page: Page) -> str:
    """The drawing and every panel that follows the step."""
    rest(page)
    names = ["[data-picture]", *(f"[data-mount={name}]" for name in PANELS)]
    return str(page.evaluate(PICTURE, names))


def source_text(page: Page) -> str:
    """What stands in the source box, plain or code editor."""
    box = page.get_by_role("textbox", name="Graph source")
    text = """(box) => box.value ?? [...box.querySelectorAll('.cm-line')]
      .map((line) => line.textContent).join('\\n')"""
    return str(box.evaluate(text))


def trace(base_url: str, source: str) -> list[dict[str, Any]]:
    """The events of a program, from the API."""
    request = urllib.request.Request(
        f"{base_url}/api/v1/trace",
        data=json.dumps({"source": source}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return [json.loads(line) for line in response]


def example(base_url: str, name: str) -> dict[str, Any]:
    """One of the examples."""
    with urllib.request.urlopen(f"{base_url}/api/v1/examples") as response:
        found: list[dict[str, Any]] = json.load(response)
    return next(one for one in found if one["name"] == name)


def flat(data: Any) -> list[float]:
    """All entries of nested lists, row by row."""
    return [entry for row in data for entry in flat(row)] if isinstance(data, list) else [data]


def shown(page: Page, selector: str) -> list[float]:
    """The exact numbers that stand in one place of the page."""
    found = page.locator(f"{selector} [data-value]").evaluate_all(
        "(elements) => elements.map((element) => Number(element.dataset.value))"
    )
    return [float(number) for number in found]


def node(name: str) -> str:
    """The selector of a node."""
    return f'[data-node][data-name="{name}"]'


def chip(edge: dict[str, Any]) -> str:
    """The selector of the label of an edge."""
    return f'[data-chip="{edge["from"]}-{edge["to"]}-{edge["slot"]}"]'


def check_event(page: Page, event: dict[str, Any], gradient: bool = True) -> None:
    """The number that a step brings is on the page, exactly as the API has it."""
    kind = event["kind"]
    if kind == "value":
        assert shown(page, f"{node(event['node'])} .pane.value") == flat(event["value"]["data"])
    elif kind == "jacobian":
        assert shown(page, chip(event["edge"])) == flat(event["dense"]["data"])
    elif kind == "term":
        edge = event["via"]
        row = f'[data-term="{edge["from"]}-{edge["to"]}-{edge["slot"]}"]'
        assert shown(page, row) == flat(event["value"]["data"])
    elif kind in ("seed", "accumulate", "adjoint"):
        assert shown(page, f"{node(event['node'])} .pane.adjoint") == flat(event["value"]["data"])


def open_source(page: Page) -> Locator:
    """The text, once the code editor has taken its place."""
    box = page.get_by_role("textbox", name="Graph source")
    box.focus()
    page.wait_for_selector(".cm-content")
    return page.get_by_role("textbox", name="Graph source")


def value_of(page: Page, name: str) -> Locator:
    """The number on the card of a scalar."""
    return page.locator(f"{node(name)} .pane.value .number")
