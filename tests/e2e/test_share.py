"""What one takes along: links that restore a place, pictures that stand for themselves, frames."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import wait_until_ready
from .reading import everything, step_of

Visit = Callable[..., Page]

COMPARE = """async ([first, second]) => {
  const read = async (address) => {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const [width, height] = [picture.width, picture.height].map((size) => Math.floor(size / 2));
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  };
  const [a, b] = [await read(first), await read(second)];
  if (a.width !== b.width || a.height !== b.height) return [a.width, a.height, b.width, b.height];
  let differing = 0, ink = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const apart = Math.max(...[0, 1, 2].map((c) => Math.abs(a.data[i + c] - b.data[i + c])));
    const plain = Math.max(...[0, 1, 2].map((c) => Math.abs(a.data[i + c] - a.data[c])));
    if (apart > 64) differing++;
    if (plain > 24) ink++;
  }
  return differing / ink;
}"""
"""How much of what is drawn differs clearly. Seen at half size: shades of edges do not count."""


def data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def save(page: Page, kind: str, folder: Path) -> Path:
    """Save the step on screen by the menu, and close the menu again."""
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as {kind}").click()
    page.keyboard.press("Escape")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def copied_link(page: Page) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=re.compile("Share|分享")).click()
    page.get_by_role("button", name=re.compile("Copy link|复制链接")).click()
    expect(page.get_by_role("status").filter(has_text=re.compile("Copied|已复制"))).to_be_visible()
    page.keyboard.press("Escape")
    return str(page.evaluate("navigator.clipboard.readText()"))


def panels(page: Page) -> str:
    """Everything that is shown but where the picture stands in its window."""
    return re.sub(r' style="[^"]*"', "", everything(page))


def view_of(page: Page) -> list[float]:
    """Shift and zoom of the picture."""
    style = page.locator("[data-picture] .world").get_attribute("style") or ""
    return [float(number) for number in re.findall(r"-?[\d.]+(?=px|\))", style)]


def test_a_copied_link_restores_the_whole_place(lab: Visit, context: BrowserContext) -> None:
    page = lab("/lab?example=two-layer-network&step=33&selection=a1&lang=zh-CN&theme=dark")
    page.get_by_role("button", name="放大").click()
    page.mouse.move(900, 700)
    page.mouse.wheel(60, 30)
    link = copied_link(page)
    before, shown = view_of(page), panels(page)
    context.clear_cookies()
    page.goto("about:blank")
    page.goto(link)
    wait_until_ready(page)
    assert panels(page) == shown
    assert view_of(page) == pytest.approx(before, abs=1)
    assert copied_link(page) == link
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert "theme" not in link
    assert len(link) < 600


def test_a_link_does_not_rest_on_the_server_s_examples(lab: Visit) -> None:
    page = lab("/lab?example=worked-example&step=9")
    link = copied_link(page).replace("worked-example", "renamed-since")
    page.goto("about:blank")
    page.goto(link)
    wait_until_ready(page)
    assert step_of(page) == 9
    assert page.locator("[data-node]").count() == 4


def test_a_long_program_makes_a_short_link(lab: Visit) -> None:
    lines = ["x0 = 0.5"] + [f"x{i + 1} = tanh(0.{i % 9 + 1} * x{i}) + x{i}" for i in range(60)]
    source = "\n".join(lines)
    page = lab()
    page.evaluate(
        """(source) => {
            const bytes = new TextEncoder().encode(source);
            location.hash = 'source=' + btoa(String.fromCharCode(...bytes));
        }""",
        source,
    )
    page.wait_for_function("() => document.documentElement.dataset.steps > 100")
    page.wait_for_function("() => location.hash.startsWith('#packed=')")
    assert len(page.url) < len(source) / 2
    page.reload()
    wait_until_ready(page)
    page.wait_for_function("() => document.documentElement.dataset.steps > 100")


@pytest.mark.parametrize(
    ("address", "lost"),
    [
        ("/lab?step=3#packed=eJyLji4tTVbSUSooMgQSBWZGYGJPLAA", "its program could not be read"),
        ("/lab?step=3#packed=%%%garbage", "its program could not be read"),
        ("/lab?step=3#source=!!!!", "its program could not be read"),
        ("/lab?step=3#inputs=eyJ4Ijo", "its values could not be read"),
        ("/lab?example=nope&step=3", "There is no example “nope”"),
    ],
)
def test_a_spoilt_link_says_so_and_stays_in_the_address(
    lab: Visit, address: str, lost: str
) -> None:
    page = lab(address)
    notice = page.locator(".notice").filter(has_text=lost)
    expect(notice).to_contain_text(re.compile("“.+” is shown instead|own are shown instead"))
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.search.endsWith('step=4')")
    assert page.url.endswith(address.replace("step=3", "step=4"))
    page.reload()
    wait_until_ready(page)
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_have_count(0)
    page.wait_for_function("() => location.href.endsWith('/lab?step=4')")


def test_without_the_clipboard_the_link_is_there_to_be_copied(lab: Visit) -> None:
    page = lab("/lab?step=3")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error('closed')) }")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Copy link").click()
    box = page.get_by_role("textbox", name="Text to copy")
    expect(box).to_be_visible()
    assert "step=3" in box.input_value()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("name", "step"), [("worked-example", 16), ("two-layer-network", 33)])
def test_a_saved_picture_looks_like_the_page(
    lab: Visit, context: BrowserContext, tmp_path: Path, theme: str, name: str, step: int
) -> None:
    page = lab(f"/lab?example={name}&step={step}&theme={theme}")
    page.evaluate(KEEP_THE_STILL)
    file = save(page, "SVG", tmp_path)
    text = file.read_text("utf-8")
    assert "foreignObject" not in text
    assert not re.search(r'(href|src)="?http|url\((?!#|data:)', text)
    assert not re.search(r"oklab|oklch|color\(|var\(|light-dark", text)
    (width, height) = (int(x) for x in re.findall(r' (?:width|height)="(\d+)"', text)[:2])
    page.set_viewport_size({"width": width, "height": height})
    drawn = page.locator(".still").first.screenshot()
    saved = look_at(context, file, width, height)
    assert page.evaluate(COMPARE, [data_url(drawn), data_url(saved)]) < 0.03


KEEP_THE_STILL = """() => {
  const remove = Element.prototype.remove;
  Element.prototype.remove = function () {
    if (!this.classList.contains('still')) return remove.call(this);
    const { backgroundColor } = getComputedStyle(document.querySelector('.stage'));
    Object.assign(this.style, { opacity: 1, zIndex: 99, background: backgroundColor });
  };
}"""
"""Leaves what the picture was read from on the page, so that both can be laid side by side."""


def look_at(context: BrowserContext, file: Path, width: int, height: int) -> bytes:
    """The file as a browser shows it, without any page of ours."""
    assert context.browser is not None
    apart = context.browser.new_context(viewport={"width": width, "height": height})
    viewer = apart.new_page()
    viewer.goto(file.as_uri())
    shown = viewer.screenshot()
    apart.close()
    return shown


def test_a_bitmap_is_the_same_picture_twice_as_fine(
    lab: Visit, context: BrowserContext, tmp_path: Path
) -> None:
    page = lab("/lab?step=16")
    svg, png = (save(page, kind, tmp_path) for kind in ("SVG", "PNG"))
    width, height = (int.from_bytes(png.read_bytes()[at : at + 4], "big") for at in (16, 20))
    shown = look_at(context, svg, width // 2, height // 2)
    half = """async ([address, width, height]) => {
      const picture = new Image();
      picture.src = address;
      await picture.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      canvas.getContext('2d').drawImage(picture, 0, 0, width, height);
      return canvas.toDataURL();
    }"""
    small = page.evaluate(half, [data_url(png.read_bytes()), width // 2, height // 2])
    assert page.evaluate(COMPARE, [small, data_url(shown)]) < 0.1


def test_a_picture_tells_what_it_shows(lab: Visit, tmp_path: Path) -> None:
    text = save(lab("/lab?step=16"), "SVG", tmp_path).read_text("utf-8")
    assert "<title>Backprop Lab · step 16</title>" in text
    assert "receives the term" in re.findall(r"<desc>(.*?)</desc>", text, re.DOTALL)[0]
    assert "u4 = u2 * u3" in text


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_a_picture_is_named_after_what_it_shows(lab: Visit, tmp_path: Path, kind: str) -> None:
    page = lab("/lab?step=4")
    assert save(page, kind, tmp_path).name == f"worked-example-004.{kind.lower()}"
