// The last passes: where each column stands, and the points through which each edge runs.

import type { Grid, Layout, Point, RouteEdge } from "../layout.ts";

/** Between columns: room for level ends, and for a bend that is the wider the steeper. */
const GAP = { least: 26, rise: 0.14, most: 40, port: 16 };
/** How far an edge runs level before it bends: room for an arrow head where it enters or leaves a node. */
const STUB = { out: 11, into: 14, label: 2, port: 0 };
/** So much further where a node has several users: room for the number of each. */
const NUMBER = 17;

interface Columns {
  left: Float64Array;
  width: Float64Array;
}

/** Steep edges get wider gaps, so that no bend is sharper than the eye likes. */
export function placeColumns(grid: Grid): Columns {
  const count = grid.layers.length;
  const steepest = new Float64Array(count);
  grid.links.from.forEach((from, link) => {
    const to = grid.links.to[link]!;
    const rise = Math.abs(
      grid.y[to]! + grid.links.into[link]! - grid.y[from]! - grid.links.out[link]!,
    );
    const column = grid.layerOf[from]!;
    steepest[column] = Math.max(steepest[column]!, rise);
  });
  const left = new Float64Array(count);
  const width = new Float64Array(count);
  let x = 0;
  grid.layers.forEach((layer, column) => {
    left[column] = x;
    width[column] = layer.reduce((widest, item) => Math.max(widest, grid.width[item]!), 0);
    const toPorts = !width[column] && grid.layers[column + 1]?.every((item) => isPort(grid, item));
    const numbered = layer.some((item) => isShared(grid, item)) ? NUMBER : 0;
    const gap = Math.min(GAP.most, GAP.least + GAP.rise * steepest[column]!) + numbered;
    x += width[column]! + (toPorts ? GAP.port : gap);
  });
  return { left, width };
}

function isPort(grid: Grid, item: number): boolean {
  return grid.input.nodes[item]?.pin !== undefined;
}

function isShared(grid: Grid, item: number): boolean {
  return item < grid.input.nodes.length && !isPort(grid, item) && grid.linksAfter[item]!.length > 1;
}

function stubOf(grid: Grid, item: number, first: boolean): number {
  if (isPort(grid, item)) return STUB.port;
  return first ? STUB.out + (isShared(grid, item) ? NUMBER : 0) : STUB.label;
}

export function route(grid: Grid, columns: Columns): Layout {
  const top = lowest(grid);
  const xOf = (item: number) => {
    const column = grid.layerOf[item]!;
    return columns.left[column]! + (columns.width[column]! - grid.width[item]!) / 2;
  };
  const nodes = grid.input.nodes.map((_, node) => ({ x: xOf(node), y: grid.y[node]! - top }));
  const edges = grid.input.edges.map((_, edge) => routeEdge(grid, columns, edge, top, xOf));
  const last = grid.layers.length - 1;
  const bottom = grid.y.reduce((most, y, item) => Math.max(most, y + grid.below[item]!), top);
  return {
    width: last < 0 ? 0 : columns.left[last]! + columns.width[last]!,
    height: bottom - top,
    nodes,
    edges,
    groups: [],
  };
}

function lowest(grid: Grid): number {
  return grid.y.reduce(
    (least, y, item) => Math.min(least, y - grid.above[item]!),
    grid.y.length ? Infinity : 0,
  );
}

function routeEdge(
  grid: Grid,
  columns: Columns,
  edge: number,
  top: number,
  xOf: (item: number) => number,
): RouteEdge {
  const first = grid.firstLink[edge]!;
  const end = grid.firstLink[edge + 1]!;
  const { from, to } = grid.input.edges[edge]!;
  const points: Point[] = [
    { x: xOf(from) + grid.width[from]!, y: grid.y[from]! + grid.links.out[first]! - top },
  ];
  let label = points[0]!;
  for (let link = first; link < end; link++) {
    const before = grid.links.from[link]!;
    const next = grid.links.to[link]!;
    const stub = stubOf(grid, before, link === first);
    const leaving =
      columns.left[grid.layerOf[before]!]! + columns.width[grid.layerOf[before]!]! + stub;
    const entering =
      columns.left[grid.layerOf[next]!]! - (link < end - 1 || isPort(grid, next) ? 0 : STUB.into);
    const y = grid.y[next]! + grid.links.into[link]! - top;
    points.push({ x: leaving, y: points.at(-1)!.y }, { x: entering, y });
    if (link === end - 2) label = { x: entering + columns.width[grid.layerOf[next]!]! / 2, y };
  }
  points.push({ x: xOf(to), y: points.at(-1)!.y });
  return { points, label };
}
