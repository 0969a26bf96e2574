"""Links to /autograd: what they bring back, what they cannot bring, and one that is spoilt."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .reading import step_of, steps_of
from .test_autograd_page import told, type_snippet
from .test_everyone import violations

Visit = Callable[..., Page]


def test_a_link_restores_code_and_step(lab: Visit) -> None:
    page = lab("/autograd?lesson=own")
    type_snippet(page, "a = torch.tensor(2.0)\n# 梯度\nb = a * 3\nprint(b)")
    expect(page.locator("html")).to_have_attribute("data-steps", "3")
    page.locator("[data-mount=picture]").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('step=2')")
    again = lab(page.evaluate("location.pathname + location.search + location.hash"))
    assert step_of(again) == 2 and steps_of(again) == 3
    assert "b = a * 3" in told(again)
    assert "梯度" in again.locator("[data-mount=editor]").evaluate(
        "(e) => (e.firstElementChild.shadowRoot ?? e).textContent"
    )


def test_a_reload_stays_at_the_step(lab: Visit) -> None:
    page = lab("/autograd?lesson=accumulate&step=9&words=symbols")
    before = told(page)
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    assert step_of(page) == 9 and told(page) == before


def test_a_link_cannot_bring_markup(lab: Visit) -> None:
    snippet = """x = torch.ones(1)  # <img src=x onerror="document.title='gone'">
print("<img src=x onerror=alert(1)>")
raise ValueError("<script>alert(2)</script>")
"""
    code = base64.urlsafe_b64encode(snippet.encode()).decode().rstrip("=")
    page = lab(f"/autograd?lesson=own&step=3#code={code}")
    expect(page.locator(".screen pre")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".screen .error")).to_contain_text("<script>alert(2)</script>")
    assert page.locator("main img, main script").count() == 0
    assert "gone" not in page.title()


@pytest.mark.parametrize(
    ("address", "lost"),
    [
        (
            "/autograd?step=3#packed=eJyLji4tTVbSUSooMgQSBWZGYGJPLAA",
            "its program could not be read",
        ),
        ("/autograd?step=3#code=!!!!", "its program could not be read"),
        ("/autograd?lesson=nope&step=3", "There is no lesson “nope”"),
    ],
)
def test_a_spoilt_link_says_so_and_stays_in_the_address(
    lab: Visit, address: str, lost: str
) -> None:
    page = lab(address)
    notice = page.locator(".notice").filter(has_text=lost)
    expect(notice).to_contain_text("“Leaf or not” is shown instead")
    page.locator("[data-mount=picture]").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.endsWith('step=4')")
    assert page.url.endswith(address.replace("step=3", "step=4"))
    page.reload()
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_have_count(0)
    page.wait_for_function("() => location.href.endsWith('/autograd?step=4')")
    assert violations(page) == []
