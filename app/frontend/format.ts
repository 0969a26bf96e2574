// Numbers, shapes and tensors as people read them, and the one colour scale of a run.

import type { Entry, Nested, Tensor, TraceEvent } from "./events.ts";

const MINUS = "\u2212";
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** JSON has no NaN and no infinities: they cross the wire as strings. */
export function toNumber(entry: Entry): number {
  if (typeof entry === "boolean") return entry ? 1 : 0;
  return typeof entry === "number" ? entry : Number(entry);
}

/** Significant digits of every number on the page: one rule, so that no two places round differently. */
const SIGNIFICANT = 4;

interface Parts {
  sign: string;
  digits: string;
  exponent: number | null;
}

/** What stands before the exponent, without trailing zeros. */
function scientific(size: number, significant: number): { digits: string; exponent: number } {
  const [mantissa, exponent] = size.toExponential(significant - 1).split("e") as [string, string];
  return { digits: String(Number(mantissa)), exponent: Number(exponent) };
}

/**
 * A finite number to SIGNIFICANT digits, without trailing zeros. Digits before the point are never replaced
 * by zeros: from a million on, and below a thousandth, an exponent says the size.
 */
function partsOf(x: number): Parts {
  const sign = x < 0 ? MINUS : "";
  const size = Math.abs(x);
  if (size === 0) return { sign, digits: "0", exponent: null };
  const whole = Math.round(size);
  if ((size >= 1000 || whole === size) && whole < 1e6)
    return { sign, digits: String(whole), exponent: null };
  const short = scientific(size, SIGNIFICANT);
  if (short.exponent < -3 || short.exponent >= 6) return { sign, ...short };
  return { sign, digits: String(Number(size.toPrecision(SIGNIFICANT))), exponent: null };
}

function written({ sign, digits, exponent }: Parts): string {
  if (exponent === null) return sign + digits;
  const power = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)]).join("");
  // A mantissa of one goes without saying.
  const head = digits === "1" ? "" : `${digits}×`;
  return `${sign}${head}10${exponent < 0 ? "⁻" : ""}${power}`;
}

function notFinite(x: number): string {
  return Number.isNaN(x) ? "NaN" : x > 0 ? "∞" : `${MINUS}∞`;
}

/** A number for plain text: "−0.3333", "1.2×10⁻⁷", "NaN", "∞". */
export function number(x: number): string {
  return Number.isFinite(x) ? written(partsOf(x)) : notFinite(x);
}

/** The ways to write a number where room is short, the best first: as everywhere, then with an exponent. */
export function spellings(x: number): string[] {
  if (!Number.isFinite(x) || x === 0) return [number(x)];
  const sign = x < 0 ? MINUS : "";
  const shorter = [3, 2].map((digits) => written({ sign, ...scientific(Math.abs(x), digits) }));
  return [number(x), ...shorter.filter((text) => text.length < number(x).length)];
}

/** The same number as TeX. */
export function numberTex(x: number): string {
  if (Number.isNaN(x)) return "\\mathrm{NaN}";
  if (!Number.isFinite(x)) return x > 0 ? "\\infty" : "-\\infty";
  const { sign, digits, exponent } = partsOf(x);
  const minus = sign ? "-" : "";
  if (exponent === null) return minus + digits;
  return `${minus}${digits === "1" ? "" : `${digits}{\\times}`}10^{${exponent}}`;
}

/** The number with all its digits, for `data-value` and tooltips. */
export function exact(x: number): string {
  return Object.is(x, -0) ? "-0" : String(x);
}

export function shapeText(shape: readonly number[]): string {
  return shape.join("×");
}

/** All entries in row-major order; null where only a summary crossed the wire. */
export function entriesOf(tensor: Tensor): number[] | null {
  return tensor.data === undefined || tensor.data === null ? null : flatten(tensor.data);
}

function flatten(nested: Nested): number[] {
  if (!Array.isArray(nested)) return [toNumber(nested)];
  return (nested as unknown[]).flat(Infinity).map((entry) => toNumber(entry as Entry));
}

/** The value of a tensor with one entry. */
export function scalarOf(tensor: Tensor): number | null {
  const entries = entriesOf(tensor);
  return entries?.length === 1 ? entries[0]! : null;
}

/** A tensor laid out on paper: last axis across, the rest stacked; a vector is a column. */
export interface Matrix {
  rows: number;
  cols: number;
  entries: number[];
  /** False where the entries are a sample of a larger tensor. */
  whole: boolean;
}

export function matrixOf(tensor: Tensor, shape: readonly number[] = tensor.shape): Matrix {
  const entries = entriesOf(tensor);
  if (entries) return { ...gridOf(shape), entries, whole: true };
  const preview = (tensor.preview ?? []) as Nested[];
  const sample = flatten(preview);
  const rows = preview.length;
  return { rows, cols: rows ? sample.length / rows : 0, entries: sample, whole: false };
}

/** Rows and columns of a shape seen as a matrix. */
export function gridOf(shape: readonly number[]): { rows: number; cols: number } {
  if (shape.length === 0) return { rows: 1, cols: 1 };
  if (shape.length === 1) return { rows: shape[0]!, cols: 1 };
  const cols = shape.at(-1)!;
  return { rows: shape.slice(0, -1).reduce((product, size) => product * size, 1), cols };
}

/** At most `limit` rows and columns, each the entry of largest size in its block. */
export function shrink(matrix: Matrix, limit: number): Matrix {
  const rows = Math.min(limit, matrix.rows);
  const cols = Math.min(limit, matrix.cols);
  if (rows === matrix.rows && cols === matrix.cols) return matrix;
  const entries = new Array<number>(rows * cols).fill(0);
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < matrix.cols; j++) {
      const at = Math.floor((i * rows) / matrix.rows) * cols + Math.floor((j * cols) / matrix.cols);
      const entry = matrix.entries[i * matrix.cols + j]!;
      if (!(Math.abs(entries[at]!) >= Math.abs(entry))) entries[at] = entry;
    }
  }
  return { rows, cols, entries, whole: false };
}

function largestIn(entries: readonly number[]): number {
  let largest = 0;
  for (const entry of entries) {
    if (Number.isFinite(entry) && Math.abs(entry) > largest) largest = Math.abs(entry);
  }
  return largest;
}

function largestOf(tensor: Tensor | null | undefined): number {
  if (!tensor) return 0;
  const entries = entriesOf(tensor);
  // A single number is written, not painted: a loss of 10,000 must not bleach the weights.
  if (entries) return entries.length > 1 ? largestIn(entries) : 0;
  return largestIn([tensor.summary?.min ?? 0, tensor.summary?.max ?? 0]);
}

/** The largest finite size that is painted in a trace: the end of the colour scale, the same at every step. */
export function scaleOf(events: readonly TraceEvent[]): number {
  let largest = 0;
  for (const event of events) {
    if ("value" in event) largest = Math.max(largest, largestOf(event.value));
    if (event.kind === "jacobian") {
      largest = Math.max(largest, largestOf(event.dense), largestOf(event.window?.entries));
    }
  }
  return largest || 1;
}

/** How strongly to paint an entry, 0 to 100; a square root keeps small entries visible. */
export function strength(x: number, scale: number): number {
  if (!Number.isFinite(x)) return 100;
  return Math.round(100 * Math.sqrt(Math.min(1, Math.abs(x) / scale)));
}

export type Sign = "pos" | "neg" | "zero" | "bad";

export function signOf(x: number): Sign {
  if (!Number.isFinite(x)) return "bad";
  if (x === 0) return "zero";
  return x > 0 ? "pos" : "neg";
}
