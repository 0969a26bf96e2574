import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesOf } from "../format.ts";
import { golden } from "./golden.ts";
import { edgeKey, frameAt } from "../timeline.ts";
import {
  entryName,
  indexAt,
  lightsOf,
  lightsOfJacobian,
  placeAt,
  trailOf,
  type Lines,
} from "./trail.ts";

const { program, events } = golden("two-layer-network");
const frame = frameAt(events, Infinity);
const lines: Lines = {
  row: (edge, row) => matrix(edgeKey(edge))[row]!,
  column: (edge, column) => matrix(edgeKey(edge)).map((each) => each[column]!),
};

function matrix(key: string): number[][] {
  const { dense } = frame.jacobianOf(key)!;
  const entries = entriesOf(dense!)!;
  const cols = dense!.shape[1]!;
  return Array.from({ length: dense!.shape[0]! }, (_, row) =>
    entries.slice(row * cols, (row + 1) * cols),
  );
}

test("an entry of W x + b comes from its row of W, all of x and its entry of b", () => {
  const { from, to } = trailOf(program, "z1", 1, lines);
  const places = Object.fromEntries(from.map((reach) => [reach.node, reach.places]));
  assert.deepEqual(places, { W1: [2, 3], x: [0, 1], b1: [1] });
  assert.deepEqual(
    to.map((reach) => [reach.node, reach.places]),
    [["a1", [1]]],
  );
});

test("the entry, what it came from and where it goes are lit apart", () => {
  const lights = lightsOf(program, "z1", 1, trailOf(program, "z1", 1, lines));
  assert.deepEqual([...lights.get("z1")!], [[1, "here"]]);
  assert.deepEqual([...lights.get("b1")!], [[1, "from"]]);
  assert.deepEqual([...lights.get("a1")!], [[1, "to"]]);
  assert.deepEqual([...lights.get("W1-z1-0")!.keys()], [8, 9]);
});

test("an entry of J ties two entries together", () => {
  const edge = program.edges.get("x-z1-1")!;
  const lights = lightsOfJacobian(edge, 2, 1, 2);
  assert.deepEqual([...lights.get("x")!], [[1, "from"]]);
  assert.deepEqual([...lights.get("z1")!], [[2, "to"]]);
  assert.deepEqual([...lights.get("x-z1-1")!], [[5, "here"]]);
});

test("a place and its index are each other's inverse", () => {
  const shape = [2, 3, 4];
  for (let place = 0; place < 24; place++)
    assert.equal(placeAt(shape, indexAt(shape, place)), place);
  assert.equal(entryName("W", shape, 23), "W[1, 2, 3]");
  assert.equal(entryName("u1", [], 0), "u1");
});
