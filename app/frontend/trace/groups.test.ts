import assert from "node:assert/strict";
import { test } from "node:test";
import { counterpart } from "./counterpart.ts";
import type { GraphEvent, GraphGroup, TraceEvent } from "../events.ts";
import { golden } from "./golden.ts";
import { groupingOf, openedWith, standIn, withoutGroup } from "./groups.ts";
import { stepCount } from "../timeline.ts";

const member = (name: string, op = "add") => ({ name, op, inputs: [] });
const group = (
  name: string,
  parent: string,
  open: boolean,
  members: GraphGroup["members"],
  node = name,
): GraphGroup => ({ name, node, parent, block: "", open, members });

/** A block A that holds the statements A.B and A.return; and a statement C beside it. */
function nested(openA: boolean, openReturn: boolean): GraphEvent {
  const inside = openA ? ["A.B", ...(openReturn ? ["A.r1"] : [])] : [];
  const names = ["x", ...inside, "A", "C"];
  const groups = [
    group("A", "", openA, [member("A.B", "group"), member("A.return", "group")]),
    group("A.B", "A", false, [member("A.B1"), member("A.B")]),
    group("A.return", "A", openReturn, [member("A.r1"), member("A")], "A"),
    group("C", "", false, [member("C.1"), member("C")]),
  ];
  const nodes = names.map((name, index) => ({ id: index + 1, name }));
  return { kind: "graph", nodes, edges: [], groups } as unknown as GraphEvent;
}

test("a closed group stands as the node of its value, and what is in it is not seen", () => {
  const { frames, closedAt, frameOf } = groupingOf(nested(false, false));
  assert.deepEqual(frames, []);
  assert.deepEqual([...closedAt.keys()], ["A", "C"]);
  assert.equal(closedAt.get("A")!.name, "A");
  assert.equal(frameOf.size, 0);
});

test("an open block holds its statements, and each can be opened in its turn", () => {
  const { frames, parents, closedAt, frameOf } = groupingOf(nested(true, false));
  assert.deepEqual(
    frames.map(({ name }) => name),
    ["A"],
  );
  assert.deepEqual(parents, [-1]);
  assert.equal(closedAt.get("A")!.name, "A.return");
  assert.deepEqual([frameOf.get("A"), frameOf.get("A.B"), frameOf.get("x")], [0, 0, undefined]);
});

test("frames nest", () => {
  const { frames, parents, frameOf } = groupingOf(nested(true, true));
  assert.deepEqual(
    frames.map(({ name }) => name),
    ["A", "A.return"],
  );
  assert.deepEqual(parents, [-1, 0]);
  assert.deepEqual([frameOf.get("A"), frameOf.get("A.B")], [1, 0]);
});

test("a group that holds nothing but a group opens with it", () => {
  const groups = [
    group("H", "", false, [member("H.return", "group")]),
    group("H.return", "H", false, [member("H.1"), member("H")], "H"),
  ];
  assert.deepEqual(openedWith(groups, "H"), ["H", "H.return"]);
  assert.deepEqual(openedWith(nested(false, false).groups, "A"), ["A"]);
});

test("closing a group closes what is in it, and nothing else", () => {
  const { groups } = nested(true, true);
  assert.deepEqual(withoutGroup(groups, ["A", "A.return", "C"], "A"), ["C"]);
  assert.deepEqual(withoutGroup(groups, ["A", "A.return", "C"], "A.return"), ["A", "C"]);
});

test("a hidden node is spoken for by the node of its group", () => {
  assert.equal(standIn(nested(false, false), "A.B"), "A");
  assert.equal(standIn(nested(true, false), "A.B"), "A.B");
  assert.equal(standIn(nested(true, false), "A.r1"), "A");
  assert.equal(standIn(nested(true, false), "nowhere"), null);
});

test("the counterpart of a step in the same trace is that step", () => {
  const { events } = golden("two-layer-network");
  for (let step = 0; step <= stepCount(events); step++)
    assert.equal(counterpart(events, step, [...events]), step);
});

test("a moment inside a group becomes one of its node when the group closes", () => {
  const { events } = golden("two-layer-network");
  const graph = events[0] as GraphEvent;
  const opened: TraceEvent[] = [
    { ...graph, nodes: [...graph.nodes, { ...graph.nodes[6]!, name: "z1.1" }] },
    { kind: "value", seq: 1, node: "z1.1", value: { shape: [], dtype: "float64", data: 1 } },
    ...events.slice(1),
  ];
  const at = counterpart(opened, 1, events);
  const found = events[at]!;
  assert.deepEqual([found.kind, "node" in found && found.node], ["value", "z1"]);
  assert.equal(counterpart(events, stepCount(events), opened), stepCount(opened));
  assert.equal(counterpart(opened, 0, events), 0);
});
