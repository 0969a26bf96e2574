import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceEvent } from "../events.ts";
import { golden } from "./golden.ts";
import {
  directionName,
  directionsOf,
  joined,
  passRequest,
  reverseDone,
  rivalFrame,
  sweepAt,
} from "./rival.ts";

const { events, program } = golden("worked-example");
const graph = events[0]!;
const forward = (x: number): TraceEvent[] => {
  const before = events.filter(({ kind }) => ["graph", "value", "jacobian"].includes(kind));
  const tangents = [...program.nodes.keys()].map((node, at) => ({
    kind: "tangent" as const,
    seq: before.length + at,
    node,
    value: { shape: [], dtype: "float64", data: x },
  }));
  return [...before, ...tangents, events.at(-1)!] as TraceEvent[];
};
const passes = [forward(1), forward(2)];

test("a direction is an entry of a leaf that the output depends on", () => {
  assert.equal(graph.kind, "graph");
  if (graph.kind !== "graph") return;
  assert.deepEqual(directionsOf(graph).map(directionName), ["u1", "u2"]);
  assert.equal(directionName({ leaf: "W", entry: 5, shape: [2, 3] }), "W[1, 2]");
  const request = passRequest({ source: "", output: null }, { leaf: "W", entry: 5, shape: [2, 3] });
  assert.deepEqual(request.tangents, {
    W: [
      [0, 0, 0],
      [0, 0, 1],
    ],
  });
});

test("the joined run has values and Jacobians once, and the tangents of every sweep", () => {
  const run = joined(passes);
  const count = (kind: string) => run.filter((event) => event.kind === kind).length;
  assert.deepEqual(
    ["graph", "value", "jacobian", "tangent", "finished"].map(count),
    [1, 4, 4, 8, 1],
  );
  run.forEach((event, step) => {
    const frame = rivalFrame(passes, step);
    assert.equal(frame.event.kind, event.kind, String(step));
    if (event.kind === "tangent") assert.deepEqual(frame.tangentOf(event.node)?.value, event.value);
  });
});

test("a sweep counts as done with its last tangent", () => {
  assert.deepEqual(
    [8, 11, 12, 13, 16, 17].map((step) => sweepAt(passes, step).done),
    [0, 0, 1, 1, 2, 2],
  );
  assert.equal(sweepAt(passes, 13).pass, 1);
});

test("reverse mode is done with its last adjoint, not before", () => {
  const cost = { passes: 1, multiplications: 4, bytes: 0 };
  const last = events.findLastIndex(({ kind }) => kind === "adjoint");
  assert.deepEqual(
    [0, last - 1, last].map((step) => reverseDone(events, step, cost)),
    [0, 0, 1],
  );
});
