// A tensor or a formula as text for elsewhere: LaTeX, NumPy, PyTorch, JSON. Numbers keep all their digits.

import { exact, gridOf } from "../format.ts";
import { tokens } from "../editor/tokens.ts";

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

const BOTH =
  "exp log sqrt sin cos tan tanh sinh cosh abs sum mean maximum minimum where square sign floor ceil matmul dot outer log1p expm1 einsum diag trace tril triu kron prod log2 log10";
const NAMES: Record<"numpy" | "pytorch", Set<string>> = {
  numpy: new Set(BOTH.split(" ")),
  pytorch: new Set(`${BOTH} relu sigmoid erf rsqrt softplus`.split(" ")),
};
const PREFIX = { numpy: "np", pytorch: "torch" };
const LIBRARIES = new Set(["np", "numpy", "torch", "F", "jnp"]);

/** A statement of the language in the words of a library; null where a call has no name there. */
export function statement(source: string, format: "numpy" | "pytorch"): string | null {
  let possible = true;
  const text = tokens(source).map(({ text: word, kind }) => {
    if (kind === "comment") return "";
    if (kind !== "call") return word;
    const parts = word.split(".");
    const [first, last] = [parts[0]!, parts.at(-1)!];
    if (parts.length > 1 && !LIBRARIES.has(first)) return word;
    if (!NAMES[format].has(last)) possible = false;
    return `${PREFIX[format]}.${last}`;
  });
  return possible ? text.join("").trim() : null;
}
