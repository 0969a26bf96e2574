// The face of a tensor as data: one number, or cells with a sign and a strength on the one scale of the run.

import type { Tensor } from "../events.ts";
import { aligned, columnWidth, fitNumber } from "./fit.ts";
import {
  exact,
  matrixOf,
  number,
  scalarOf,
  shapeText,
  shrink,
  signOf,
  strength,
  type Matrix,
  type Sign,
} from "../format.ts";
import type { FaceSize } from "./size.ts";

export interface Cell {
  sign: Sign;
  strength: number;
  text: string;
  exact: string;
  /** How far right of the middle of its cell the text stands, in em. */
  shift: number;
  /** Why it stands out: it is pointed at, was made from, or leads to what is. */
  lit?: Lit;
}

export type Lit = "here" | "from" | "to";

/** What stands where a tensor belongs. Not computed, not reached and never differentiated all differ. */
export type Face =
  | { kind: "pending" | "unreached" | "constant" }
  | { kind: "number"; text: string; exact: string; fit: number }
  | {
      kind: "grid" | "map";
      rows: number;
      cols: number;
      width: number;
      height: number;
      /** The share of the full type size at which every number fits its cell. */
      fit: number;
      cells: Cell[];
      shape: string;
    };

/** Type never gets smaller than this share of its size: then a shorter spelling is taken. */
const LEAST = { number: 0.57, cell: 0.7 };
/** Space at the sides of a cell, in pixels. */
const MARGIN = 6;

/** A term lies flat, as the row it is. */
export function rowSize(term: Tensor, room: number, em: number): FaceSize {
  const [rows, cols] = [Math.min(4, term.shape[0] ?? 1), Math.min(16, term.shape[1] ?? 1)];
  if (rows * cols === 1) return { kind: "number", rows, cols, width: room, height: em, em };
  const cell = Math.min(11, Math.min(80, room) / cols, 18 / rows);
  return { kind: "map", rows, cols, width: cell * cols, height: cell * rows, em };
}

export function cellOf(entry: number, scale: number): Cell {
  return {
    sign: signOf(entry),
    strength: strength(entry, scale),
    text: number(entry),
    exact: exact(entry),
    shift: 0,
  };
}

/** Numbers at one size, each column aligned on its decimal points. */
function writeCells(matrix: Matrix, cells: Cell[], room: number): number {
  const fits = matrix.entries.map((entry) => fitNumber(entry, room, LEAST.cell));
  let fit = Math.min(1, ...fits.map((fitted) => fitted.fit));
  for (let col = 0; col < matrix.cols; col++) {
    const places = fits.flatMap((_, place) => (place % matrix.cols === col ? [place] : []));
    const column = places.map((place) => fits[place]!.text);
    const fitting = columnWidth(column) * LEAST.cell <= room;
    const shifts = fitting ? aligned(column) : column.map(() => 0);
    places.forEach((place, row) =>
      Object.assign(cells[place]!, { text: column[row], shift: shifts[row] }),
    );
    if (fitting) fit = Math.min(fit, room / columnWidth(column));
  }
  return Math.floor(fit * 100) / 100;
}

interface Made {
  of: readonly unknown[];
  face: Face;
}
const made = new WeakMap<Tensor, Made>();

/** The face of a tensor in the picture: the very same one, until its room or the scale is another. */
export function keptFace(
  tensor: Tensor,
  shape: readonly number[],
  size: FaceSize,
  scale: number,
): Face {
  const { kind, width, height, em } = size;
  const of = [kind, width, height, em, isNumber(shape) ? 0 : scale];
  const known = made.get(tensor);
  if (known?.of.every((each, at) => each === of[at])) return known.face;
  const face = faceOf(tensor, shape, size, scale);
  made.set(tensor, { of, face });
  return face;
}

/** A lone number has no colour, whatever the scale. */
export function isNumber(shape: readonly number[]): boolean {
  return shape.every((size) => size === 1);
}

export function faceOf(
  tensor: Tensor,
  shape: readonly number[],
  size: FaceSize,
  scale: number,
): Face {
  const scalar = scalarOf(tensor);
  if (scalar !== null) {
    const fitted = fitNumber(scalar, size.width / size.em, LEAST.number);
    return { kind: "number", ...fitted, exact: exact(scalar) };
  }
  const kind = size.kind === "grid" ? "grid" : "map";
  const whole = matrixOf(tensor, shape);
  const matrix = kind === "grid" ? whole : shrink(whole, 16);
  const { rows, cols } = matrix;
  const cells = matrix.entries.map((entry) => cellOf(entry, scale));
  const room = (size.width / cols - MARGIN) / size.em;
  const fit = kind === "grid" ? writeCells(matrix, cells, room) : 1;
  const { width, height } = size;
  return { kind, rows, cols, width, height, fit, cells, shape: shapeText(shape) };
}

/** A number where nothing else wants the room. */
export const ROOMY: FaceSize = { kind: "number", rows: 1, cols: 1, width: 400, height: 0, em: 16 };

/** The face with some of its entries lit, by place; only where each of so many has a cell of its own. */
export function lighten(
  face: Face,
  lit: ReadonlyMap<number, Lit> | undefined,
  count?: number,
): Face {
  if (!lit?.size || (face.kind !== "grid" && face.kind !== "map")) return face;
  if (count !== undefined && face.cells.length !== count) return face;
  const cells = face.cells.map((cell, place) => {
    const why = lit.get(place);
    return why ? { ...cell, lit: why } : cell;
  });
  return { ...face, cells };
}
