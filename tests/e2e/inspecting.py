"""What the inspector shows, and what the API says of the same."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from playwright.sync_api import Locator, Page


def post(base_url: str, path: str, **body: Any) -> Any:
    """The answer of one endpoint."""
    request = urllib.request.Request(
        f"{base_url}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def inspector(page: Page) -> Locator:
    """The region."""
    return page.locator(".inspector")


def fact(page: Page, name: str) -> Locator:
    """One panel of the inspector."""
    return page.locator(f'.inspector [data-fact="{name}"]')


def numbers(place: Locator) -> list[float]:
    """The exact numbers in a part of the page."""
    found = place.locator("[data-value]").evaluate_all(
        "(elements) => elements.map((element) => Number(element.dataset.value))"
    )
    return [float(number) for number in found]


def edge_key(edge: dict[str, Any]) -> str:
    """An edge as the page calls it."""
    return f"{edge['from']}-{edge['to']}-{edge['slot']}"
