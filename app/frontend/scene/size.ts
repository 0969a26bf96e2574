// How much room a card, its ledger and a label need: known from the graph alone, so nothing moves while one steps.

import type { GraphNode } from "../events.ts";
import { gridOf, shapeText } from "../format.ts";
import type { LayoutInput } from "../layout.ts";
import { adjointShape, sizeOf, type Program } from "../trace/program.ts";

/** Lengths in the units of the picture; lecture type is larger against the same picture. */
export interface Metrics {
  pad: number;
  header: number;
  formula: number;
  tag: number;
  scalar: number;
  /** Room for a lone number, in em of its type. */
  number: number;
  /** Type sizes of a lone number, of one in a cell, in the ledger and on an edge, as the styles have them. */
  type: { value: number; cell: number; row: number; chip: number };
  /** A cell with its number, and the largest side of a plain heat map. */
  cell: [number, number];
  map: number;
  row: number;
  chip: [number, number];
  thumb: number;
  least: number;
}

export const METRICS: Record<"study" | "lecture", Metrics> = {
  study: {
    pad: 12,
    header: 38,
    formula: 28,
    tag: 19,
    scalar: 36,
    number: 2.9,
    type: { value: 27, cell: 16.5, row: 14, chip: 15.2 },
    cell: [60, 27],
    map: 96,
    row: 27,
    chip: [60, 28],
    thumb: 50,
    least: 128,
  },
  lecture: {
    pad: 14,
    header: 46,
    formula: 0,
    tag: 26,
    scalar: 42,
    number: 2.7,
    type: { value: 32, cell: 18.5, row: 18.5, chip: 19 },
    cell: [76, 32],
    map: 140,
    row: 35,
    chip: [78, 36],
    thumb: 72,
    least: 184,
  },
};

const MOST_ROWS = 5;
const BORDERS = 2;
const COMMUTATIVE = new Set(["add", "mul"]);

export interface FaceSize {
  kind: "number" | "grid" | "map";
  rows: number;
  cols: number;
  width: number;
  height: number;
  /** The size of its type where it is written. */
  em: number;
}

/** A tensor's face on a card: one number, a grid of numbers, or a heat map of at most 16 × 16. */
export function faceSize(shape: readonly number[], metrics: Metrics): FaceSize {
  const { rows, cols } = gridOf(shape);
  const { value, cell: em } = metrics.type;
  if (rows === 1 && cols === 1)
    return {
      kind: "number",
      rows,
      cols,
      width: value * metrics.number,
      height: metrics.scalar,
      em: value,
    };
  const [cellWidth, cellHeight] = metrics.cell;
  if (cols <= 3 && rows <= 6)
    return { kind: "grid", rows, cols, width: cols * cellWidth, height: rows * cellHeight, em };
  return { kind: "map", ...mapSize(rows, cols, metrics.map, metrics.map / 6), em };
}

export function mapSize(rows: number, cols: number, side: number, most: number) {
  const across = Math.min(16, cols);
  const down = Math.min(16, rows);
  const cell = Math.min(most, side / Math.max(across, down));
  return { rows: down, cols: across, width: across * cell, height: down * cell };
}

export interface CardSize {
  width: number;
  /** Height of the card itself, and of the ledger that hangs below it. */
  height: number;
  ledger: number;
  rows: number;
  /** P below the value instead of beside it: matrices are wide, and graphs already are. */
  stacked: boolean;
  value: FaceSize;
  adjoint: FaceSize | null;
}

export type MeasureTex = (tex: string) => number;

export function cardSize(
  program: Program,
  node: GraphNode,
  formula: string,
  metrics: Metrics,
  measure: MeasureTex,
): CardSize {
  const value = faceSize(node.shape, metrics);
  const adjoint = node.op === "const" ? null : faceSize(adjointShape(program, node), metrics);
  const stacked = adjoint !== null && (value.cols > 1 || adjoint.cols > 1);
  const faces = adjoint
    ? stacked
      ? Math.max(value.width, adjoint.width)
      : value.width + adjoint.width + metrics.pad
    : value.width;
  const shape = metrics.formula ? 7 * Math.max(0, shapeText(node.shape).length - 2) : 0;
  const title = measure(node.symbol) * 1.35 + 5.5 * metrics.pad + shape;
  const lines = metrics.formula
    ? Math.max(title, measure(formula) + 2 * metrics.pad + BORDERS)
    : title + measure(formula);
  const width = Math.max(metrics.least, faces + 1.5 * metrics.pad, lines);
  const rows = Math.min(MOST_ROWS, program.users.get(node.name)?.length ?? 0);
  // The dash of what is not known yet is as tall as a cell.
  const tall = (shown: FaceSize | null) => Math.max(shown?.height ?? 0, metrics.cell[1]);
  const face = stacked
    ? tall(value) + tall(adjoint) + metrics.tag + metrics.pad
    : Math.max(tall(value), tall(adjoint));
  return {
    width: Math.ceil(width),
    height: metrics.header + metrics.formula + metrics.tag + face + metrics.pad,
    ledger: rows ? rows * metrics.row + 8 : 0,
    rows,
    stacked,
    value,
    adjoint,
  };
}

export interface LabelSize {
  width: number;
  height: number;
  rows: number;
  cols: number;
  em: number;
}

/** The local Jacobian on its edge: a number, or a thumbnail of the matrix. */
export function labelSize(program: Program, from: string, to: string, metrics: Metrics): LabelSize {
  const rows = sizeOf(program.nodes.get(to)!.shape);
  const cols = sizeOf(program.nodes.get(from)!.shape);
  const em = metrics.type.chip;
  if (rows === 1 && cols === 1)
    return { width: metrics.chip[0], height: metrics.chip[1], rows, cols, em };
  const map = mapSize(rows, cols, metrics.thumb, metrics.thumb / 5);
  const [width, height] = [Math.max(24, map.width) + 10, Math.max(14, map.height) + 10];
  return { ...map, width, height, em };
}

export interface Sizes {
  metrics: Metrics;
  cards: Map<string, CardSize>;
  labels: LabelSize[];
  input: LayoutInput;
}

/** What the layout is asked: cards anchored at their middle, ledgers below, a label on every edge. */
export function sizesOf(
  program: Program,
  formulaOf: (node: GraphNode) => string,
  metrics: Metrics,
  measure: MeasureTex,
): Sizes {
  const nodes = [...program.nodes.values()];
  const place = new Map(nodes.map((node, index) => [node.name, index]));
  const cards = new Map(
    nodes.map((node) => [node.name, cardSize(program, node, formulaOf(node), metrics, measure)]),
  );
  const edges = [...program.edges.values()];
  const labels = edges.map((edge) => labelSize(program, edge.from, edge.to, metrics));
  const plain = { width: 0, height: 0 };
  const { frameOf, parents } = program.grouping;
  const input: LayoutInput = {
    nodes: nodes.map((node) => {
      const { width, height, ledger } = cards.get(node.name)!;
      const commutative = COMMUTATIVE.has(node.op);
      return {
        width,
        above: height / 2,
        below: height / 2 + ledger,
        dock: height / 2 - 22,
        commutative,
        group: frameOf.get(node.name),
      };
    }),
    edges: [...edges, ...program.plain].map((edge, index) => ({
      from: place.get(edge.from)!,
      to: place.get(edge.to)!,
      slot: edge.slot,
      label: labels[index] ?? plain,
    })),
    groups: parents.map((parent) => ({ parent, head: metrics.header })),
  };
  return { metrics, cards, labels, input };
}
