// Formulas: `\node{name}` becomes a symbol or a value, and TeX becomes HTML with MathML for screen readers.

import katex from "katex";
import type { Tensor } from "./events.ts";
import { matrixOf, numberTex } from "./format.ts";

const OPTIONS = {
  throwOnError: true,
  trust: false,
  maxExpand: 100,
  maxSize: 10,
  strict: "error",
  output: "htmlAndMathml",
} as const;

const cache = new Map<string, string>();
const CACHE_LIMIT = 4000;

/** TeX as HTML; what cannot be typeset is shown as it is written. */
export function typeset(tex: string, display = false): string {
  const key = `${display}${tex}`;
  let html = cache.get(key);
  if (html === undefined) {
    if (cache.size > CACHE_LIMIT) cache.clear();
    cache.set(key, (html = render(tex, display)));
  }
  return html;
}

function render(tex: string, display: boolean): string {
  try {
    return katex.renderToString(tex, { ...OPTIONS, displayMode: display });
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
  cols: number;
}

/** A small tensor as TeX, a vector as a column; null where it would not fit on a line. */
export function tensorTex(
  tensor: Tensor,
  limits: TensorTexLimits = { rows: 4, cols: 4 },
  shape: readonly number[] = tensor.shape,
): string | null {
  const matrix = matrixOf(tensor, shape);
  if (matrix.rows === 1 && matrix.cols === 1 && matrix.whole) return numberTex(matrix.entries[0]!);
  if (!matrix.whole || matrix.rows > limits.rows || matrix.cols > limits.cols) return null;
  const digits = matrix.cols > 3 ? 2 : 3;
  const rows = Array.from({ length: matrix.rows }, (_, row) =>
    matrix.entries
      .slice(row * matrix.cols, (row + 1) * matrix.cols)
      .map((entry) => numberTex(entry, digits))
      .join(" & "),
  );
  return `\\begin{bmatrix}${rows.join(" \\\\ ")}\\end{bmatrix}`;
}

/** A value as an operand: a negative number is put in brackets. */
export function operandTex(tex: string): string {
  return tex.startsWith("-") ? `\\left(${tex}\\right)` : tex;
}
