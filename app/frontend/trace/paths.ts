// Every path between two nodes, and what the chain rule costs along them one by one and factored.

import { entriesOf } from "../format.ts";
import type { GraphEdge, Tensor } from "../events.ts";
import { sizeOf, type Program } from "./program.ts";

export interface Paths {
  /** Paths as edges from the first node to the last; at most as many as were asked for. */
  listed: GraphEdge[][];
  count: bigint;
  /** Multiplications of numbers, with each J as it stands: path by path, and each sum made once. */
  apart: bigint;
  factored: bigint;
  /** The edges on any path, in the order in which the accumulation uses them. */
  edges: GraphEdge[];
}

export function pathsBetween(program: Program, from: string, to: string, most: number): Paths {
  const leaving = edgesBetween(program, from, to);
  const edges = [...leaving.values()].flat();
  const id = (name: string) => program.nodes.get(name)!.id;
  edges.sort((a, b) => id(b.to) - id(a.to) || id(b.from) - id(a.from) || a.slot - b.slot);
  const ahead = countAhead(edges, to);
  const behind = countBehind(edges, from);
  const d = (name: string) => BigInt(sizeOf(program.nodes.get(name)!.shape));
  const inner = edges.filter((edge) => edge.to !== to);
  const cost = (edge: GraphEdge) => d(to) * d(edge.to) * d(edge.from);
  return {
    listed: listPaths(leaving, from, to, most),
    count: ahead.get(from) ?? 0n,
    apart: inner.reduce(
      (sum, edge) => sum + cost(edge) * behind.get(edge.from)! * ahead.get(edge.to)!,
      0n,
    ),
    factored: inner.reduce((sum, edge) => sum + cost(edge), 0n),
    edges,
  };
}

/** Edges on paths from one node to the other, by the node they leave. */
function edgesBetween(program: Program, from: string, to: string): Map<string, GraphEdge[]> {
  const leaving = grouped(program.edges.values());
  const reaches = new Set([to]);
  const nodes = [...program.nodes.values()].toSorted((a, b) => b.id - a.id);
  for (const { name } of nodes)
    if (leaving.get(name)?.some((edge) => reaches.has(edge.to))) reaches.add(name);
  const found = new Map<string, GraphEdge[]>();
  const waiting = [from];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name) || name === to) continue;
    const edges = (leaving.get(name) ?? []).filter((edge) => reaches.has(edge.to));
    found.set(name, edges);
    waiting.push(...edges.map((edge) => edge.to));
  }
  return found;
}

function grouped(edges: Iterable<GraphEdge>): Map<string, GraphEdge[]> {
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const group = groups.get(edge.from);
    if (group) group.push(edge);
    else groups.set(edge.from, [edge]);
  }
  return groups;
}

/** How many paths lead from each node to the last; edges come from the last to the first. */
function countAhead(edges: GraphEdge[], to: string): Map<string, bigint> {
  const count = new Map([[to, 1n]]);
  for (const { from, to: next } of edges)
    count.set(from, (count.get(from) ?? 0n) + (count.get(next) ?? 0n));
  return count;
}

function countBehind(edges: GraphEdge[], from: string): Map<string, bigint> {
  const count = new Map([[from, 1n]]);
  for (const { from: before, to } of edges.toReversed())
    count.set(to, (count.get(to) ?? 0n) + (count.get(before) ?? 0n));
  return count;
}

function listPaths(
  leaving: Map<string, GraphEdge[]>,
  from: string,
  to: string,
  most: number,
): GraphEdge[][] {
  const listed: GraphEdge[][] = [];
  const walk = (name: string, path: GraphEdge[]): void => {
    if (listed.length >= most) return;
    if (name === to) return void listed.push(path);
    for (const edge of leaving.get(name) ?? []) walk(edge.to, [...path, edge]);
  };
  if (from !== to) walk(from, []);
  return listed;
}

export interface Numbers {
  rows: number;
  cols: number;
  entries: number[];
}

/** J of the last edge times that of the one before, and so on; null where one did not come whole. */
export function productAlong(
  path: GraphEdge[],
  dense: (edge: GraphEdge) => Tensor | undefined,
): Numbers | null {
  let product: Numbers | null = null;
  for (const edge of path.toReversed()) {
    const tensor = dense(edge);
    const entries = tensor && entriesOf(tensor);
    if (!entries) return null;
    const [rows, cols] = tensor.shape as [number, number];
    product = product ? multiply(product, { rows, cols, entries }) : { rows, cols, entries };
  }
  return product;
}

function multiply(left: Numbers, right: Numbers): Numbers {
  const entries = new Array<number>(left.rows * right.cols).fill(0);
  for (let i = 0; i < left.rows; i++)
    for (let k = 0; k < left.cols; k++)
      for (let j = 0; j < right.cols; j++)
        entries[i * right.cols + j]! +=
          left.entries[i * left.cols + k]! * right.entries[k * right.cols + j]!;
  return { rows: left.rows, cols: right.cols, entries };
}

export function sumOfAll(products: Numbers[]): Numbers | null {
  const [first, ...rest] = products;
  if (!first) return null;
  const entries = first.entries.map((entry, at) =>
    rest.reduce((sum, product) => sum + product.entries[at]!, entry),
  );
  return { ...first, entries };
}

/** Equal but for rounding. */
export function agree(a: readonly number[], b: readonly number[], within: number): boolean {
  const scale = Math.max(...a.map(Math.abs), ...b.map(Math.abs), Number.MIN_VALUE);
  return a.length === b.length && a.every((x, at) => Math.abs(x - b[at]!) <= within * scale);
}
