// The face of a tensor as data: one number, or cells with a sign and a strength on the one scale of the run.

import type { Tensor } from "./events.ts";
import {
  exact,
  matrixOf,
  number,
  scalarOf,
  shapeText,
  shrink,
  signOf,
  strength,
  type Sign,
} from "./format.ts";
import type { FaceSize } from "./size.ts";

export interface Cell {
  sign: Sign;
  strength: number;
  text: string;
  exact: string;
}

/** What stands where a tensor belongs. Not computed, not reached and never differentiated all differ. */
export type Face =
  | { kind: "pending" | "unreached" | "constant" }
  | { kind: "number"; text: string; exact: string }
  | {
      kind: "grid" | "map";
      rows: number;
      cols: number;
      width: number;
      height: number;
      cells: Cell[];
      shape: string;
    };

/** A term lies flat, as the row it is. */
export function rowSize(term: Tensor): FaceSize {
  const [rows, cols] = [Math.min(4, term.shape[0] ?? 1), Math.min(16, term.shape[1] ?? 1)];
  const cell = Math.min(11, 80 / cols, 18 / rows);
  return {
    kind: rows * cols === 1 ? "number" : "map",
    rows,
    cols,
    width: cell * cols,
    height: cell * rows,
  };
}

/** As many digits as a cell has room for. */
function cellText(entry: number): string {
  return number(entry, Math.abs(entry) < 0.1 ? 2 : 3);
}

export function cellsOf(entries: readonly number[], scale: number): Cell[] {
  return entries.map((entry) => ({
    sign: signOf(entry),
    strength: strength(entry, scale),
    text: cellText(entry),
    exact: exact(entry),
  }));
}

export function faceOf(
  tensor: Tensor,
  shape: readonly number[],
  size: { kind?: string; rows: number; cols: number; width: number; height: number },
  scale: number,
): Face {
  const scalar = scalarOf(tensor);
  if (scalar !== null) return { kind: "number", text: number(scalar), exact: exact(scalar) };
  const whole = matrixOf(tensor, shape);
  const matrix = size.kind === "grid" ? whole : shrink(whole, 16);
  const { rows, cols } = matrix;
  const kind = size.kind === "grid" ? "grid" : "map";
  const cells = cellsOf(matrix.entries, scale);
  return {
    kind,
    rows,
    cols,
    width: size.width,
    height: size.height,
    cells,
    shape: shapeText(shape),
  };
}
