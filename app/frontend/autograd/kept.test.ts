import assert from "node:assert/strict";
import { test } from "node:test";
import { curvePath } from "./kept.ts";

test("the curve of what is held turns only where the amount does", () => {
  assert.equal(curvePath({ held: [0, 0, 8, 8, 4, 0], most: 8 }), "M0 100H2V0H4V50H5V100H5");
});

test("a run that holds nothing has a line at the bottom", () => {
  assert.equal(curvePath({ held: [0, 0, 0], most: 0 }), "M0 100H2");
});
