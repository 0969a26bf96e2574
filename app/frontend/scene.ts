// (graph, positions, frame) -> marks. Says everything a picture shows and touches nothing of the page.

import type { Box } from "./camera.ts";
import { faceOf, type Face } from "./cells.ts";
import { adjointSymbol, plateOf, symbolic, type Plate } from "./equation.ts";
import type { EdgeName, GraphEdge, GraphNode } from "./events.ts";
import {
  cardBox,
  chipBox,
  edgeBounds,
  inWindow,
  LANE,
  pathOf,
  runsOf,
  type Plan,
} from "./geometry.ts";
import type { Point } from "./layout.ts";
import { ledgerRow, type LedgerRow } from "./ledger.ts";
import { adjointShape, type Program } from "./program.ts";
import type { CardSize, LabelSize } from "./size.ts";
import { edgeKey, nodePhase, type Frame, type NodePhase } from "./timeline.ts";

export interface CardMark {
  node: GraphNode;
  phase: NodePhase;
  role: "leaf" | "computed" | "output" | "const";
  x: number;
  y: number;
  size: CardSize;
  formula: string;
  value: Face;
  adjoint: Face;
  adjointTex: string;
  /** Terms that have arrived, of all that must. */
  arrived: number;
  rows: LedgerRow[];
  hidden: number;
  ledgerOpen: boolean;
  active: "forward" | "backward" | null;
  selected: boolean;
  lit: boolean;
}

export type Flow = "idle" | "done" | "active";

export interface EdgeMark {
  key: string;
  path: string;
  back: string;
  /** Boxes about its level runs: what should not be covered. */
  runs: Box[];
  head: Point;
  tail: Point;
  forward: Flow;
  backward: Flow;
  plain: boolean;
  dim: boolean;
}

export interface ChipMark {
  key: string;
  x: number;
  y: number;
  size: LabelSize;
  face: Face;
  active: "forward" | "backward" | null;
  kink: boolean;
}

export interface Scene {
  cards: CardMark[];
  edges: EdgeMark[];
  chips: ChipMark[];
  plate: Plate | null;
}

export interface SceneInput extends Plan {
  frame: Frame;
  scale: number;
  selection: string | null;
  /** The node whose edges stand out: pointed at, or selected. */
  attention: string | null;
  /** The node of the line that is being written. */
  lit?: string | null;
  /** The part of the picture that can be seen; null for all of it. */
  window: Box | null;
}

const PENDING: Face = { kind: "pending" };
const BACKWARD = new Set(["seed", "term", "accumulate", "adjoint"]);

export function sceneOf(input: SceneInput): Scene {
  const { program, layout } = input;
  const names = [...program.nodes.keys()];
  const edges = [...program.edges.values()];
  const outlines = edgeBounds(layout);
  return {
    cards: names.flatMap((name, index) =>
      inWindow(input.window, cardBox(input, name, layout.nodes[index]!))
        ? cardMark(input, name, layout.nodes[index]!)
        : [],
    ),
    edges: [...edges, ...program.plain].flatMap((edge, index) =>
      inWindow(input.window, outlines[index]!) ? edgeMark(input, edge, index) : [],
    ),
    chips: edges.flatMap((edge, index) =>
      inWindow(input.window, chipBox(input, index)) ? (chipMark(input, edge, index) ?? []) : [],
    ),
    plate: plateOf(program, input.frame),
  };
}

export function formulaOf(program: Program, node: GraphNode): string {
  return node.op === "leaf" || node.op === "const" ? "" : symbolic(program, node.formula);
}

function cardMark(input: SceneInput, name: string, at: Point): CardMark {
  const { program, frame, sizes } = input;
  const node = program.nodes.get(name)!;
  const size = sizes.cards.get(name)!;
  const edges = program.users.get(name) ?? [];
  const value = frame.valueOf(name)?.value;
  return {
    node,
    size,
    phase: nodePhase(frame, node),
    role: roleOf(program, node),
    x: at.x,
    y: at.y - size.height / 2,
    formula: formulaOf(program, node),
    value: value ? faceOf(value, node.shape, size.value, input.scale) : PENDING,
    adjoint: adjointFace(input, node, size),
    adjointTex: frame.phase === "tangent" ? `\\dot{${node.symbol}}` : adjointSymbol(program, name),
    arrived: edges.filter((edge) => frame.termOf(edgeKey(edge))).length,
    rows: edges.slice(0, size.rows).map((edge) => ledgerRow(input, edge)),
    hidden: edges.length - size.rows,
    ledgerOpen: frame.sweeping && size.rows > 0,
    active: frame.activeNode === name ? directionOf(frame) : null,
    selected: input.selection === name,
    lit: input.lit === name,
  };
}

function roleOf(program: Program, { op, name }: GraphNode): CardMark["role"] {
  if (op === "leaf" || op === "const") return op;
  return name === program.output ? "output" : "computed";
}

function directionOf(frame: Frame): "forward" | "backward" {
  return BACKWARD.has(frame.event.kind) ? "backward" : "forward";
}

function adjointFace({ program, frame, scale }: SceneInput, node: GraphNode, size: CardSize): Face {
  if (!size.adjoint) return { kind: "constant" };
  const found =
    frame.adjointOf(node.name) ??
    frame.sumOf(node.name) ??
    (frame.event.kind === "seed" && frame.event.node === node.name ? frame.event : undefined);
  if (found) return faceOf(found.value, adjointShape(program, node), size.adjoint, scale);
  const tangent = frame.tangentOf(node.name);
  if (tangent) return faceOf(tangent.value, node.shape, size.adjoint, scale);
  return frame.sweeping && !node.reached ? { kind: "unreached" } : PENDING;
}

function edgeMark(
  { program, frame, layout, attention }: SceneInput,
  edge: EdgeName,
  index: number,
): EdgeMark {
  const key = edgeKey(edge);
  const { points } = layout.edges[index]!;
  const plain = !program.edges.has(key);
  const arriving = frame.event.kind === "value" && frame.activeNode === edge.to;
  const forward =
    arriving || (frame.event.kind === "jacobian" && frame.activeEdge === key)
      ? "active"
      : frame.valueOf(edge.to)
        ? "done"
        : "idle";
  const backward =
    frame.event.kind === "term" && frame.activeEdge === key
      ? "active"
      : frame.termOf(key)
        ? "done"
        : "idle";
  return {
    key,
    plain,
    forward,
    backward,
    path: pathOf(points, -LANE),
    back: pathOf(points.toReversed(), LANE),
    runs: runsOf(points),
    head: { x: points.at(-1)!.x, y: points.at(-1)!.y - LANE },
    tail: { x: points[0]!.x, y: points[0]!.y + LANE },
    dim: attention !== null && attention !== edge.from && attention !== edge.to,
  };
}

function chipMark(
  { frame, layout, sizes, scale }: SceneInput,
  edge: GraphEdge,
  index: number,
): ChipMark | null {
  const key = edgeKey(edge);
  const jacobian = frame.jacobianOf(key);
  if (!jacobian) return null;
  const size = sizes.labels[index]!;
  const tensor = jacobian.dense ?? jacobian.window?.entries;
  const { x, y } = layout.edges[index]!.label;
  const active =
    frame.activeEdge !== key ? null : frame.event.kind === "term" ? "backward" : "forward";
  const inner = { ...size, kind: "map" as const, width: size.width - 10, height: size.height - 10 };
  const face = tensor ? faceOf(tensor, tensor.shape, inner, scale) : PENDING;
  return { key, x, y, size, active, kink: jacobian.kink, face };
}
