// Formulas: `\node{name}` becomes a symbol or a value, and TeX becomes HTML with MathML for screen readers.

import katex from "katex";
import type { Tensor } from "../events.ts";
import { matrixOf, number, numberTex } from "../format.ts";

const OPTIONS = {
  throwOnError: true,
  trust: false,
  maxExpand: 100,
  maxSize: 10,
  strict: "error",
} as const;

const cache = new Map<string, string>();
const CACHE_LIMIT = 4000;

/** Formulas are read out by their MathML; where they are only to be seen it would be half of the page for nothing. */
export type Output = "html" | "htmlAndMathml";

/** TeX as HTML; what cannot be typeset is shown as it is written. */
export function typeset(tex: string, output: Output = "htmlAndMathml"): string {
  const key = output + tex;
  let html = cache.get(key);
  if (html === undefined) {
    if (cache.size > CACHE_LIMIT) cache.clear();
    cache.set(key, (html = render(tex, output)));
  }
  return html;
}

function render(tex: string, output: Output): string {
  try {
    return katex.renderToString(tex, { ...OPTIONS, output });
  } catch {
    const plain = tex.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
    return `<code class="raw-tex">${plain}</code>`;
  }
}

/** Puts what `replace` gives in the place of every `\node{name}`. */
export function substitute(formula: string, replace: (name: string) => string): string {
  return formula.replace(/\\node\{([^{}]*)\}/g, (_, name: string) => `{${replace(name)}}`);
}

export interface TensorTexLimits {
  rows: number;
  /** Signs of a row, all columns together. */
  signs: number;
}

/** A small tensor as TeX, a vector as a column; null where it would not fit on a line. */
export function tensorTex(
  tensor: Tensor,
  limits: TensorTexLimits = { rows: 4, signs: 22 },
  shape: readonly number[] = tensor.shape,
): string | null {
  const matrix = matrixOf(tensor, shape);
  if (matrix.rows === 1 && matrix.cols === 1 && matrix.whole) return numberTex(matrix.entries[0]!);
  if (!matrix.whole || matrix.rows > limits.rows || matrix.cols > limits.signs) return null;
  const columns = Array.from({ length: matrix.cols }, (_, col) =>
    matrix.entries.filter((_, place) => place % matrix.cols === col),
  );
  const signs = columns.map((column) => Math.max(...column.map((x) => number(x).length)));
  if (signs.reduce((sum, count) => sum + count, 0) > limits.signs) return null;
  const written = columns.map(columnTex);
  const rows = matrix.entries
    .slice(0, matrix.rows)
    .map((_, row) => written.map((column) => column[row]).join(" & "));
  return `\\begin{bmatrix}${rows.join(" \\\\ ")}\\end{bmatrix}`;
}

/** Numbers of a column with their points below each other: what a number lacks is set, and not shown. */
function columnTex(column: number[]): string[] {
  const texts = column.map((x) => numberTex(x));
  if (!texts.every((tex) => /^-?[\d.]+$/.test(tex))) return texts;
  const parts = texts.map((tex) => tex.replace("-", "").split("."));
  const whole = Math.max(...parts.map(([head]) => head!.length));
  const decimals = Math.max(...parts.map(([, tail]) => tail?.length ?? 0));
  const signed = texts.some((tex) => tex.startsWith("-"));
  return texts.map((tex, row) => {
    const [head, tail] = parts[row]!;
    const sign = signed && !tex.startsWith("-") ? "-" : "";
    const point = tail === undefined && decimals > 0 ? "." : "";
    const after = point + "0".repeat(decimals - (tail?.length ?? 0));
    return `${hidden(sign)}${hidden("0".repeat(whole - head!.length))}{${tex}}${hidden(after)}`;
  });
}

function hidden(text: string): string {
  return text ? `\\phantom{${text}}` : "";
}

/** A value as an operand: a negative number is put in brackets. */
export function operandTex(tex: string): string {
  return tex.startsWith("-") ? `\\left(${tex}\\right)` : tex;
}
