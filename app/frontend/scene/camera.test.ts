import assert from "node:assert/strict";
import { test } from "node:test";
import { placeNote, viewOf, windowOf, zoomAbout, type CameraInput } from "./camera.ts";

const input: CameraInput = {
  layout: { width: 1000, height: 400 },
  viewport: { width: 800, height: 600 },
  manual: null,
  focus: null,
  least: 0.5,
  most: 1.5,
  margin: { x: 20, y: 20 },
};

test("a picture that fits is shown whole, in the middle", () => {
  const view = viewOf(input);
  assert.equal(view.zoom, 0.76);
  assert.equal(view.x, 20);
  assert.equal(view.y, (600 - 400 * 0.76) / 2);
});

test("a picture that would be illegible follows the active node, and never leaves its edge", () => {
  const wide = { ...input, layout: { width: 9000, height: 400 } };
  const at = (x: number) => viewOf({ ...wide, focus: { x, y: 0, width: 100, height: 100 } });
  assert.equal(at(4450).x, 400 - 4500 * 0.5);
  assert.equal(at(0).x, 20);
  assert.equal(at(8900).x, 800 - 20 - 4500);
});

test("a view of the reader's own is moved only to keep the focus in sight", () => {
  const manual = { x: 0, y: 0, zoom: 1 };
  const focus = { x: 900, y: 100, width: 80, height: 80 };
  assert.deepEqual(viewOf({ ...input, manual }), manual);
  assert.deepEqual(viewOf({ ...input, manual, focus: { ...focus, x: 300 } }), manual);
  assert.equal(viewOf({ ...input, manual, focus }).x, 800 - 24 - 980);
});

test("where a node and its far label find no room together, the node is in sight", () => {
  const layout = { width: 9000, height: 9000 };
  const core = { x: 200, y: 5000, width: 100, height: 100 };
  const focus = { x: 200, y: 1000, width: 300, height: 4100 };
  for (const manual of [null, { x: 0, y: 0, zoom: 0.5 }]) {
    const view = viewOf({ ...input, layout, manual, focus, core });
    const seen = windowOf(view, input.viewport);
    assert.ok(core.y >= seen.y && core.y + core.height <= seen.y + seen.height);
    assert.ok(focus.x >= seen.x && focus.x + focus.width <= seen.x + seen.width);
  }
});

test("zooming keeps the point under the pointer", () => {
  const view = zoomAbout({ x: 10, y: 20, zoom: 1 }, 2, { x: 100, y: 100 });
  assert.equal((100 - view.x) / view.zoom, 90);
  assert.equal((100 - view.y) / view.zoom, 80);
});

test("the window of a view is what it shows", () => {
  assert.deepEqual(windowOf({ x: -50, y: 20, zoom: 2 }, input.viewport), {
    x: 25,
    y: -10,
    width: 400,
    height: 300,
  });
});

test("a note stays in the window and covers nothing where there is room", () => {
  const size = { width: 200, height: 50 };
  for (const anchor of [
    { x: 0, y: 0 },
    { x: 700, y: 560 },
    { x: 300, y: 5 },
  ].map((at) => ({ ...at, width: 100, height: 40 }))) {
    const note = placeNote(size, anchor, [anchor], input.viewport);
    assert.ok(note.x >= 0 && note.x + size.width <= 800);
    assert.ok(note.y >= 0 && note.y + size.height <= 600);
    const apart =
      note.x >= anchor.x + 100 ||
      note.x + 200 <= anchor.x ||
      note.y >= anchor.y + 40 ||
      note.y + 50 <= anchor.y;
    assert.ok(apart);
  }
});

test("where the picture goes on beyond the window, its foot is left to the formula", () => {
  const layout = { width: 700, height: 4000 };
  for (const y of [0, 1700, 3900]) {
    const focus = { x: 300, y, width: 120, height: 100 };
    const view = viewOf({ ...input, layout, focus, dock: 150 });
    const foot = (focus.y + focus.height) * view.zoom + view.y;
    assert.ok(foot <= input.viewport.height - 150, `the focus at ${y} ends at ${foot}`);
  }
});

test("a picture that fits is shown whole, with or without a formula at its foot", () => {
  assert.deepEqual(viewOf({ ...input, dock: 150 }), viewOf(input));
});
