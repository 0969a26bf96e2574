// The recorded graph of a run: how its nodes are numbered, and where they stand. A stretch in which the graph only
// grows is laid out as a whole, so nothing moves while one steps through it.

import type { AutogradEvent, NodeState } from "../events.ts";
import { runLayout, type Layout } from "../layout.ts";
import { passing } from "./run.ts";

/** Nodes that are there together, in a stretch of a run. */
export interface Stretch {
  /** First and last event it shows, both inclusive. */
  from: number;
  to: number;
  nodes: ReadonlyMap<number, NodeState>;
}

/** A size for every node: the same at every step, so that the picture is still. */
export const CARD = { width: 166, height: 88 };
const CHIP = { width: 48, height: 28 };

/** The stretches of a run, in order. One ends where a name is rebound and its part of the graph is dropped. */
export function stretchesOf(events: readonly AutogradEvent[]): Stretch[] {
  const found: Stretch[] = [];
  let [from, passed] = [0, false];
  let nodes = new Map<number, NodeState>();
  const alive = new Map<number, NodeState>();
  const close = (to: number) => {
    if (to >= from) found.push({ from, to, nodes });
    [from, nodes] = [to + 1, new Map(alive)];
  };
  events.forEach((event, at) => {
    if (event.kind === "pulled") {
      if (alive.has(event.node)) return;
      if (!passed) close(at - 1);
      passed = true;
      nodes.set(event.node, nodes.get(event.node) ?? passing(event));
      return;
    }
    if (event.kind !== "executed") return;
    event.dropped.forEach((node) => alive.delete(node));
    event.nodes.forEach((node) => alive.set(node.node, node));
    if (passed || event.dropped.length) close(at - 1);
    passed = false;
    event.nodes.forEach((node) => nodes.set(node.node, node));
  });
  close(events.length - 1);
  return found;
}

export function stretchAt(stretches: readonly Stretch[], event: number): Stretch | null {
  return stretches.findLast(({ from }) => from <= Math.max(0, event)) ?? null;
}

export function isLeaf({ state }: NodeState): boolean {
  return state === "leaf";
}

/** Computed nodes, each behind its inputs. */
function inOrder(nodes: ReadonlyMap<number, NodeState>): number[] {
  const done = new Set<number>();
  const order: number[] = [];
  for (const start of nodes.keys()) {
    const stack = [start];
    while (stack.length) {
      const node = nodes.get(stack.at(-1)!);
      const open = node?.inputs.filter((input) => input !== null && !done.has(input)) ?? [];
      const next = open.find((input) => nodes.has(input!) && !stack.includes(input!));
      if (node && !done.has(node.node) && next !== undefined) {
        stack.push(next!);
        continue;
      }
      stack.pop();
      if (!node || done.has(node.node)) continue;
      done.add(node.node);
      if (!isLeaf(node)) order.push(node.node);
    }
  }
  return order;
}

export interface PlacedEdge {
  key: string;
  from: number;
  to: number;
  slot: number;
}

/** Edges as the forward pass runs: from an input to the node that used it. */
export function edgesOf(nodes: ReadonlyMap<number, NodeState>): PlacedEdge[] {
  return [...nodes.values()].flatMap(({ node, inputs }) =>
    inputs.flatMap((from, slot) =>
      from !== null && nodes.has(from)
        ? [{ key: `${from}-${node}-${slot}`, from, to: node, slot }]
        : [],
    ),
  );
}

export interface Placed {
  layout: Layout;
  /** Where each node stands in the layout: leaves first, then computed nodes, each behind its inputs. */
  placeOf: ReadonlyMap<number, number>;
  edges: readonly PlacedEdge[];
}

/** Nodes in the order the layout wants them: each behind its inputs. */
export function place(nodes: ReadonlyMap<number, NodeState>): Placed {
  const leaves = [...nodes.values()].filter(isLeaf).map(({ node }) => node);
  const order = [...leaves, ...inOrder(nodes)];
  const placeOf = new Map(order.map((node, at) => [node, at]));
  const edges = edgesOf(nodes);
  const half = CARD.height / 2;
  const layout = runLayout({
    nodes: order.map(() => ({
      ...CARD,
      above: half + 12,
      below: half + 12,
      dock: half - 20,
      commutative: false,
    })),
    edges: edges.map(({ from, to, slot }) => ({
      from: placeOf.get(from)!,
      to: placeOf.get(to)!,
      slot,
      label: CHIP,
    })),
  });
  return { layout, placeOf, edges };
}
