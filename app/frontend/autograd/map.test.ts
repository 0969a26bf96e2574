import assert from "node:assert/strict";
import { test } from "node:test";
import { mappingOf } from "./map.ts";

test("a wide graph fills the map from side to side and lies in its middle", () => {
  const { scale, left, top } = mappingOf({ width: 1900, height: 100 });
  assert.equal(scale, 0.1);
  assert.deepEqual([left, top], [5, 17]);
});

test("a high graph fills it from top to bottom", () => {
  assert.equal(mappingOf({ width: 10, height: 340 }).scale, 0.1);
});
