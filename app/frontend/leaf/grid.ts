// A matrix of values to be gone through with the arrow keys, typed over, dragged, and pasted into by rows.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { aligned, fitNumber } from "../scene/fit.ts";
import { exact, gridOf, shapeText, signOf, strength, toNumber } from "../format.ts";
import { inkOn } from "../canvas/face.ts";
import { t } from "../i18n.ts";
import { entryText, parseNumber, parseRows } from "./numbers.ts";
import {
  draftOf,
  goToEntry,
  placeOf,
  setEntries,
  setEntry,
  sliderRange,
  type Leaf,
} from "./value.ts";
import { startScrub } from "./scrub.ts";

/** Width of the grid in pixels, and of its narrowest cell. */
const WIDTH = 290;
const NARROWEST = 46;
const EM = 13;

export function grid(leaf: Leaf, scale: number): TemplateResult {
  const { node, entries } = leaf;
  const { rows, cols } = gridOf(node.shape);
  const width = Math.max(NARROWEST, Math.min(62, Math.floor(WIDTH / cols)));
  const fits = entries.map((entry) => fitNumber(entry, (width - 6) / EM, 0.7));
  const shifts = columns(
    fits.map(({ text }) => text),
    cols,
  );
  const fit = Math.min(1, ...fits.map((one) => one.fit));
  const cell = (place: number) => gridCell(leaf, place, fits[place]!.text, shifts[place]!, scale);
  const label = t("value.grid", { name: node.name, shape: shapeText(node.shape) });
  return html`<div class="grid-scroll"><div class="value-grid" role="grid" aria-label=${label}
    style="--cols:${cols};--cell-width:${width}px;--fit:${fit}"
    @keydown=${(event: KeyboardEvent) => move(event, leaf, cols)} @paste=${(event: ClipboardEvent) => paste(event, leaf, cols)}
    @copy=${(event: ClipboardEvent) => copy(event, leaf, cols)}>
    ${Array.from(
      { length: rows },
      (_, row) =>
        html`<div role="row">${Array.from({ length: cols }, (_, col) => cell(row * cols + col))}</div>`,
    )}</div></div>`;
}

/** Decimal points of each column meet, where the column has room to spare. */
function columns(texts: string[], cols: number): number[] {
  const shifts = texts.map(() => 0);
  for (let col = 0; col < cols; col++) {
    const column = texts.filter((_, place) => place % cols === col);
    aligned(column).forEach((shift, row) => (shifts[row * cols + col] = shift));
  }
  return shifts;
}

function gridCell(
  leaf: Leaf,
  place: number,
  text: string,
  shift: number,
  scale: number,
): TemplateResult {
  const entry = leaf.entries[place]!;
  const [sign, paint] = [signOf(entry), strength(entry, scale)];
  const current = placeOf(leaf) === place;
  const draft = draftOf(leaf, place);
  const aside = shift > 0 ? `padding-left:${2 * shift}em` : `padding-right:${-2 * shift}em`;
  const press = (event: PointerEvent) => {
    startScrub(event, {
      value: entry,
      step: sliderRange(leaf, place).step,
      change: (next) => setEntry(leaf, place, next),
    });
    goToEntry(leaf, place);
  };
  return html`<div role="gridcell" class="${sign} ${inkOn(sign, paint)}" tabindex=${current ? 0 : -1} data-place=${place}
    data-value=${exact(entry)} title=${exact(entry)} style="--s:${paint}%;${draft === null ? aside : ""}"
    @focus=${() => current || goToEntry(leaf, place)} @pointerdown=${press}
    @dblclick=${(event: Event) => write(event.currentTarget as HTMLElement, leaf, place, entryText(entry))}
    >${draft === null ? text : field(leaf, place, draft)}</div>`;
}

function field(leaf: Leaf, place: number, draft: string): TemplateResult | typeof nothing {
  const done = (event: Event, keep: boolean) => commit(event, leaf, place, keep);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== "Escape" && event.key !== "Tab") {
      event.stopPropagation();
      return;
    }
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
    const box = (event.currentTarget as HTMLElement).closest<HTMLElement>("[role=grid]")!;
    done(event, event.key !== "Escape");
    const { cols } = gridOf(leaf.node.shape);
    const next = event.key === "Enter" ? place + cols : place;
    focusCell(box, next < leaf.entries.length ? next : place);
  };
  return html`<input class="cell-field own-undo" type="text" inputmode="decimal" autocomplete="off" aria-label=${t("value.entry")}
    aria-invalid=${String(parseNumber(draft) === null)} .value=${live(draft)}
    @input=${(event: Event) => goToEntry(leaf, place, (event.target as HTMLInputElement).value)}
    @keydown=${keys} @blur=${(event: Event) => done(event, true)}>`;
}

function commit(event: Event, leaf: Leaf, place: number, keep: boolean): void {
  if (draftOf(leaf, place) === null) return;
  const entry = parseNumber((event.currentTarget as HTMLInputElement).value);
  goToEntry(leaf, place);
  if (keep && entry !== null) setEntry(leaf, place, toNumber(entry));
}

/** Begins to write in a cell, over what it holds or after it. */
function write(cell: HTMLElement, leaf: Leaf, place: number, draft: string): void {
  goToEntry(leaf, place, draft);
  cell.querySelector("input")?.focus();
}

function focusCell(box: HTMLElement, place: number): void {
  box.querySelector<HTMLElement>(`[data-place="${place}"]`)?.focus();
}

/** Where a key leads from a place; null for a key that leads nowhere. */
export function placeAfter(key: string, place: number, cols: number, count: number): number | null {
  const col = place % cols;
  const moves: Record<string, number> = {
    ArrowLeft: col > 0 ? place - 1 : place,
    ArrowRight: col < cols - 1 && place + 1 < count ? place + 1 : place,
    ArrowUp: place >= cols ? place - cols : place,
    ArrowDown: place + cols < count ? place + cols : place,
    Home: place - col,
    End: place - col + cols - 1,
  };
  return moves[key] ?? null;
}

function move(event: KeyboardEvent, leaf: Leaf, cols: number): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const place = placeOf(leaf);
  const cell = event.target as HTMLElement;
  const next = placeAfter(event.key, place, cols, leaf.entries.length);
  if (next !== null) {
    event.preventDefault();
    event.stopPropagation();
    focusCell(event.currentTarget as HTMLElement, next);
  } else if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    write(cell, leaf, place, entryText(leaf.entries[place]!));
  } else if (/^[-+.\d]$/.test(event.key)) {
    event.preventDefault();
    event.stopPropagation();
    write(cell, leaf, place, event.key);
  }
}

/** Rows go in from the current entry on; what falls beyond the edge is left out. */
export function pasted(
  entries: readonly number[],
  cols: number,
  place: number,
  rows: readonly (readonly number[])[],
): number[] {
  const result = [...entries];
  rows.forEach((row, down) =>
    row.forEach((entry, across) => {
      const at = place + down * cols + across;
      if ((place % cols) + across < cols && at < result.length) result[at] = entry;
    }),
  );
  return result;
}

function paste(event: ClipboardEvent, leaf: Leaf, cols: number): void {
  if ((event.target as HTMLElement).matches("input")) return;
  const rows = parseRows(event.clipboardData?.getData("text/plain") ?? "");
  if (!rows) return;
  event.preventDefault();
  const numbers = rows.map((row) => row.map(toNumber));
  // A single row into a column vector goes down.
  const upright =
    cols === 1 && numbers.length === 1 ? numbers[0]!.map((entry) => [entry]) : numbers;
  setEntries(leaf, pasted(leaf.entries, cols, placeOf(leaf), upright), "paste");
  goToEntry(leaf, placeOf(leaf));
}

function copy(event: ClipboardEvent, { entries }: Leaf, cols: number): void {
  if ((event.target as HTMLElement).matches("input") || String(getSelection())) return;
  event.preventDefault();
  const texts = entries.map(entryText);
  const rows = texts.flatMap((_, at) => (at % cols ? [] : [texts.slice(at, at + cols).join("\t")]));
  event.clipboardData?.setData("text/plain", rows.join("\n"));
}
