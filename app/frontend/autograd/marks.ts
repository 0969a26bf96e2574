// What the picture shows at a step, as data: a card for each node, an edge for each argument, the J on it. Pure.

import type { Nested, NodeState, Structured, TensorState } from "../events.ts";
import type { Box } from "../scene/camera.ts";
import { LANE, pathOf } from "../scene/geometry.ts";
import type { Point } from "../layout.ts";
import { CARD, isLeaf, type Placed } from "./graph.ts";
import type { Flow, Snapshot } from "./run.ts";

/** Where a backward pass stands with a node. */
export type Phase = "idle" | "wait" | "now" | "through";

export interface NodeMark {
  node: NodeState;
  /** Its place in the tutorial's count. */
  index: number;
  at: Point;
  /** The tensor it made, or that it adds to; null where nothing means it any more. */
  tensor: TensorState | null;
  phase: Phase;
  /** Nothing refers to it outside the statement that runs. */
  passing: boolean;
  fault: boolean;
  /** P, once it is complete; what has arrived until then. */
  cotangent: Nested | null;
  arrived: readonly (Nested | null)[];
}

export interface EdgeMark {
  key: string;
  from: number;
  to: number;
  slot: number;
  path: string;
  back: string;
  head: Point;
  tail: Point;
  flow: "idle" | "active" | "done";
  label: Point;
  /** J as the step that used it has it; null where it is not told. */
  jacobian: Nested | null;
  /** How J is held; null where it is one number, or unknown. */
  structure: Structured | null;
}

export interface Picture {
  nodes: readonly NodeMark[];
  edges: readonly EdgeMark[];
  width: number;
  height: number;
  focus: Box | null;
}

export function pictureOf(
  now: Snapshot,
  placed: Placed,
  indices: ReadonlyMap<number, number>,
): Picture {
  const nodes = [...now.nodes.values()]
    .filter(({ node }) => placed.placeOf.has(node))
    .map((node) => nodeMark(node, now, placed, indices));
  const edges = placed.edges.flatMap((edge, at) => {
    if (!now.nodes.has(edge.from) || !now.nodes.has(edge.to)) return [];
    const { points, label } = placed.layout.edges[at]!;
    return [{ ...edge, label, ...course(points), ...flowOn(edge, now.flow) }];
  });
  const { width, height } = placed.layout;
  return { nodes, edges, width, height, focus: focusOf(nodes) };
}

function course(points: readonly Point[]) {
  const [first, last] = [points[0]!, points.at(-1)!];
  return {
    path: pathOf(points, -LANE),
    back: pathOf(points.toReversed(), LANE),
    head: { x: last.x, y: last.y - LANE },
    tail: { x: first.x, y: first.y + LANE },
  };
}

function nodeMark(
  node: NodeState,
  now: Snapshot,
  { layout, placeOf }: Placed,
  indices: ReadonlyMap<number, number>,
): NodeMark {
  const { flow, stopped } = now;
  const tensor = now.tensors.find((each) => each.node === node.node) ?? null;
  const used = isLeaf(node) || tensor !== null || isUsed(node.node, now);
  return {
    node,
    index: indices.get(node.node) ?? 0,
    at: layout.nodes[placeOf.get(node.node)!]!,
    tensor,
    phase: phaseOf(node.node, flow),
    passing: !used,
    fault: stopped?.kind === "stopped" && stopped.node === node.node,
    cotangent: flow?.through.get(node.node)?.cotangent ?? null,
    arrived: flow?.arrived.get(node.node) ?? [],
  };
}

function isUsed(node: number, { nodes, flow }: Snapshot): boolean {
  return !flow || [...nodes.values()].some(({ inputs }) => inputs.includes(node));
}

function phaseOf(node: number, flow: Flow | null): Phase {
  if (!flow) return "idle";
  if (flow.pulled.node === node) return "now";
  if (flow.through.has(node)) return "through";
  return flow.arrived.has(node) ? "wait" : "idle";
}

function flowOn({ to, slot }: { to: number; slot: number }, flow: Flow | null) {
  const pulled = flow?.through.get(to);
  if (!flow || !pulled) return { flow: "idle" as const, jacobian: null, structure: null };
  const jacobian = pulled.jacobians[slot] ?? null;
  const told = { jacobian, structure: pulled.structures[slot] ?? null };
  if (flow.pulled !== pulled) return { flow: "done" as const, ...told };
  if (flow.slot === slot) return { flow: "active" as const, ...told };
  const done = flow.slot !== null && slot < flow.slot;
  return { flow: done ? ("done" as const) : ("idle" as const), ...told };
}

/** What the step is about: the node P is at, one that is at fault, or the last that was recorded. */
function focusOf(nodes: readonly NodeMark[]): Box | null {
  const chosen =
    nodes.find(({ phase, fault }) => phase === "now" || fault) ??
    nodes.findLast(({ node }) => !isLeaf(node)) ??
    nodes.at(-1);
  return chosen ? boxOf(chosen) : null;
}

export function boxOf({ at }: NodeMark): Box {
  return { x: at.x, y: at.y - CARD.height / 2, ...CARD };
}
