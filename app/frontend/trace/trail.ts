// Where an entry came from and where it goes: the non-zero entries of a row of each local Jacobian before it, and
// of a column of each after it.

import type { Lit } from "../scene/cells.ts";
import type { Lights } from "../scene/entry.ts";
import type { GraphEdge } from "../events.ts";
import { sizeOf, type Program } from "./program.ts";
import { edgeKey } from "../timeline.ts";

/** Entries of one node that an entry depends on, or acts on. */
export interface Reach {
  node: string;
  edge: GraphEdge;
  places: number[];
}

export interface Trail {
  from: Reach[];
  to: Reach[];
}

/** A row or a column of a local Jacobian; null where it is not known. */
export interface Lines {
  row(edge: GraphEdge, row: number): ArrayLike<number> | null;
  column(edge: GraphEdge, column: number): ArrayLike<number> | null;
}

function nonZero(line: ArrayLike<number> | null): number[] {
  return line ? Array.from(line).flatMap((entry, place) => (entry === 0 ? [] : [place])) : [];
}

export function trailOf(program: Program, node: string, place: number, lines: Lines): Trail {
  const before = program.inputs.get(node) ?? [];
  const after = [...program.edges.values()].filter((edge) => edge.from === node);
  const reach = (edge: GraphEdge, name: string, line: ArrayLike<number> | null): Reach[] => {
    const places = nonZero(line);
    return places.length ? [{ node: name, edge, places }] : [];
  };
  return {
    from: before.flatMap((edge) => reach(edge, edge.from, lines.row(edge, place))),
    to: after.flatMap((edge) => reach(edge, edge.to, lines.column(edge, place))),
  };
}

/** What lights up for an entry of a value. */
export function lightsOf(program: Program, node: string, place: number, trail: Trail): Lights {
  const lights = new Map<string, Map<number, Lit>>();
  const light = (name: string, at: number, why: Lit) => {
    if (!lights.has(name)) lights.set(name, new Map());
    lights.get(name)!.set(at, why);
  };
  for (const { node: name, places } of trail.from) for (const at of places) light(name, at, "from");
  for (const { node: name, places } of trail.to) for (const at of places) light(name, at, "to");
  light(node, place, "here");
  const count = (name: string) => sizeOf(program.nodes.get(name)!.shape);
  for (const { edge, places } of trail.from)
    for (const at of places) light(edgeKey(edge), place * count(edge.from) + at, "from");
  for (const { edge, places } of trail.to)
    for (const at of places) light(edgeKey(edge), at * count(edge.from) + place, "to");
  return lights;
}

/** What lights up for an entry of a local Jacobian: the two entries that it ties together. */
export function lightsOfJacobian(edge: GraphEdge, row: number, col: number, cols: number): Lights {
  return new Map<string, ReadonlyMap<number, Lit>>([
    [edge.from, new Map([[col, "from"]])],
    [edge.to, new Map([[row, "to"]])],
    [edgeKey(edge), new Map([[row * cols + col, "here"]])],
  ]);
}

/** "W[1, 0]"; of a scalar the name alone. */
export function entryName(name: string, shape: readonly number[], place: number): string {
  const index = indexAt(shape, place);
  return index.length ? `${name}[${index.join(", ")}]` : name;
}

/** The index of a place in row-major order. */
export function indexAt(shape: readonly number[], place: number): number[] {
  let rest = place;
  const index = shape.toReversed().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return index.toReversed();
}

/** The other way round. */
export function placeAt(shape: readonly number[], index: readonly number[]): number {
  return shape.reduce((place, size, axis) => place * size + (index[axis] ?? 0), 0);
}
