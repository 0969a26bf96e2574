import assert from "node:assert/strict";
import { test } from "node:test";
import { lanesOf } from "./lanes.ts";
import { Run } from "./run.ts";
import { executed, SQUARE } from "./sample.ts";

test("a bar lasts from where it was recorded to where it was freed", () => {
  const { bars, held, most } = lanesOf(new Run(SQUARE));
  assert.deepEqual(
    bars.map(({ node, from, to, end }) => [node, from, to, end]),
    [[2, 2, 5, "freed"]],
  );
  assert.deepEqual(held, [0, 0, 8, 8, 8, 0, 0, 0]);
  assert.equal(most, 8);
});

test("what nothing refers to any more is dropped, not freed", () => {
  const events = [...SQUARE.slice(0, 2), executed(3, { dropped: [2] })];
  assert.equal(lanesOf(new Run(events)).bars[0]?.end, "dropped");
});

test("what is there at the end is kept", () => {
  const [bar] = lanesOf(new Run(SQUARE.slice(0, 2))).bars;
  assert.deepEqual([bar?.end, bar?.to], ["kept", null]);
});

test("bars that are never there together share a lane", () => {
  const held = (node: number) => ({
    node,
    name: "Mul",
    inputs: [],
    state: "held" as const,
    bytes: 4,
  });
  const run = new Run([
    executed(1, { nodes: [held(1), held(2)] }),
    executed(2, { dropped: [1] }),
    executed(3, { nodes: [held(3)] }),
  ]);
  const { bars, count } = lanesOf(run);
  assert.deepEqual(
    bars.map(({ lane }) => lane),
    [0, 1, 0],
  );
  assert.equal(count, 2);
});
