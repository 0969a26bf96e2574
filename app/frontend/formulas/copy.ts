// A tensor or a formula as text for elsewhere: LaTeX, NumPy, PyTorch, JSON. Numbers keep all their digits.

import { exact, gridOf } from "../format.ts";
import { tokens, type Piece } from "../editor/tokens.ts";

export const FORMATS = ["latex", "numpy", "pytorch", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** Entries in row-major order, with the shape they have. */
export interface Numbers {
  shape: readonly number[];
  dtype: string;
  entries: readonly number[];
}

function nested(
  { shape, entries }: Numbers,
  write: (entry: number) => string,
  depth = 0,
  offset = 0,
): string {
  if (depth === shape.length) return write(entries[offset]!);
  const size = shape.slice(depth + 1).reduce((product, length) => product * length, 1);
  const parts = Array.from({ length: shape[depth]! }, (_, at) =>
    nested({ shape, dtype: "", entries }, write, depth + 1, offset + at * size),
  );
  return `[${parts.join(", ")}]`;
}

function texNumber(x: number): string {
  if (Number.isNaN(x)) return "\\mathrm{NaN}";
  if (!Number.isFinite(x)) return x > 0 ? "\\infty" : "-\\infty";
  const [digits, power] = exact(x).split("e");
  return power ? `${digits} \\times 10^{${Number(power)}}` : digits!;
}

/** Rows of the last axis; the other axes stacked, with a line between two matrices. */
function latex(array: Numbers): string {
  const { shape, entries } = array;
  if (!shape.length) return texNumber(entries[0]!);
  const { rows, cols } = gridOf(shape);
  const sheet = shape.length > 2 ? shape.at(-2)! : rows;
  const lines = Array.from({ length: rows }, (_, row) => {
    const line = entries
      .slice(row * cols, (row + 1) * cols)
      .map(texNumber)
      .join(" & ");
    return row && row % sheet === 0 ? `\\hline ${line}` : line;
  });
  const body = lines.join(" \\\\\n");
  if (shape.length <= 2) return `\\begin{bmatrix}\n${body}\n\\end{bmatrix}`;
  return `\\left[\\begin{array}{${"r".repeat(cols)}}\n${body}\n\\end{array}\\right]`;
}

const notFinite = (x: number, nan: string, infinity: string) =>
  Number.isNaN(x) ? nan : x > 0 ? infinity : `-${infinity}`;

function numpy(array: Numbers): string {
  const write = (x: number) => (Number.isFinite(x) ? exact(x) : notFinite(x, "np.nan", "np.inf"));
  return `np.array(${nested(array, write)}, dtype=np.${array.dtype})`;
}

function pytorch(array: Numbers): string {
  const write = (x: number) =>
    Number.isFinite(x) ? exact(x) : notFinite(x, "torch.nan", "torch.inf");
  return `torch.tensor(${nested(array, write)}, dtype=torch.${array.dtype})`;
}

function json(array: Numbers): string {
  const write = (x: number) => (Number.isFinite(x) ? exact(x) : `"${x}"`);
  const { shape, dtype } = array;
  return `{"shape": [${shape.join(", ")}], "dtype": "${dtype}", "data": ${nested(array, write)}}`;
}

const WRITERS: Record<Format, (array: Numbers) => string> = { latex, numpy, pytorch, json };

export function written(array: Numbers, format: Format): string {
  return WRITERS[format](array);
}

type Library = "numpy" | "pytorch";
const set = (words: string) => new Set(words.split(" "));
const BOTH =
  "exp log sqrt sin cos tan tanh sinh cosh abs sum mean maximum minimum where square sign floor ceil matmul outer log1p expm1 einsum diag trace tril triu kron prod log2 log10";
const NAMES: Record<Library, Set<string>> = {
  numpy: set(`${BOTH} dot`),
  pytorch: set(`${BOTH} relu sigmoid erf rsqrt`),
};
const METHODS: Record<Library, Set<string>> = {
  numpy: set("sum mean prod reshape"),
  pytorch: set("sum mean prod reshape exp log sqrt tanh relu sigmoid square abs"),
};
const PREFIX = { numpy: "np", pytorch: "torch" };
const KEYWORDS: Record<Library, Record<string, string>> = {
  numpy: { axis: "axis", dim: "axis", keepdims: "keepdims", keepdim: "keepdims" },
  pytorch: { axis: "dim", dim: "dim", keepdims: "keepdim", keepdim: "keepdim" },
};
const LIBRARIES = set("np numpy torch F jnp");

/** A list written in the text is an array with us, and none in a library; an index is one everywhere. */
const LIST = /(?:^|[^\p{L}\p{M}\p{N}_)\]\s])\s*\[/u;
/** PyTorch's functions take no mere numbers; its extremes take one nowhere. */
const NUMBER = /(?<!\breshape)\(\s*-?[\d.]+(?:e-?\d+)?\s*[,)]/u;
const EXTREME = /\b(?:maximum|minimum)\b.*[(,]\s*-?[\d.]+(?:e-?\d+)?\s*\)/u;

function named(word: string, library: Library): string | null {
  const parts = word.split(".");
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (parts.length > 1 && !LIBRARIES.has(first)) return METHODS[library].has(last) ? word : null;
  return NAMES[library].has(last) ? `${PREFIX[library]}.${last}` : null;
}

/** One piece in the words of a library; null where it has none. Names must be those of inputs: others, as of a loop, are not told. */
function word(
  pieces: readonly Piece[],
  at: number,
  depth: number,
  inputs: Set<string>,
  library: Library,
) {
  const { text, kind } = pieces[at]!;
  const [before, next, after] = [pieces[at - 1]?.text, pieces[at + 1]?.text, pieces[at + 2]?.text];
  if (kind === "call" && before !== ".") return named(text, library);
  if (kind === "call") return METHODS[library].has(text) ? text : null;
  if (kind !== "name" || before === ".") return text;
  if (next === "." && LIBRARIES.has(text)) return PREFIX[library];
  if (depth > 0 && next === "=" && after !== "=") return KEYWORDS[library][text] ?? null;
  return depth < 0 || inputs.has(text) ? text : null;
}

/** A statement of the language in the words of a library; null where it would mean something else there. */
export function statement(
  source: string,
  library: Library,
  inputs: readonly string[],
): string | null {
  const all = tokens(source).filter(({ kind }) => kind !== "comment");
  const plain = all.map(({ text }) => text).join("");
  const right = plain.slice(plain.indexOf("=") + 1);
  if (LIST.test(right) || plain.includes("…")) return null;
  if (library === "pytorch" && (NUMBER.test(right) || EXTREME.test(right))) return null;
  const known = new Set(inputs.map((name) => name.split("@")[0]!));
  const pieces = all.filter(({ kind }) => kind !== "space");
  let depth = plain.includes("=") ? -1 : 0;
  const said = pieces.map(({ text }, at) => {
    if (depth < 0 && text === "=") depth = 0;
    if (depth >= 0 && "([".includes(text)) depth++;
    if (")]".includes(text)) depth--;
    return word(pieces, at, depth, known, library);
  });
  if (said.includes(null)) return null;
  return all
    .map((piece) => (piece.kind === "space" ? piece.text : said.shift()!))
    .join("")
    .trim();
}
