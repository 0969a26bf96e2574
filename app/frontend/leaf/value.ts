// The value of a leaf as it is asked for, one entry or all, and how it is changed.

import { signal } from "@preact/signals-core";
import { endEdit, setInput } from "../editor/edit.ts";
import type { Entry, GraphNode, Nested } from "../events.ts";
import { entriesOf, toNumber } from "../format.ts";
import { keptRange, nest, type Range } from "./numbers.ts";
import { shapeOf } from "../trace/request.ts";
import { field, trace } from "../state.ts";
import { frameAt, stepCount } from "../timeline.ts";

export interface Leaf {
  node: GraphNode;
  /** All entries, row by row, as asked for or else as the trace has them. */
  entries: number[];
  /** Whether the value is not that of the text. */
  changed: boolean;
}

/** Entries as numbers; what is not finite comes as words. */
function flat(value: Nested): number[] {
  return Array.isArray(value) ? value.flatMap(flat) : [toNumber(value as Entry)];
}

/** Null for what is no leaf, or too large to be had whole. */
export function leafOf(node: GraphNode): Leaf | null {
  if (node.op !== "leaf") return null;
  const asked = field.inputs.value?.[node.name];
  const fits = asked !== undefined && String(shapeOf(asked)) === String(node.shape);
  if (fits) return { node, entries: flat(asked), changed: true };
  const events = trace.value;
  const value = frameAt(events, stepCount(events)).valueOf(node.name)?.value;
  const entries = value ? entriesOf(value) : null;
  return entries && { node, entries, changed: false };
}

function entryOf(x: number): Entry {
  if (Number.isFinite(x)) return x;
  return Number.isNaN(x) ? "NaN" : x > 0 ? "Infinity" : "-Infinity";
}

export function setEntries({ node }: Leaf, entries: readonly number[], tag?: string): void {
  setInput(node.name, nest(entries.map(entryOf), node.shape), tag ?? `value ${node.name}`);
}

export function setEntry(leaf: Leaf, place: number, value: number): void {
  const tag = `value ${leaf.node.name} ${place}`;
  setEntries(
    leaf,
    leaf.entries.map((entry, at) => (at === place ? value : entry)),
    tag,
  );
}

const ranges = new Map<string, Range>();

/** The range of the slider of an entry: it changes only when the value has left it. */
export function sliderRange({ node, entries }: Leaf, place: number): Range {
  const key = `${node.name} ${place}`;
  const range = keptRange(ranges.get(key), entries[place]!);
  ranges.set(key, range);
  return range;
}

/** The entry that one is at, and what has been typed there so far; null where nothing is typed. */
export interface Cursor {
  name: string;
  place: number;
  draft: string | null;
}

export const cursor = signal<Cursor>({ name: "", place: 0, draft: null });

export function placeOf({ node, entries }: Leaf): number {
  const { name, place } = cursor.value;
  return name === node.name && place < entries.length ? place : 0;
}

export function draftOf({ node }: Leaf, place: number): string | null {
  const { name, place: at, draft } = cursor.value;
  return name === node.name && at === place ? draft : null;
}

export function goToEntry(leaf: Leaf, place: number, draft: string | null = null): void {
  cursor.value = { name: leaf.node.name, place, draft };
  if (draft === null) endEdit();
}
