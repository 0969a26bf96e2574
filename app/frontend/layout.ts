// Graph -> positions, as a list of named passes over typed arrays. Pure and iterative, so it runs the same in a
// worker, on a deep chain and in a test. Columns alternate: node columns, and between them label columns in
// which every edge owns a box; so labels never meet nodes or each other, and edges bend only in the gaps.

import type { Box } from "./scene/camera.ts";
import { dockCommutative, dockInputs, dockOutputs } from "./layout/dock.ts";
import { orderLayers } from "./layout/order.ts";
import { placeRows } from "./layout/place.ts";
import { placeColumns, route } from "./layout/route.ts";

export interface LayoutNode {
  width: number;
  /** Room above and below the anchor line, in which nothing else is put. */
  above: number;
  below: number;
  /** Half the height along which edges may dock; below zero for a group, whose inside says where. */
  dock: number;
  /** Docks in the order of the arguments, unless their order has no meaning. */
  commutative: boolean;
  /** Its height in the picture before: what was there keeps its place among what was there. */
  seed?: number | undefined;
  /** The innermost open group that it stands in. */
  group?: number | undefined;
  /** Stands in the first or the last column: where an edge enters or leaves a group. */
  pin?: "first" | "last";
}

export interface LayoutEdge {
  from: number;
  to: number;
  slot: number;
  label: { width: number; height: number };
  /** Its height in the picture before. */
  seed?: number | undefined;
  /** Where it docks, from the anchor line, at an end that is a group. */
  out?: number | undefined;
  into?: number | undefined;
}

/** An open group: its nodes stand in a frame of their own, and nothing else does. */
export interface LayoutGroup {
  /** The group around it; -1 at the top. */
  parent: number;
  /** Room for its name, above its nodes. */
  head: number;
  seed?: number | undefined;
}

export interface LayoutInput {
  nodes: LayoutNode[];
  edges: LayoutEdge[];
  /** Outer ones first. */
  groups?: LayoutGroup[];
}

export interface Point {
  x: number;
  y: number;
}

export interface RouteEdge {
  /** Alternating ends of horizontal runs: right end, left end, right end, ... */
  points: Point[];
  label: Point;
}

export interface Layout {
  width: number;
  height: number;
  /** Left edge and anchor line of every node. */
  nodes: Point[];
  edges: RouteEdge[];
  /** The frame of every open group; null for one without a node. */
  groups: (Box | null)[];
}

/** What the passes hand on: nodes first, then the boxes that edges occupy in the columns they cross. */
export interface Grid {
  input: LayoutInput;
  layerOf: Int32Array;
  width: Float64Array;
  above: Float64Array;
  below: Float64Array;
  /** Items of each column, top to bottom. */
  layers: number[][];
  /** One link for every step an edge takes from a column to the next. */
  links: {
    from: Int32Array;
    to: Int32Array;
    out: Float64Array;
    into: Float64Array;
    weight: Float64Array;
  };
  /** First link of each edge; its links are consecutive. */
  firstLink: Int32Array;
  linksBefore: number[][];
  linksAfter: number[][];
  y: Float64Array;
}

const LANE = 11;

/** The layout of nodes that are in no group, or all in the same one. */
export function runLayout(input: LayoutInput): Layout {
  const rank = pinEnds(input, tighten(input, rankByLongestPath(input)));
  const grid = splitEdges(input, rank);
  dockInputs(grid);
  orderLayers(grid);
  dockCommutative(grid);
  dockOutputs(grid);
  placeRows(grid);
  return route(grid, placeColumns(grid));
}

/** Nodes arrive in topological order, so one pass over the edges by receiver suffices. */
export function rankByLongestPath({ nodes, edges }: LayoutInput): Int32Array {
  const rank = new Int32Array(nodes.length);
  for (const edge of byReceiver(edges)) {
    rank[edge.to] = Math.max(rank[edge.to]!, rank[edge.from]! + 1);
  }
  return rank;
}

function byReceiver(edges: LayoutEdge[]): LayoutEdge[] {
  return [...edges].sort((a, b) => a.to - b.to || a.slot - b.slot);
}

/** Moves a node next to its users where that shortens its edges in sum: leaves stand beside who needs them. */
function tighten({ nodes, edges }: LayoutInput, rank: Int32Array): Int32Array {
  const balance = new Int32Array(nodes.length);
  const limit = new Int32Array(nodes.length).fill(2 ** 30);
  for (const edge of edges) {
    balance[edge.from]!++;
    balance[edge.to]!--;
  }
  const outgoing = [...edges].sort((a, b) => b.from - a.from);
  let at = 0;
  for (let node = nodes.length - 1; node >= 0; node--) {
    for (; at < outgoing.length && outgoing[at]!.from === node; at++) {
      limit[node] = Math.min(limit[node]!, rank[outgoing[at]!.to]! - 1);
    }
    if (balance[node]! > 0 && limit[node]! < 2 ** 30) rank[node] = limit[node]!;
  }
  return rank;
}

function pinEnds({ nodes }: LayoutInput, rank: Int32Array): Int32Array {
  const inner = nodes.map(({ pin }, node) => (pin === "last" ? 0 : rank[node]!));
  const last = inner.reduce((most, at) => Math.max(most, at), 0) + 1;
  nodes.forEach(({ pin }, node) => {
    if (pin) rank[node] = pin === "first" ? 0 : last;
  });
  return rank;
}

/** Node ranks become even columns, label columns odd ones; an edge gets a box in every column between its ends. */
function splitEdges(input: LayoutInput, rank: Int32Array): Grid {
  const count = input.nodes.length;
  const spans = hopsOf(input.edges.map((edge) => 2 * (rank[edge.to]! - rank[edge.from]!)));
  const linkCount = spans.reduce((sum, span) => sum + span, 0);
  const grid = emptyGrid(input, count + linkCount - input.edges.length, linkCount, rank);
  let item = count;
  let link = 0;
  input.edges.forEach((edge, index) => {
    grid.firstLink[index] = link;
    let before = edge.from;
    for (let hop = 1; hop <= spans[index]!; hop++) {
      const last = hop === spans[index];
      const next = last ? edge.to : item++;
      const layer = 2 * rank[edge.to]! - spans[index]! + hop;
      if (!last) addBox(grid, next, layer, edge, hop === spans[index]! - 1);
      grid.links.from[link] = before;
      grid.links.to[link] = next;
      grid.links.weight[link] = before >= count && !last ? 4 : 1;
      before = next;
      link++;
    }
  });
  grid.firstLink[input.edges.length] = link;
  indexLinks(grid);
  return grid;
}

/** A graph with more steps than this, and edges longer than that, has its long edges drawn across. */
const MANY = { steps: 60_000, long: 10 };

/** How many steps each edge takes; in a huge and deep graph a long one goes straight to its label. */
function hopsOf(spans: number[]): number[] {
  const total = spans.reduce((sum, span) => sum + span, 0);
  return total <= MANY.steps ? spans : spans.map((span) => (span > MANY.long ? 2 : span));
}

function emptyGrid(input: LayoutInput, items: number, links: number, rank: Int32Array): Grid {
  const columns = input.nodes.length ? 2 * rank.reduce((a, b) => Math.max(a, b), 0) + 1 : 0;
  const grid: Grid = {
    input,
    layerOf: new Int32Array(items),
    width: new Float64Array(items),
    above: new Float64Array(items),
    below: new Float64Array(items),
    layers: Array.from({ length: columns }, () => []),
    links: {
      from: new Int32Array(links),
      to: new Int32Array(links),
      out: new Float64Array(links),
      into: new Float64Array(links),
      weight: new Float64Array(links),
    },
    firstLink: new Int32Array(input.edges.length + 1),
    linksBefore: [],
    linksAfter: [],
    y: new Float64Array(items),
  };
  input.nodes.forEach((node, index) => {
    grid.layerOf[index] = 2 * rank[index]!;
    grid.width[index] = node.width;
    grid.above[index] = node.above;
    grid.below[index] = node.below;
    grid.layers[2 * rank[index]!]!.push(index);
  });
  return grid;
}

/** The label sits in the last column before the receiver: what flows into a node is read in one place. */
function addBox(
  grid: Grid,
  item: number,
  layer: number,
  edge: LayoutEdge,
  labelled: boolean,
): void {
  grid.layerOf[item] = layer;
  grid.width[item] = labelled ? edge.label.width : 0;
  const half = labelled ? Math.max(LANE, edge.label.height / 2) : LANE;
  grid.above[item] = half;
  grid.below[item] = half;
  grid.layers[layer]!.push(item);
}

function indexLinks(grid: Grid): void {
  grid.linksBefore = Array.from({ length: grid.layerOf.length }, () => []);
  grid.linksAfter = Array.from({ length: grid.layerOf.length }, () => []);
  grid.links.from.forEach((from, link) => {
    grid.linksAfter[from]!.push(link);
    grid.linksBefore[grid.links.to[link]!]!.push(link);
  });
}
