import assert from "node:assert/strict";
import { test } from "node:test";
import type { GraphEvent } from "../events.ts";
import { golden } from "./golden.ts";
import { isDrawnAlike, isSameProgram } from "./program.ts";

test("graphs that differ in values alone are drawn alike, any other change is not", () => {
  const graph = golden("worked-example").events[0] as GraphEvent;
  const copy = structuredClone(graph);
  copy.digest = "another";
  assert.ok(isDrawnAlike(graph, copy));
  const changes: ((one: GraphEvent) => void)[] = [
    (one) => (one.output = "u3"),
    (one) => (one.m = 2),
    (one) => (one.nodes[0]!.shape = [2]),
    (one) => (one.nodes[3]!.inputs = ["u3", "u2"]),
    (one) => (one.nodes[0]!.name = "v"),
    (one) => one.nodes.pop(),
  ];
  for (const change of changes) {
    const other = structuredClone(graph);
    change(other);
    assert.ok(!isDrawnAlike(graph, other));
  }
});

test("a program is the same as long as every word of it is, whatever its values", () => {
  const graph = golden("worked-example").events[0] as GraphEvent;
  const [copy, other] = [structuredClone(graph), structuredClone(graph)];
  copy.digest = "another";
  assert.ok(isSameProgram(graph, copy));
  other.nodes[0]!.source = "u1 = 5";
  assert.ok(isDrawnAlike(graph, other));
  assert.ok(!isSameProgram(graph, other));
});
