// A tensor laid out as a sheet whose entries can be read one by one, with pointer or keys; a slice of it where it
// has more than two axes, a window of it where it is large.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { cellOf, lighten, type Face } from "../scene/cells.ts";
import { lights, pointed, type Pointed } from "../scene/entry.ts";
import type { EdgeName, Tensor } from "../events.ts";
import { face } from "../canvas/face.ts";
import { entriesOf, gridOf, shapeText } from "../format.ts";
import { t } from "../i18n.ts";
import { isWritten, largeFace, WIDTH } from "./parts.ts";
import { edgeKey } from "../timeline.ts";
import { placeAt } from "../trace/trail.ts";
import "./tensor-window.ts";

export interface Sheet {
  what: Pointed["what"];
  node: string;
  /** Told apart from other sheets of this node by this; and such a one has no window of its own. */
  part?: string;
  edge?: EdgeName;
  tensor: Tensor;
  /** The shape as the API has it, and as it is seen here. */
  whole: readonly number[];
  shape: readonly number[];
  /** What an entry is called, by its place. */
  nameOf(place: number): string;
  label: string;
  scale: number;
  /** What a click or Enter does with an entry. */
  pick?: (place: number) => void;
}

/** The part of a sheet that is seen: a matrix, and where in the tensor it begins. */
export interface Slice {
  rows: number;
  cols: number;
  offset: number;
  lead: number[];
}

const leads = signal<Record<string, number[]>>({});

export function sheetKey({ what, node, edge, part = "" }: Sheet): string {
  return `${what} ${edge ? edgeKey(edge) : node} ${part}`.trim();
}

export function sliceOf(shape: readonly number[], lead: readonly number[]): Slice {
  if (shape.length <= 2) return { ...gridOf(shape), offset: 0, lead: [] };
  const axes = shape.slice(0, -2);
  const chosen = axes.map((size, axis) => Math.min(lead[axis] ?? 0, size - 1));
  const [rows, cols] = [shape.at(-2)!, shape.at(-1)!];
  return { rows, cols, offset: placeAt(axes, chosen) * rows * cols, lead: chosen };
}

export function sheetView(sheet: Sheet): TemplateResult {
  const key = sheetKey(sheet);
  const slice = sliceOf(sheet.shape, leads.value[key] ?? []);
  const entries = entriesOf(sheet.tensor);
  if (entries?.length === 1 || (!entries && sheet.part))
    return face(largeFace(sheet.tensor, sheet.shape, sheet.scale));
  return html`<div class="sheet-view">${slicer(sheet, key, slice)}
    ${entries ? entriesView(sheet, key, slice, entries) : windowView(sheet, key, slice)}</div>`;
}

/** A slider for each axis that does not lie on the sheet. */
function slicer({ shape, label }: Sheet, key: string, { lead }: Slice): unknown {
  if (shape.length <= 2) return nothing;
  const choose = (axis: number) => (event: Event) => {
    const value = Number((event.target as HTMLInputElement).value);
    leads.value = { ...leads.value, [key]: lead.with(axis, value) };
  };
  return lead.map((at, axis) => {
    if (shape[axis] === 1) return nothing;
    const told = t("sheet.slice", { axis, at, last: shape[axis]! - 1 });
    return html`<label class="slice"><span>${told}</span><input class="own-keys" type="range" min="0" max=${shape[axis]! - 1}
      aria-label="${label}, ${t("sheet.axis", { axis })}" aria-valuetext=${told} .value=${live(String(at))} @input=${choose(axis)}></label>`;
  });
}

function entriesView(
  sheet: Sheet,
  key: string,
  slice: Slice,
  entries: readonly number[],
): TemplateResult {
  const { rows, cols, offset } = slice;
  const shown = entries.slice(offset, offset + rows * cols);
  const lit = lights.value.get(sheet.edge ? edgeKey(sheet.edge) : sheet.node);
  const mine = sheet.what === "value" || sheet.what === "jacobian" ? lit : undefined;
  const moved = mine && new Map([...mine].map(([place, why]) => [place - offset, why]));
  const mark = lighten(faceOfEntries(sheet, slice, shown), moved ?? own(key, offset, cols));
  const point = (place: number | null) =>
    (pointed.value = place === null ? null : pointAt(sheet, key, slice, place, shown[place]!));
  return html`<div class="entries" role="group" tabindex="0" aria-label="${sheet.label}. ${t("sheet.keys")}" data-sheet=${key}
    @pointerover=${(event: Event) => point(placeOf(event))} @pointerleave=${() => point(null)}
    @blur=${() => point(null)} @click=${(event: Event) => pick(sheet, offset, placeOf(event))}
    @keydown=${(event: KeyboardEvent) => step(event, sheet, key, slice, point)}>${face(mark)}</div>`;
}

/** Where no trail lights it, the entry that one points at is marked all the same. */
function own(key: string, offset: number, cols: number): ReadonlyMap<number, "here"> | undefined {
  const now = pointed.value;
  return now?.sheet === key ? new Map([[now.row * cols + now.col - offset, "here"]]) : undefined;
}

function faceOfEntries(sheet: Sheet, { rows, cols }: Slice, entries: number[]): Face {
  const shape = [rows, cols];
  if (isWritten(rows, cols)) {
    const tensor = { shape, dtype: sheet.tensor.dtype, data: entries };
    return largeFace(tensor, shape, sheet.scale);
  }
  const cell = Math.max(9, Math.min(18, WIDTH / cols));
  const cells = entries.map((entry) => cellOf(entry, sheet.scale));
  const size = { width: cols * cell, height: rows * cell };
  return { kind: "map", rows, cols, ...size, fit: 1, cells, shape: shapeText(sheet.shape) };
}

function pointAt(
  sheet: Sheet,
  key: string,
  { cols, offset }: Slice,
  place: number,
  value: number | null,
): Pointed {
  const at = place + offset;
  return {
    what: sheet.what,
    node: sheet.node,
    edge: sheet.edge ? edgeKey(sheet.edge) : null,
    sheet: key,
    row: Math.floor(at / cols),
    col: at % cols,
    name: sheet.nameOf(at),
    value,
  };
}

function placeOf(event: Event): number | null {
  const cell = (event.target as HTMLElement).closest("i");
  return cell ? [...cell.parentElement!.children].indexOf(cell) : null;
}

function pick(sheet: Sheet, offset: number, place: number | null): void {
  if (place !== null) sheet.pick?.(place + offset);
}

const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Arrow keys go from entry to entry; Enter picks one. */
function step(
  event: KeyboardEvent,
  sheet: Sheet,
  key: string,
  { rows, cols, offset }: Slice,
  point: (place: number) => void,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const now = pointed.value?.sheet === key ? pointed.value : null;
  const at = now ? now.row * cols + now.col - offset : null;
  const move = MOVES[event.key];
  if (!move && event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  if (!move) return pick(sheet, offset, at);
  if (at === null) return point(0);
  const row = Math.min(rows - 1, Math.max(0, Math.floor(at / cols) + move[0]));
  const col = Math.min(cols - 1, Math.max(0, (at % cols) + move[1]));
  point(row * cols + col);
}

function windowView(sheet: Sheet, key: string, slice: Slice): TemplateResult {
  const point = (place: number | null, value: number | null) =>
    (pointed.value = place === null ? null : pointAt(sheet, key, slice, place, value));
  const { what, node, edge, whole, label } = sheet;
  const source = edge ? { what, edge } : { what, node };
  const subject = { key, source, axes: whole.length, ...slice };
  return html`<tensor-window data-sheet=${key} tabindex="0" role="group" aria-label="${label}. ${t("sheet.keys")}"
    .subject=${subject} .scale=${sheet.scale} .point=${point} .pick=${(place: number) => pick(sheet, slice.offset, place)}></tensor-window>`;
}
