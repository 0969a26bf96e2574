import assert from "node:assert/strict";
import { test } from "node:test";
import { nextSpeed, SPEEDS } from "./player.ts";

test("speeds go up and down one at a time and stop at both ends", () => {
  assert.equal(nextSpeed(1, 1), 1.5);
  assert.equal(nextSpeed(1, -1), 0.75);
  assert.equal(nextSpeed(4, 1), 4);
  assert.equal(nextSpeed(0.25, -1), 0.25);
  assert.deepEqual([SPEEDS[0], SPEEDS.at(-1)], [0.25, 4]);
});
