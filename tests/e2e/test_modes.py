"""Reverse mode, forward mode, both on one clock, and derivatives of derivatives."""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from .reading import example, flat, node, picture, shown, step_of, steps_of

Visit = Callable[..., Page]


def ask(base_url: str, path: str, **body: Any) -> str:
    """The answer to a POST, as text."""
    request = urllib.request.Request(
        f"{base_url}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return str(response.read().decode())


def own(source: str) -> str:
    """The fragment of an address that carries this program."""
    return "source=" + base64.urlsafe_b64encode(source.encode()).decode().rstrip("=")


def pane(name: str) -> str:
    """Where P of a node stands, or its tangent."""
    return f"{node(name)} .pane.adjoint"


def test_forward_mode_shows_the_tangents_of_the_chosen_direction(lab: Visit, base_url: str) -> None:
    page = lab()
    page.get_by_role("button", name="Forward", exact=True).click()
    page.wait_for_selector("[data-phase=tangent]")
    page.get_by_role("combobox", name="Direction").select_option("u2")
    page.wait_for_function("location.hash.includes('tangents')")
    source = example(base_url, "worked-example")["source"]
    lines = ask(base_url, "trace", source=source, mode="forward", tangents={"u2": 1}).splitlines()
    events = [json.loads(line) for line in lines]
    page.keyboard.press("End")
    expect(page.locator(f"{pane('u4')} .number")).to_have_text("8")
    for event in events:
        if event["kind"] == "tangent":
            assert shown(page, pane(event["node"])) == flat(event["value"]["data"])
    assert steps_of(page) == len(events) - 1


def test_both_modes_run_on_one_clock_and_count_what_the_server_counts(
    lab: Visit, base_url: str
) -> None:
    page = lab("/lab?example=two-layer-network")
    cost = json.loads(
        ask(base_url, "graph", source=example(base_url, "two-layer-network")["source"])
    )["cost"]
    page.get_by_role("button", name="Both", exact=True).click()
    heads = page.locator(".mode-head")
    expect(page.locator(".versus .sketch .card").first).to_be_attached(timeout=10_000)
    page.keyboard.press("End")
    for place, mode in enumerate(("reverse", "forward")):
        for count in ("passes", "multiplications"):
            text = heads.nth(place).locator(f"[data-count={count}]").inner_text().replace(",", "")
            assert text == f"{cost[mode][count]} / {cost[mode][count]}", (mode, count)
        held = heads.nth(place).locator("[data-count=numbers]").inner_text().replace(",", "")
        assert float(held) * 8 == cost[mode]["bytes"]
    page.keyboard.press("Home")
    expect(heads.nth(1).locator("[data-count=passes] b")).to_have_text("0")


def test_both_modes_step_there_and_back(lab: Visit) -> None:
    page = lab("/lab?sweep=both")
    expect(page.locator(".versus .sketch .card").first).to_be_attached()
    read = """document.querySelector('.versus').innerHTML
      .replace(/<!--.*?-->|data-gliding="\\w+"/g, '')"""
    pictures = []
    for _ in range(steps_of(page)):
        pictures.append((page.evaluate(read), picture(page)))
        page.keyboard.press("ArrowRight")
    for expected in reversed(pictures):
        page.keyboard.press("ArrowLeft")
        assert (page.evaluate(read), picture(page)) == expected


def test_an_output_is_differentiated_again_on_the_same_canvas(lab: Visit) -> None:
    page = lab(f"/lab#{own('x = 2' + chr(10) + 'y = x ** 3')}")
    before = page.locator("[data-node]").count()
    output = page.locator("[data-role=output]")
    orders = [("dy/dx", 12), ("d(dy/dx)/dx", 12), ("d(d(dy/dx)/dx)/dx", 6)]
    for order, (name, value) in enumerate(orders, 1):
        page.get_by_role("combobox", name="Differentiate again").select_option("x")
        page.wait_for_selector(f'[data-role=output][data-grown][data-name="{name}"]')
        expect(page.locator(".order annotation")).to_contain_text("f" + "'" * order + " = ")
        page.keyboard.press("End")
        expect(output).to_have_attribute("aria-label", re.compile(f"value {value}, P 1"))
    assert page.locator("[data-node]").count() > before
    assert page.locator(node("y")).count() == 1
    assert step_of(page) == steps_of(page)
    page.get_by_role("button", name="Undo").click()
    expect(output).to_have_attribute("data-name", "d(dy/dx)/dx")


def test_only_a_single_number_is_differentiated_again(lab: Visit) -> None:
    page = lab(f"/lab#{own('x = [1, 2]' + chr(10) + 'y = x * x')}")
    expect(page.get_by_role("combobox", name="Differentiate again")).to_be_disabled()
