"""Graphs that were captured from real PyTorch, opened in the laboratory by their link and stepped
through to the end: every number that arrives there is PyTorch's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import engine
from app.notebook import show
from engine.forms.source import source

from .conftest import wait_until_ready
from .reading import steps_of

Visit = Callable[[str], Page]
RECORDED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "engine" / "interop" / "recorded.json").read_text("utf-8")
)
MODELS = ["residual_block", "lstm_cell", "transformer_encoder_layer", "autograd_function"]

FINAL = """() => Object.fromEntries(
  [...document.querySelectorAll('[data-picture] [data-node][data-phase=final]')].map((card) => [
    card.dataset.name,
    [...card.querySelectorAll('.pane.adjoint [data-value]')].map((e) => Number(e.dataset.value)),
  ]))"""


def link_of(name: str, base_url: str) -> str:
    """The address that a notebook gives for what it captured."""
    request = RECORDED[name]["request"]
    parsed = engine.prepare(**request).parsed
    assert parsed is not None
    known = {key: request[key] for key in ("output", "gradient", "dtype")}
    parts = urlsplit(show(source(parsed), **known).link(base_url))
    return f"{parts.path}?{parts.query}#{parts.fragment}"


@pytest.mark.parametrize("name", MODELS)
def test_the_lab_steps_through_what_was_captured(lab: Visit, base_url: str, name: str) -> None:
    page = lab(link_of(name, base_url))
    steps = steps_of(page)
    assert steps > 20
    for _ in range(12):
        page.get_by_role("button", name="Step forward").click()
    expect(page.locator("html")).to_have_attribute("data-step", "12")
    page.get_by_role("group", name="Step size").get_by_role("button", name="Node").click()
    for _ in range(steps):
        if page.locator("html").get_attribute("data-step") == str(steps):
            break
        page.keyboard.press("ArrowRight")
    page.wait_for_selector("html[data-resting=true]")
    told = RECORDED[name]["gradients"]
    found = page.evaluate(FINAL)
    compared = 0
    for node, numbers in found.items():
        known = told.get(node)
        if known is not None and len(numbers) == np.size(known):
            np.testing.assert_allclose(numbers, np.ravel(known), rtol=1e-6, atol=1e-9)
            compared += 1
    assert compared >= 1


def test_the_link_of_a_captured_graph_survives_a_reload(lab: Visit, base_url: str) -> None:
    page = lab(link_of("lstm_cell", base_url))
    before = page.locator("[data-picture] [data-node]").count()
    page.keyboard.press("End")
    page.wait_for_function("location.search.includes('step=')")
    page.reload()
    wait_until_ready(page)
    assert page.locator("[data-picture] [data-node]").count() == before
    expect(page.locator("html")).to_have_attribute("data-step", str(steps_of(page)))
