import assert from "node:assert/strict";
import { test } from "node:test";
import { patternPath } from "./pattern.ts";

test("each run of non-zero entries is one box, row by row", () => {
  assert.equal(
    patternPath([1, 2, 0, 0, 0, -1, NaN, 0, 0, 0, 0, 5], 4),
    "M0 0h2v1h-2zM1 1h2v1h-2zM3 2h1v1h-1z",
  );
  assert.equal(patternPath([0, 0], 2), "");
});
