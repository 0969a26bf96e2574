import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketsOf, meet, within } from "./buckets.ts";
import type { Box } from "./camera.ts";

const boxes = Array.from({ length: 300 }, (_, i): Box => ({
  x: (i * 397) % 9000,
  y: (i * 811) % 3000,
  width: 40 + ((i * 31) % 900),
  height: 30 + ((i * 17) % 300),
}));

test("what the buckets find is what looking at everything finds", () => {
  const buckets = bucketsOf(boxes);
  for (const window of [
    { x: 0, y: 0, width: 700, height: 400 },
    { x: 4000, y: -900, width: 1200, height: 2400 },
    { x: -9000, y: -9000, width: 50000, height: 50000 },
    { x: 99999, y: 0, width: 10, height: 10 },
  ]) {
    const expected = [...boxes.keys()].filter((index) => meet(window, boxes[index]!));
    assert.deepEqual(within(buckets, window), expected);
  }
});
