import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box } from "../scene/camera.ts";
import { layoutGroups } from "./groups.ts";
import { runLayout, type Layout, type LayoutInput } from "../layout.ts";

const NODE = { width: 100, above: 30, below: 50, dock: 20, commutative: false };
const LABEL = { width: 40, height: 24 };

function graph(edges: [number, number][], groupOf: (number | undefined)[], parents: number[] = []) {
  const slots = new Map<number, number>();
  const input: LayoutInput = {
    nodes: groupOf.map((group) => ({ ...NODE, group })),
    edges: edges.map(([from, to]) => {
      const slot = slots.get(to) ?? 0;
      slots.set(to, slot + 1);
      return { from, to, slot, label: LABEL };
    }),
    groups: parents.map((parent) => ({ parent, head: 30 })),
  };
  return input;
}

const NESTED = graph(
  [
    [0, 2],
    [1, 2],
    [2, 3],
    [1, 3],
    [3, 4],
    [0, 4],
    [4, 5],
    [2, 6],
    [5, 6],
  ],
  [undefined, undefined, 0, 1, 1, 0, undefined],
  [-1, 0],
);

const boxOf = ({ nodes }: Layout, node: number): Box => ({
  x: nodes[node]!.x,
  y: nodes[node]!.y - NODE.above,
  width: NODE.width,
  height: NODE.above + NODE.below,
});
const holds = (a: Box, b: Box) =>
  a.x <= b.x &&
  a.y <= b.y &&
  b.x + b.width <= a.x + a.width + 1e-6 &&
  b.y + b.height <= a.y + a.height + 1e-6;
const meet = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test("a frame holds the nodes of its group, and no others", () => {
  const layout = layoutGroups(NESTED);
  const inside = [
    [2, 3, 4, 5],
    [3, 4],
  ];
  inside.forEach((members, group) => {
    const frame = layout.groups[group]!;
    NESTED.nodes.forEach((_, node) => {
      if (members.includes(node)) assert.ok(holds(frame, boxOf(layout, node)), `${node}`);
      else assert.ok(!meet(frame, boxOf(layout, node)), `${node}`);
    });
  });
  assert.ok(holds(layout.groups[0]!, layout.groups[1]!));
  assert.ok(holds({ x: 0, y: 0, ...layout }, layout.groups[0]!));
});

test("an edge through frames is one path from left to right, from its node to its node", () => {
  const layout = layoutGroups(NESTED);
  NESTED.edges.forEach(({ from, to }, edge) => {
    const { points } = layout.edges[edge]!;
    points.slice(1).forEach((point, i) => assert.ok(point.x >= points[i]!.x - 1e-9));
    assert.ok(Math.abs(points[0]!.x - layout.nodes[from]!.x - NODE.width) < 1e-9);
    assert.ok(Math.abs(points.at(-1)!.x - layout.nodes[to]!.x) < 1e-9);
    assert.ok(Math.abs(points.at(-1)!.y - layout.nodes[to]!.y) <= NODE.dock);
  });
});

test("an edge through frames passes through no node but its ends", () => {
  const layout = layoutGroups(NESTED);
  layout.edges.forEach(({ points }, index) => {
    const { from, to } = NESTED.edges[index]!;
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i]!, points[i + 1]!];
      const y = Math.min(a.y, b.y) - 1;
      const run = { x: a.x, y, width: b.x - a.x, height: Math.abs(a.y - b.y) + 2 };
      NESTED.nodes.forEach((_, node) =>
        assert.ok(node === from || node === to || !meet(run, boxOf(layout, node))),
      );
    }
  });
});

test("without an open group the layout is that of one level", () => {
  const input = { ...NESTED, nodes: NESTED.nodes.map((node) => ({ ...node, group: undefined })) };
  const { groups: _, ...plain } = input;
  assert.deepEqual(layoutGroups({ ...input, groups: [] }).nodes, runLayout(plain).nodes);
});

/** A graph of three columns, many crossings, and the same with one more node. */
function bipartite(): LayoutInput {
  const edges: [number, number][] = [];
  for (let from = 0; from < 8; from++)
    for (const to of [8 + ((3 * from) % 8), 8 + ((5 * from + 2) % 8)]) edges.push([from, to]);
  for (let from = 8; from < 16; from++) edges.push([from, 16 + ((7 * from) % 8)]);
  return graph(edges, Array.from({ length: 24 }));
}

function column(input: LayoutInput, layout: Layout, count: number): number[] {
  const nodes = [...input.nodes.keys()].slice(0, count);
  return nodes.sort(
    (a, b) => layout.nodes[a]!.x - layout.nodes[b]!.x || layout.nodes[a]!.y - layout.nodes[b]!.y,
  );
}

test("a line more leaves the order of what was there", () => {
  const input = bipartite();
  const before = layoutGroups(input);
  const more: LayoutInput = {
    nodes: [...input.nodes, NODE].map((node, index) => ({
      ...node,
      seed: before.nodes[index]?.y,
    })),
    edges: [...input.edges, { from: 3, to: 24, slot: 0, label: LABEL }].map((edge, index) => ({
      ...edge,
      seed: before.edges[index]?.label.y,
    })),
  };
  const after = layoutGroups(more);
  assert.deepEqual(column(more, after, 24), column(input, before, 24));
});
