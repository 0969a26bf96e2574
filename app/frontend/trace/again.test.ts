import assert from "node:assert/strict";
import { test } from "node:test";
import type { GraphEvent } from "../events.ts";
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

test("a graph with other inputs shares its nodes with the one before, any other graph does not", () => {
  const graph = (digest: string, name: string) =>
    JSON.stringify({ kind: "graph", seq: 0, nodes: [{ name }], digest });
  const read = (line: string) => eventReader()(line) as GraphEvent;
  const first = read(graph("a", "u1"));
  const again = read(graph("b", "u1"));
  assert.equal(again.nodes, first.nodes);
  assert.equal(again.digest, "b");
  assert.notEqual(again, first);
  assert.equal(read(graph("c", "u2")).nodes[0]!.name, "u2");
});
