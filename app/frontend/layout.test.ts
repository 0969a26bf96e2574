import assert from "node:assert/strict";
import { test } from "node:test";
import { runLayout, type Layout, type LayoutInput } from "./layout.ts";

/** A small seeded generator, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomGraph(seed: number, count: number): LayoutInput {
  const next = random(seed);
  const nodes = Array.from({ length: count }, () => ({
    width: 60 + 120 * next(),
    above: 20 + 40 * next(),
    below: 20 + 80 * next(),
    dock: 15,
    commutative: next() < 0.3,
  }));
  const edges = nodes.flatMap((_, to) =>
    to < 3
      ? []
      : Array.from({ length: 1 + Math.floor(2.5 * next()) }, (__, slot) => ({
          from: Math.floor(next() * to),
          to,
          slot,
          label: { width: 20 + 60 * next(), height: 20 + 30 * next() },
        })),
  );
  return { nodes, edges };
}

const graphs = Array.from({ length: 40 }, (_, seed) => randomGraph(seed + 1, 4 + 2 * seed));

function boxes(input: LayoutInput, layout: Layout) {
  return input.nodes.map((node, index) => {
    const { x, y } = layout.nodes[index]!;
    return { left: x, right: x + node.width, top: y - node.above, bottom: y + node.below };
  });
}

function labelBoxes(input: LayoutInput, layout: Layout) {
  return input.edges.map(({ label }, index) => {
    const { x, y } = layout.edges[index]!.label;
    return {
      left: x - label.width / 2,
      right: x + label.width / 2,
      top: y - label.height / 2,
      bottom: y + label.height / 2,
    };
  });
}

type Box = ReturnType<typeof boxes>[number];
const meet = (a: Box, b: Box) =>
  a.left < b.right - 1e-6 &&
  b.left < a.right - 1e-6 &&
  a.top < b.bottom - 1e-6 &&
  b.top < a.bottom - 1e-6;

test("nodes and labels never overlap", () => {
  for (const input of graphs) {
    const layout = runLayout(input);
    const all = [...boxes(input, layout), ...labelBoxes(input, layout)];
    all.forEach((a, i) => all.slice(i + 1).forEach((b) => assert.ok(!meet(a, b))));
  }
});

test("every edge runs from left to right", () => {
  for (const input of graphs) {
    for (const { points } of runLayout(input).edges) {
      points.slice(1).forEach((point, i) => assert.ok(point.x >= points[i]!.x - 1e-9));
    }
  }
});

test("an edge passes through no node but its ends", () => {
  for (const input of graphs) {
    const layout = runLayout(input);
    const nodes = boxes(input, layout);
    layout.edges.forEach(({ points }, index) => {
      const { from, to } = input.edges[index]!;
      for (let i = 0; i + 1 < points.length; i++) {
        // Both ends of a bend lie in the gap's walls, so the box around a run is all it can touch.
        const [a, b] = [points[i]!, points[i + 1]!];
        const run = {
          left: a.x,
          right: b.x,
          top: Math.min(a.y, b.y) - 1,
          bottom: Math.max(a.y, b.y) + 1,
        };
        nodes.forEach((node, at) => assert.ok(at === from || at === to || !meet(run, node)));
      }
    });
  }
});

test("arguments dock from top to bottom in the order of their slots", () => {
  for (const input of graphs) {
    const layout = runLayout(input);
    input.edges.forEach((edge, index) => {
      const other = input.edges.findIndex((e) => e.to === edge.to && e.slot === edge.slot + 1);
      if (other < 0 || input.nodes[edge.to]!.commutative) return;
      assert.ok(layout.edges[index]!.points.at(-1)!.y < layout.edges[other]!.points.at(-1)!.y);
    });
  }
});

test("the same graph gives the same picture", () => {
  for (const input of graphs) assert.deepEqual(runLayout(input), runLayout(structuredClone(input)));
});

test("a leaf that a thousand deep nodes use does not stop the layout", () => {
  const node = { width: 50, above: 20, below: 20, dock: 10, commutative: false };
  const nodes = Array.from({ length: 4_000 }, () => node);
  const label = { width: 9, height: 9 };
  const edges = nodes.slice(2).flatMap((_, index) => [
    { from: index + 1, to: index + 2, slot: 0, label },
    { from: 0, to: index + 2, slot: 1, label },
  ]);
  const start = performance.now();
  const { edges: drawn } = runLayout({ nodes, edges });
  assert.ok(performance.now() - start < 5_000);
  for (const { points } of drawn)
    points.slice(1).forEach((point, i) => assert.ok(point.x >= points[i]!.x - 1e-9));
});

test("a deep chain and an empty graph are laid out without recursion", () => {
  const node = { width: 50, above: 20, below: 20, dock: 10, commutative: false };
  const nodes = Array.from({ length: 10_000 }, () => node);
  const edges = nodes
    .slice(1)
    .map((_, from) => ({ from, to: from + 1, slot: 0, label: { width: 9, height: 9 } }));
  assert.equal(runLayout({ nodes, edges }).nodes.length, 10_000);
  assert.deepEqual(runLayout({ nodes: [], edges: [] }).nodes, []);
});
