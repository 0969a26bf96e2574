// What is kept for the backward pass, and how long: a bar for each node that holds something, from the moment it was
// recorded to the moment it was freed or dropped. Pure.

import type { NodeState } from "../events.ts";
import type { Run } from "./run.ts";

export interface Bar {
  node: number;
  name: string;
  bytes: number;
  /** First moment at which it is there, and first at which it is not; null where it is there to the end. */
  from: number;
  to: number | null;
  end: "freed" | "dropped" | "kept";
  lane: number;
}

export interface Lanes {
  bars: readonly Bar[];
  /** How many lanes the bars are put into. */
  count: number;
  /** Bytes held at every moment. */
  held: readonly number[];
  most: number;
}

export function lanesOf(run: Run): Lanes {
  const open = new Map<number, Bar>();
  const bars: Bar[] = [];
  const held: number[] = [];
  for (let step = 0; step <= run.last; step++) {
    const nodes = run.nodesAt(step);
    for (const bar of [...open.values()]) end(bar, nodes.get(bar.node), step, open);
    let total = 0;
    for (const node of nodes.values()) {
      total += node.bytes;
      if (node.state === "held" && !open.has(node.node))
        open.set(node.node, begin(node, step, bars));
    }
    held.push(total);
  }
  return { bars, count: pack(bars), held, most: Math.max(0, ...held) };
}

function begin({ node, name, bytes }: NodeState, from: number, bars: Bar[]): Bar {
  const bar: Bar = { node, name, bytes, from, to: null, end: "kept", lane: 0 };
  bars.push(bar);
  return bar;
}

function end(bar: Bar, node: NodeState | undefined, step: number, open: Map<number, Bar>): void {
  if (node?.state === "held") return;
  bar.to = step;
  bar.end = node ? "freed" : "dropped";
  open.delete(bar.node);
}

/** Bars that are never there together share a lane. */
function pack(bars: readonly Bar[]): number {
  const free: number[] = [];
  for (const bar of bars) {
    const lane = free.findIndex((from) => from <= bar.from);
    bar.lane = lane < 0 ? free.length : lane;
    free[bar.lane] = bar.to ?? Infinity;
  }
  return free.length;
}
