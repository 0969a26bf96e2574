import assert from "node:assert/strict";
import { test } from "node:test";
import { eventReader } from "./again.ts";

test("an event that is said again in its place is the same object, any other is read", () => {
  const lines = [1, 2, 3].map((value) => JSON.stringify({ kind: "value", seq: value, value }));
  const first = lines.map(eventReader());
  const again = [lines[0]!, '{"kind":"value","seq":2,"value":7}', lines[2]!].map(eventReader());
  assert.equal(again[0], first[0]);
  assert.equal(again[2], first[2]);
  assert.deepEqual(again[1], { kind: "value", seq: 2, value: 7 });
  assert.deepEqual(first[1], { kind: "value", seq: 2, value: 2 });
});
