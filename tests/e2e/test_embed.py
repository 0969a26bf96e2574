"""The laboratory inside another site's page: where a setting allows it, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import serving

BARE = "hide=header,source,inspector"


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another site: its address, and the folder of its pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path
    server.shutdown()
    server.server_close()
    thread.join()


def write_page(folder: Path, address: str) -> None:
    frame = f'<iframe src="{address}" width="800" height="520" title="graph"></iframe>'
    (folder / "page.html").write_text(f"<!doctype html><title>Course</title>{frame}")


def test_a_named_site_shows_the_parts_it_wants(
    page: Page, site: tuple[str, Path], messages: list[str], base_url: str
) -> None:
    origin, folder = site
    with serving({"BACKPROP_LAB_EMBED_SITES": origin}) as address:
        write_page(folder, f"{address}/lab?step=16&embed=1&{BARE}".replace("&", "&amp;"))
        page.goto(f"{origin}/page.html")
        frame = page.frame_locator("iframe")
        expect(frame.locator("html[data-ready=true]")).to_have_attribute("data-step", "16")
        expect(frame.get_by_role("slider", name="Time line")).to_be_visible()
        for hidden in (".bar", ".source", ".inspector"):
            expect(frame.locator(hidden)).to_be_hidden()
        frame.get_by_role("button", name="Step forward").click()
        expect(frame.locator("html")).to_have_attribute("data-step", "17")
        way = frame.get_by_role("link", name="Open in Backprop Lab")
        with page.expect_popup() as popup:
            way.click()
        expect(popup.value.locator("html")).to_have_attribute("data-step", "17")
        expect(popup.value.locator(".bar")).to_be_visible()
    assert [said for said in messages if "favicon" not in said and "404" not in said] == []


def test_the_code_to_embed_is_offered_where_it_would_work(
    page: Page, base_url: str, site: tuple[str, Path]
) -> None:
    origin, folder = site
    page.goto(f"{base_url}/lab")
    page.wait_for_selector("html[data-ready=true]")
    expect(page.get_by_role("button", name="Copy code for a page")).to_have_count(0)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with serving({"BACKPROP_LAB_EMBED_SITES": origin}) as address:
        page.goto(f"{address}/lab?step=5")
        page.wait_for_selector("html[data-ready=true]")
        page.get_by_role("button", name="Share").click()
        page.get_by_role("button", name="Copy code for a page").click()
        expect(page.get_by_text("Copied.")).to_be_visible()
        code = page.evaluate("navigator.clipboard.readText()")
        assert f'src="{address}/lab?' in code
        (folder / "page.html").write_text(f"<!doctype html><title>Course</title>{code}")
        page.goto(f"{origin}/page.html")
        frame = page.frame_locator("iframe")
        expect(frame.locator("html[data-ready=true]")).to_have_attribute("data-step", "5")


def test_without_the_setting_no_site_shows_it(
    page: Page, base_url: str, site: tuple[str, Path]
) -> None:
    origin, folder = site
    write_page(folder, f"{base_url}/lab?embed=1")
    page.goto(f"{origin}/page.html")
    refused = page.frame_locator("iframe").locator("html[data-ready]")
    page.wait_for_timeout(500)
    expect(refused).to_have_count(0)
