// Entries as they are read: in line where they are few, painted where they are many.

import { html, type TemplateResult } from "lit-html";
import { face } from "../canvas/face.ts";
import type { Entry, Nested, Tensor } from "../events.ts";
import { t } from "../i18n.ts";
import { number, toNumber, gridOf, scaleOf } from "../format.ts";
import { patternPath } from "../inspector/pattern.ts";
import { faceOf } from "../scene/cells.ts";

/** Signs of a value that is written out. */
const LINE = 22;

/** Nested entries in brackets, as PyTorch prints them, each number by the page's one rule. */
export function written(data: Nested): string {
  if (Array.isArray(data)) return `[${data.map(written).join(", ")}]`;
  return typeof data === "boolean" ? (data ? "True" : "False") : number(toNumber(data));
}

export function shapeOf(data: Nested): number[] {
  const shape: number[] = [];
  for (let inner: Nested | undefined = data; Array.isArray(inner); inner = inner[0])
    shape.push(inner.length);
  return shape;
}

export function tensorOf(data: Nested, shape: number[] = shapeOf(data)): Tensor {
  return { shape, dtype: "float32", data };
}

/** Rows and columns as the page wants them; a vector lies flat. */
function lying(shape: readonly number[]): number[] {
  return shape.length === 1 ? [1, shape[0]!] : [...shape];
}

const exactText = (data: Nested) => JSON.stringify(data);

/** A value in a line of text, or as a small picture of so many pixels. */
export function value(data: Nested | null, most = LINE, room = 88, tall = 24): TemplateResult {
  if (data === null) return html`<span class="many">…</span>`;
  const text = written(data);
  if (text.length <= most)
    return html`<span class="value" data-exact=${exactText(data)} title=${text}>${text}</span>`;
  const shape = lying(shapeOf(data));
  const { rows, cols } = gridOf(shape);
  const side = Math.max(2, Math.min(12, room / Math.max(1, cols), tall / Math.max(1, rows)));
  const size = { kind: "map" as const, rows, cols, em: 12 };
  const [width, height] = [Math.min(16, cols) * side, Math.min(16, rows) * side];
  const painted = faceOf(tensorOf(data, shape), shape, { ...size, width, height }, scaleFor(data));
  return html`<span class="value painted" role="img" aria-label=${clipped(text)} title=${clipped(text)} data-exact=${exactText(data)}>${face(painted)}</span>`;
}

function clipped(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** A painted value is told on its own scale: its numbers are in its title. */
function scaleFor(data: Nested): number {
  return scaleOf([{ kind: "value", seq: 0, node: "", value: tensorOf(data) }]);
}

/** Where a matrix is not zero, in so many pixels. */
export function pattern(matrix: readonly Nested[][], room: number, tall: number): TemplateResult {
  const [rows, cols] = [matrix.length, matrix[0]!.length];
  const side = Math.min(room / cols, tall / rows, 20);
  const size = { width: Math.max(4, cols * side), height: Math.max(4, rows * side) };
  const entries = matrix.flat().map((entry) => toNumber(entry as Entry));
  return html`<svg class="pattern" role="img" aria-label=${t("pattern.label", { rows, cols })} viewBox="0 0 ${cols} ${rows}"
    width=${size.width} height=${size.height} preserveAspectRatio="none"><path d=${patternPath(entries, cols)}></path></svg>`;
}

/** Python's word for nothing there. */
export const none = html`<span class="none">None</span>`;

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const kilo = count / 1024;
  return kilo < 1024
    ? `${number(Math.round(kilo * 10) / 10)} KiB`
    : `${number(Math.round(kilo / 102.4) / 10)} MiB`;
}
