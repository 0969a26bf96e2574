import assert from "node:assert/strict";
import { test } from "node:test";
import { matches } from "./find-match.ts";

const node = (name: string, op: string, source: string) => ({ name, op, source });
const NODES = [
  node("W1", "leaf", "W1 = [1]"),
  node("h", "tanh", "h = tanh(W1 * x)"),
  node("h@2", "tanh", "h = tanh(W1 * h)"),
  node("hidden", "mul", "hidden = h * 2"),
  node("loss", "group", "loss = mean(hidden)"),
];
const found = (text: string) => matches(NODES, text).map(({ name }) => name);

test("the very name comes first, then names that begin with it", () => {
  assert.deepEqual(found("h"), ["h", "h@2", "hidden", "loss"].slice(0, 3).concat("loss"));
  assert.deepEqual(found("hidden"), ["hidden", "loss"]);
});

test("ops and sources are searched, too, whatever the case", () => {
  assert.deepEqual(found("TANH"), ["h", "h@2"]);
  assert.deepEqual(found("mean("), ["loss"]);
});

test("nothing is found by nothing, or by what is nowhere", () => {
  assert.deepEqual(found("  "), []);
  assert.deepEqual(found("zebra"), []);
});
