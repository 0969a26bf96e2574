import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeState } from "../events.ts";
import { edgesOf, place, stretchAt, stretchesOf } from "./graph.ts";
import { pictureOf } from "./marks.ts";
import { Run } from "./run.ts";
import { executed, SQUARE } from "./sample.ts";

const node = (number: number, inputs: (number | null)[], state: NodeState["state"] = "held") => ({
  ...{ node: number, name: `Node${number}`, inputs, state, bytes: 4 },
});

test("a run that only grows is one stretch", () => {
  assert.deepEqual(
    stretchesOf(SQUARE).map(({ from, to }) => [from, to]),
    [[0, SQUARE.length - 1]],
  );
});

test("a new stretch begins where nodes are dropped, and keeps those that stay", () => {
  const events = [...SQUARE.slice(0, 2), executed(3, { dropped: [2], nodes: [node(3, [1])] })];
  const [before, after] = stretchesOf(events);
  assert.deepEqual([...before!.nodes.keys()], [1, 2]);
  assert.deepEqual([...after!.nodes.keys()], [1, 3]);
  assert.equal(stretchAt([before!, after!], 2), after);
});

test("nodes of one statement have a stretch of their own", () => {
  const events = [SQUARE[0]!, SQUARE[2]!, executed(2)];
  const found = stretchesOf(events).map(({ from, to, nodes }) => [from, to, nodes.size]);
  assert.deepEqual(found, [
    [0, 0, 1],
    [1, 1, 2],
    [2, 2, 1],
  ]);
});

test("leaves come first, then each node behind its inputs", () => {
  const nodes = new Map(
    [node(3, [4, null]), node(4, [1, 1]), node(1, [], "leaf")].map((each) => [each.node, each]),
  );
  assert.deepEqual([...place(nodes).placeOf.keys()], [1, 4, 3]);
  assert.deepEqual(
    edgesOf(nodes).map(({ key }) => key),
    ["4-3-0", "1-4-0", "1-4-1"],
  );
});

test("inputs stand left of what was computed from them", () => {
  const nodes = new Map(
    [node(1, [], "leaf"), node(2, [1]), node(3, [2])].map((each) => [each.node, each]),
  );
  const { layout, placeOf } = place(nodes);
  const x = (number: number) => layout.nodes[placeOf.get(number)!]!.x;
  assert.ok(x(1) < x(2) && x(2) < x(3));
});

test("the picture has the phase of each node and the J on each edge", () => {
  const run = new Run(SQUARE);
  const [stretch] = stretchesOf(SQUARE);
  const placed = place(stretch!.nodes);
  const { nodes, edges } = pictureOf(run.at(4), placed, placed.placeOf);
  assert.deepEqual(
    nodes.map(({ phase }) => phase),
    ["wait", "now"],
  );
  assert.deepEqual(
    edges.map(({ flow, jacobian }) => [flow, jacobian]),
    [
      ["active", [[3]]],
      ["idle", [[3]]],
    ],
  );
});

test("the node at fault is marked", () => {
  const run = new Run(SQUARE);
  const placed = place(run.at(run.last).nodes);
  const { nodes } = pictureOf(run.at(run.last), placed, placed.placeOf);
  assert.deepEqual(
    nodes.filter(({ fault }) => fault).map((mark) => mark.node.node),
    [2],
  );
});
