// (graph, positions, frame) -> marks. Says everything a picture shows and touches nothing of the page.

import { adjointSymbol, plateOf, symbolic, termSymbol, type Plate } from "./equation.ts";
import type { GraphEdge, GraphNode, Tensor } from "./events.ts";
import { union, type Box } from "./camera.ts";
import { exact, matrixOf, number, scalarOf, shapeText, shrink, signOf, strength, type Sign } from "./format.ts";
import type { Layout, Point } from "./layout.ts";
import { adjointShape, type Program } from "./program.ts";
import type { CardSize, FaceSize, LabelSize, Sizes } from "./size.ts";
import { edgeKey, nodePhase, type Frame, type NodePhase } from "./timeline.ts";

export interface Cell {
  sign: Sign;
  strength: number;
  text: string;
  exact: string;
}

/** What stands where a tensor belongs. Not computed, not reached and never differentiated all differ. */
export type Face =
  | { kind: "pending" | "unreached" | "constant" }
  | { kind: "number"; text: string; exact: string }
  | { kind: "grid" | "map"; rows: number; cols: number; width: number; height: number; cells: Cell[]; shape: string };

export interface LedgerRow {
  key: string;
  tex: string;
  face: Face;
  product: string | null;
  active: boolean;
}

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
}

export type Flow = "idle" | "done" | "active";

export interface EdgeMark {
  key: string;
  path: string;
  back: string;
  /** Boxes about its level runs: what should not be covered. */
  runs: { x: number; y: number; width: number; height: number }[];
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

export interface SceneInput {
  program: Program;
  sizes: Sizes;
  layout: Layout;
  frame: Frame;
  scale: number;
  selection: string | null;
  /** The part of the picture that can be seen; null for all of it. */
  window: Box | null;
}

const PENDING: Face = { kind: "pending" };
/** Half the distance between the lane that runs forward and the one that runs back. */
const LANE = 4.5;
const BACKWARD = new Set(["seed", "term", "accumulate", "adjoint"]);

export function sceneOf(input: SceneInput): Scene {
  const { program, layout } = input;
  const names = [...program.nodes.keys()];
  const edges = [...program.edges.values()];
  return {
    cards: names.flatMap((name, index) =>
      (inWindow(input, cardBox(input, name, layout.nodes[index]!)) ? cardMark(input, name, layout.nodes[index]!) : [])),
    edges: [...edges, ...program.plain].flatMap((edge, index) =>
      (inWindow(input, boundsOf(layout.edges[index]!.points)) ? edgeMark(input, edge, index) : [])),
    chips: edges.flatMap((edge, index) =>
      (inWindow(input, chipBox(input, index)) ? chipMark(input, edge, index) ?? [] : [])),
    plate: plateOf(program, input.frame),
  };
}

function cardBox({ sizes }: Pick<SceneInput, "sizes">, name: string, at: Point): Box {
  const { width, height, ledger } = sizes.cards.get(name)!;
  return { x: at.x, y: at.y - height / 2, width, height: height + ledger };
}

function chipBox({ sizes, layout }: Pick<SceneInput, "sizes" | "layout">, edge: number): Box {
  const { width, height } = sizes.labels[edge]!;
  const { x, y } = layout.edges[edge]!.label;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function boundsOf(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y: y - 6, width: Math.max(...xs) - x, height: Math.max(...ys) - y + 12 };
}

function inWindow({ window }: SceneInput, box: Box): boolean {
  return !window || (box.x <= window.x + window.width && window.x <= box.x + box.width
    && box.y <= window.y + window.height && window.y <= box.y + box.height);
}

/** What a step is about: its node, and the label its number comes from. */
export function focusOf({ program, layout, sizes, frame }: Omit<SceneInput, "window" | "selection" | "scale">): Box | null {
  const name = frame.activeNode;
  const at = name === null ? -1 : [...program.nodes.keys()].indexOf(name);
  if (name === null || at < 0) return null;
  const card = cardBox({ sizes }, name, layout.nodes[at]!);
  const edge = frame.activeEdge === null ? -1 : [...program.edges.keys()].indexOf(frame.activeEdge);
  return edge < 0 ? card : union(card, chipBox({ sizes, layout }, edge));
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
  const isActive = frame.activeNode === name;
  return {
    node,
    size,
    phase: nodePhase(frame, node),
    role: node.op === "leaf" || node.op === "const" ? node.op : name === program.output ? "output" : "computed",
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
    active: isActive ? (BACKWARD.has(frame.event.kind) ? "backward" : "forward") : null,
    selected: input.selection === name,
  };
}

function adjointFace({ program, frame, scale }: SceneInput, node: GraphNode, size: CardSize): Face {
  if (!size.adjoint) return { kind: "constant" };
  const found = frame.adjointOf(node.name) ?? frame.sumOf(node.name)
    ?? (frame.event.kind === "seed" && frame.event.node === node.name ? frame.event : undefined);
  if (found) return faceOf(found.value, adjointShape(program, node), size.adjoint, scale);
  const tangent = frame.tangentOf(node.name);
  if (tangent) return faceOf(tangent.value, node.shape, size.adjoint, scale);
  return frame.sweeping && !node.reached ? { kind: "unreached" } : PENDING;
}

function ledgerRow({ program, frame, scale }: SceneInput, edge: GraphEdge): LedgerRow {
  const key = edgeKey(edge);
  const term = frame.termOf(key)?.value;
  const adjoint = frame.adjointOf(edge.to)?.value;
  const jacobian = frame.jacobianOf(key)?.dense;
  const [left, right] = [adjoint ? scalarOf(adjoint) : null, jacobian ? scalarOf(jacobian) : null];
  return {
    key,
    tex: termSymbol(program, edge),
    face: term ? faceOf(term, term.shape, rowSize(term), scale) : PENDING,
    product: term && left !== null && right !== null ? `${number(left)} · ${bracketed(right)}` : null,
    active: frame.activeEdge === key && frame.event.kind === "term",
  };
}

function bracketed(x: number): string {
  return x < 0 ? `(${number(x)})` : number(x);
}

/** A term lies flat, as the row it is. */
function rowSize(term: Tensor): FaceSize {
  const [rows, cols] = [Math.min(4, term.shape[0] ?? 1), Math.min(16, term.shape[1] ?? 1)];
  const cell = Math.min(11, 80 / cols, 18 / rows);
  return { kind: rows * cols === 1 ? "number" : "map", rows, cols, width: cell * cols, height: cell * rows };
}

/** As many digits as a cell has room for. */
function cellText(entry: number): string {
  return number(entry, Math.abs(entry) < 0.1 ? 2 : 3);
}

export function cellsOf(entries: readonly number[], scale: number): Cell[] {
  return entries.map((entry) => ({
    sign: signOf(entry),
    strength: strength(entry, scale),
    text: cellText(entry),
    exact: exact(entry),
  }));
}

export function faceOf(tensor: Tensor, shape: readonly number[], size: { kind?: string; rows: number; cols: number; width: number; height: number }, scale: number): Face {
  const scalar = scalarOf(tensor);
  if (scalar !== null) return { kind: "number", text: number(scalar), exact: exact(scalar) };
  const whole = matrixOf(tensor, shape);
  const matrix = size.kind === "grid" ? whole : shrink(whole, 16);
  const { rows, cols } = matrix;
  const kind = size.kind === "grid" ? "grid" : "map";
  const cells = cellsOf(matrix.entries, scale);
  return { kind, rows, cols, width: size.width, height: size.height, cells, shape: shapeText(shape) };
}

function edgeMark({ program, frame, layout, selection }: SceneInput, edge: { from: string; to: string; slot: number }, index: number): EdgeMark {
  const key = edgeKey(edge);
  const { points } = layout.edges[index]!;
  const plain = !program.edges.has(key);
  const arriving = frame.event.kind === "value" && frame.activeNode === edge.to;
  const forward = arriving || (frame.event.kind === "jacobian" && frame.activeEdge === key) ? "active"
    : frame.valueOf(edge.to) ? "done" : "idle";
  const backward = frame.event.kind === "term" && frame.activeEdge === key ? "active"
    : frame.termOf(key) ? "done" : "idle";
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
    dim: selection !== null && selection !== edge.from && selection !== edge.to,
  };
}

/** Straight runs through the columns, and in the gaps bends that leave and enter level. */
export function pathOf(points: readonly Point[], shift: number): string {
  const round = (x: number) => Math.round(x * 10) / 10;
  return points.map((point, index) => {
    const [x, y] = [round(point.x), round(point.y + shift)];
    if (index === 0) return `M${x} ${y}`;
    const before = points[index - 1]!;
    if (Math.abs(before.y - point.y) < 0.05) return `H${x}`;
    const middle = round((before.x + point.x) / 2);
    return `C${middle} ${round(before.y + shift)} ${middle} ${y} ${x} ${y}`;
  }).join("");
}

function runsOf(points: readonly Point[]): EdgeMark["runs"] {
  return points.slice(1).flatMap((point, index) => {
    const before = points[index]!;
    const level = Math.abs(before.y - point.y) < 0.05 && point.x - before.x > 20;
    return level ? [{ x: before.x, y: point.y - 2 * LANE, width: point.x - before.x, height: 4 * LANE }] : [];
  });
}

function chipMark({ frame, layout, sizes, scale }: SceneInput, edge: GraphEdge, index: number): ChipMark | null {
  const key = edgeKey(edge);
  const jacobian = frame.jacobianOf(key);
  if (!jacobian) return null;
  const size = sizes.labels[index]!;
  const tensor = jacobian.dense ?? jacobian.window?.entries;
  const { x, y } = layout.edges[index]!.label;
  const active = frame.activeEdge !== key ? null : frame.event.kind === "term" ? "backward" : "forward";
  const inner = { ...size, kind: "map", width: size.width - 10, height: size.height - 10 };
  const face = tensor ? faceOf(tensor, tensor.shape, inner, scale) : PENDING;
  if (face.kind === "number") face.text = number(Number(face.exact), 3);
  return { key, x, y, size, active, kink: jacobian.kink, face };
}
