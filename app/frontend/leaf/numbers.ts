// Values as one writes, drags and pastes them. Pure: text to numbers and back, ranges of sliders, steps.

import type { Entry, GraphNode, Nested } from "../events.ts";
import { toNumber } from "../format.ts";

const WORDS: Record<string, Entry> = {
  nan: "NaN",
  inf: "Infinity",
  infinity: "Infinity",
  "∞": "Infinity",
  "-inf": "-Infinity",
  "-infinity": "-Infinity",
  "-∞": "-Infinity",
};
const NUMBER = /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** One number as people write it: also "−2", "1/3", "1e-3", "∞". Null where it is none. */
export function parseNumber(text: string): Entry | null {
  const plain = text.trim().replaceAll("\u2212", "-").replaceAll("_", "");
  const word = WORDS[plain.toLowerCase()];
  if (word !== undefined) return word;
  const parts = plain.split("/").map((part) => part.trim());
  if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return null;
  const value = parts.map(Number).reduce((top, bottom) => top / bottom);
  return Number.isFinite(value) ? value : null;
}

/** A number or nested lists; null where it is neither. */
export function parseValue(text: string): Nested | null {
  const plain = text.replaceAll("\u2212", "-").trim();
  if (!plain.startsWith("[")) return parseNumber(plain);
  const quoted = plain
    .replaceAll(/[^\s,[\]]+/g, (word) => JSON.stringify(parseNumber(word)))
    .replaceAll(/,\s*\]/g, "]");
  try {
    const value = JSON.parse(quoted) as Nested;
    return quoted.includes("null") ? null : value;
  } catch {
    return null;
  }
}

/** The shortest text that is this very number. */
export function entryText(entry: Entry): string {
  const x = toNumber(entry);
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  return Object.is(x, -0) ? "-0.0" : String(x);
}

/** A value as the source writes it. */
export function valueText(value: Nested): string {
  return Array.isArray(value) ? `[${value.map(valueText).join(", ")}]` : entryText(value);
}

/** Rows of a table as they come from a spreadsheet, a CSV file, NumPy or MATLAB. Null where it is no table. */
export function parseRows(text: string): Entry[][] | null {
  const lines = text
    .replaceAll(/\]\s*,?\s*\[|;/g, "\n")
    .replaceAll(/[[\]()]|^\s*(?:array|tensor)/g, " ")
    .split("\n")
    .filter((line) => line.trim());
  const rows = lines.map((line) => {
    const parts = line.includes("\t") ? line.split("\t") : line.trim().split(/\s*,\s*|\s+/);
    return parts.filter((part) => part.trim()).map(parseNumber);
  });
  const whole = rows.length > 0 && rows.every((row) => row.length > 0 && !row.includes(null));
  return whole ? (rows as Entry[][]) : null;
}

export interface Range {
  min: number;
  max: number;
  step: number;
}

/** The next of 1, 2, 5, 10 … that is no smaller. */
function roundUp(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 5, 10].find((factor) => factor * power >= x * (1 - 1e-9))! * power;
}

/** A range about zero in which the value lies halfway, at least from −1 to 1 for what is not tiny. */
export function rangeOf(value: number): Range {
  const size = Number.isFinite(value) ? Math.abs(value) : 1;
  const max = size === 0 ? 1 : roundUp(Math.min(2 * size, 1e300));
  return { min: -max, max, step: max / 200 };
}

/** The range that was, while it still serves; a value that moves slowly does not move its own scale. */
export function keptRange(before: Range | undefined, value: number): Range {
  const size = Math.abs(value);
  const serves =
    before && size <= before.max * (1 + 1e-9) && (size === 0 || size >= before.max / 100);
  return serves ? before : rangeOf(value);
}

/** `value` moved by so many steps, on the grid of the step: no 0.30000000000000004. */
export function nudge(value: number, steps: number, step: number): number {
  const moved = Math.round(value / step + steps) * step;
  const decimals = Math.max(0, Math.min(20, 1 - Math.floor(Math.log10(step))));
  return Math.abs(moved) > 1e15 ? moved : Number(moved.toFixed(decimals)) + 0;
}

/** Nested lists of this shape, from entries in row-major order. */
export function nest(entries: readonly Entry[], shape: readonly number[]): Nested {
  if (!shape.length) return entries[0]!;
  const [length, ...rest] = shape as [number, ...number[]];
  const size = entries.length / length;
  return Array.from({ length }, (_, row) =>
    nest(entries.slice(row * size, (row + 1) * size), rest),
  );
}

/** Calls that hold a value as it is. */
const HOLDERS = "array|asarray|tensor|Tensor|Parameter|param|const|float|float32|float64";
const LITERAL = String.raw`[-+]?[\d.][\d._]*(?:[eE][-+]?\d+)?(?:\s*/\s*[\d.]+)?|\[[\s\S]*\]`;

/** A statement of the source, taken apart: what comes before it, `name =`, the right side, and the rest. */
export interface Statement {
  before: string;
  head: string;
  right: string;
  after: string;
}

export function statementOf(source: string, { span }: GraphNode): Statement | null {
  if (!span) return null;
  const lines = source.split("\n");
  const offset = (row: number, col: number) =>
    lines.slice(0, row - 1).reduce((sum, text) => sum + text.length + 1, 0) +
    [...(lines[row - 1] ?? "")].slice(0, col - 1).join("").length;
  const [start, end] = [offset(span.line, span.column), offset(span.end_line, span.end_column)];
  const match = /^([^=]*=\s*)([\s\S]*)$/.exec(source.slice(start, end));
  if (!match) return null;
  return {
    before: source.slice(0, start),
    head: match[1]!,
    right: match[2]!,
    after: source.slice(end),
  };
}

/** The source with the literal of a leaf replaced by a value; a wrapper such as `tensor(…)` stays. */
export function rewritten(source: string, node: GraphNode, value: Nested): string | null {
  const statement = statementOf(source, node);
  // A name bound again, or inside a block, stands for a statement that makes several nodes.
  if (!statement || /[@.]/.test(node.name)) return null;
  const { before, head, right, after } = statement;
  const wrapped = new RegExp(
    String.raw`^((?:[\w.]+\.)?(?:${HOLDERS})\(\s*)(?:${LITERAL})(\s*(?:,[^[\]]*)?\))$`,
  ).exec(right);
  const text = valueText(value);
  return before + head + (wrapped ? wrapped[1]! + text + wrapped[2]! : text) + after;
}
