import assert from "node:assert/strict";
import test from "node:test";
import { readView, writeView } from "./viewpoint.ts";

test("a view is the same in its own window", () => {
  const size = { width: 1100, height: 640 };
  const view = { x: -120, y: 44, zoom: 1.25 };
  const again = readView(writeView(view, size), size)!;
  assert.equal(again.zoom, view.zoom);
  assert.ok(Math.abs(again.x - view.x) <= 1 && Math.abs(again.y - view.y) <= 1);
});

test("in another window the same point is in the middle", () => {
  const [wide, small] = [
    { width: 1600, height: 900 },
    { width: 400, height: 300 },
  ];
  const view = readView(writeView({ x: 300, y: 150, zoom: 0.5 }, wide), small)!;
  assert.equal((200 - view.x) / view.zoom, 1000);
  assert.equal((150 - view.y) / view.zoom, 600);
});

test("a view that cannot be is left to the picture", () => {
  for (const text of ["", "1,2", "1,2,0", "a,b,c", "1,2,1e9", "NaN,0,1"])
    assert.equal(readView(text, { width: 10, height: 10 }), null, text);
});
