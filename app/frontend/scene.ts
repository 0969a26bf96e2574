// (graph, positions, frame) -> marks. Says everything a picture shows and touches nothing of the page. What a step
// does not change is the very same mark as before.

import { within } from "./scene/buckets.ts";
import type { Box } from "./scene/camera.ts";
import { isNumber, keptFace, lighten, type Face } from "./scene/cells.ts";
import type { Lights } from "./scene/entry.ts";
import { adjointSymbol, plateOf, symbolic, type Plate } from "./formulas/equation.ts";
import type { GraphGroup, GraphNode } from "./events.ts";
import { boxesOf, type Plan } from "./scene/geometry.ts";
import { ledgerRow, type LedgerRow } from "./scene/ledger.ts";
import { memories, remember } from "./scene/memory.ts";
import { adjointShape, sizeOf, type Program } from "./trace/program.ts";
import { chipMark, edgeMark, thinned, type ChipMark, type EdgeMark } from "./scene/edges.ts";
import { framesOf, type FrameMark } from "./scene/frames.ts";
import type { CardSize } from "./scene/size.ts";
import { edgeKey, nodePhase, type Frame, type NodePhase } from "./timeline.ts";

/** How much of a node is drawn: all of it, its name alone, or only what one is busy with. */
export type Detail = "full" | "name" | "dots";

export interface CardMark {
  node: GraphNode;
  phase: NodePhase;
  role: "leaf" | "computed" | "output" | "const";
  detail: Detail;
  x: number;
  y: number;
  size: CardSize;
  formula: string;
  value: Face;
  adjoint: Face;
  adjointTex: string;
  /** In forward mode a tangent stands where P would. */
  tangent: boolean;
  /** Terms that have arrived, of all that must. */
  arrived: number;
  rows: LedgerRow[];
  hidden: number;
  /** How many of those come before the rows. */
  above: number;
  ledgerOpen: boolean;
  active: "forward" | "backward" | null;
  selected: boolean;
  lit: boolean;
  /** Another node is pointed at, and this one has nothing to do with it. */
  dim: boolean;
  /** The group that it stands for, which can be opened. */
  opens: GraphGroup | null;
}

export type { ChipMark, EdgeMark, FrameMark };

export interface Scene {
  frames: FrameMark[];
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
  /** The node pointed at: what it has nothing to do with steps back. */
  pointed?: string | null;
  /** The node of the line that is being written. */
  lit?: string | null;
  /** Entries that stand out with one that is pointed at. */
  lights?: Lights;
  /** The part of the picture that can be seen; null for all of it. */
  window: Box | null;
  detail?: Detail;
}

const PENDING: Face = { kind: "pending" };
const BACKWARD = new Set(["seed", "term", "accumulate", "adjoint"]);
const cardMemory = memories<CardMark>();
const edgeMemory = memories<EdgeMark>();
const chipMemory = memories<ChipMark | null>();

export function sceneOf(input: SceneInput): Scene {
  const { program, detail = "full" } = input;
  const seen = seenIn(input);
  const [cards, edges, chips] = [cardMemory, edgeMemory, chipMemory].map((memory) =>
    memory(input.layout),
  ) as [
    ReturnType<typeof cardMemory>,
    ReturnType<typeof edgeMemory>,
    ReturnType<typeof chipMemory>,
  ];
  const near = nearTo(program, input.pointed ?? null);
  return {
    frames: framesOf(input),
    cards: seen.cards.map((index) => {
      const of = cardDeps(input, program.names[index]!, near);
      return remember(cards, program.names[index]!, of, () => cardMark(input, index, near));
    }),
    edges: seen.edges.map((index) => edgeMark(input, edges, index)),
    chips:
      detail === "full" ? seen.chips.flatMap((index) => chipMark(input, chips, index) ?? []) : [],
    plate: plateOf(program, input.frame),
  };
}

/** What is in the window; from far away, only what one is busy with. */
function seenIn(input: SceneInput): Record<"cards" | "edges" | "chips", readonly number[]> {
  const { program, sizes, window, detail = "full" } = input;
  if (detail === "dots") return { cards: busy(input), edges: [], chips: [] };
  if (!window)
    return {
      cards: [...program.names.keys()],
      edges: [...program.lines.keys()],
      chips: [...sizes.labels.keys()],
    };
  const boxes = boxesOf(input);
  const cards = within(boxes.cards, window);
  return {
    cards,
    edges: thinned(input, within(boxes.edges, window), cards),
    chips: within(boxes.chips, window),
  };
}

function busy({ program, frame, selection, pointed }: SceneInput): number[] {
  const names = new Set([frame.activeNode, selection, pointed ?? null]);
  return [...names].flatMap((name) => (name === null ? [] : (program.at.get(name) ?? [])));
}

/** A node and all it is joined to; null where none is meant. */
function nearTo(program: Program, name: string | null): Set<string> | null {
  const node = name === null ? undefined : program.nodes.get(name);
  if (!node) return null;
  const users = (program.users.get(node.name) ?? []).map(({ to }) => to);
  return new Set([node.name, ...node.inputs, ...users]);
}

export function formulaOf(program: Program, node: GraphNode): string {
  return node.op === "leaf" || node.op === "const" ? "" : symbolic(program, node.formula);
}

/** All that a card is made from: where nothing of it changed, the card is the one before. */
function cardDeps(input: SceneInput, name: string, near: Set<string> | null): unknown[] {
  const { program, frame, scale } = input;
  const edges = program.users.get(name) ?? [];
  const deps: unknown[] = [
    program,
    isNumber(program.nodes.get(name)!.shape) && program.m === 1 ? 0 : scale,
    input.detail,
    adjointTex(input, name),
    frame.valueOf(name),
    frame.sumOf(name),
    frame.adjointOf(name),
    frame.tangentOf(name),
    frame.event.kind === "seed" && frame.event.node === name,
    frame.sweeping,
    frame.activeNode === name ? directionOf(frame) : null,
    frame.event.kind === "term" && frame.activeNode === name ? frame.activeEdge : null,
    input.selection === name,
    input.lit === name,
    input.lights?.get(name),
    near !== null && !near.has(name),
  ];
  for (const edge of edges) deps.push(frame.termOf(edgeKey(edge)));
  return deps;
}

function adjointTex({ program, frame }: SceneInput, name: string): string {
  return frame.mode === "forward"
    ? `\\dot{${program.nodes.get(name)!.symbol}}`
    : adjointSymbol(program, name);
}

function cardMark(input: SceneInput, index: number, near: Set<string> | null): CardMark {
  const { program, frame, sizes, layout } = input;
  const name = program.names[index]!;
  const node = program.nodes.get(name)!;
  const size = sizes.cards.get(name)!;
  const at = layout.nodes[index]!;
  return {
    node,
    size,
    detail: input.detail ?? "full",
    phase: nodePhase(frame, node),
    role: roleOf(program, node),
    x: at.x,
    y: at.y - size.height / 2,
    formula: formulaOf(program, node),
    value: valueFace(input, node, size),
    adjoint: adjointFace(input, node, size),
    adjointTex: adjointTex(input, name),
    tangent: frame.mode === "forward",
    ...ledgerOf(input, name, size),
    active: frame.activeNode === name ? directionOf(frame) : null,
    ...marksOf(input, name),
    dim: near !== null && !near.has(name),
    opens: program.grouping.closedAt.get(name) ?? null,
  };
}

/** A ledger of more terms than it has rows for shows the latest. */
function ledgerOf(input: SceneInput, name: string, size: CardSize) {
  const { program, frame } = input;
  const edges = program.users.get(name) ?? [];
  const arrived = edges.filter((edge) => frame.termOf(edgeKey(edge))).length;
  const above = Math.max(0, arrived - size.rows);
  return {
    arrived,
    above,
    rows: edges.slice(above, above + size.rows).map((edge) => ledgerRow(input, edge)),
    hidden: edges.length - size.rows,
    ledgerOpen: frame.sweeping && size.rows > 0,
  };
}

function valueFace({ frame, scale, lights }: SceneInput, node: GraphNode, size: CardSize): Face {
  const value = frame.valueOf(node.name)?.value;
  if (!value) return PENDING;
  const whole = keptFace(value, node.shape, size.value, scale);
  return lighten(whole, lights?.get(node.name), sizeOf(node.shape));
}

function marksOf({ selection, lit }: SceneInput, name: string) {
  return { selected: selection === name, lit: lit === name };
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
  if (found) return keptFace(found.value, adjointShape(program, node), size.adjoint, scale);
  const tangent = frame.tangentOf(node.name);
  if (tangent) return keptFace(tangent.value, node.shape, size.adjoint, scale);
  return frame.sweeping && !node.reached ? { kind: "unreached" } : PENDING;
}
