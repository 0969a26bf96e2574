// How P and J are written: the tutorial's P_i, the v̄_i of Griewank, or fractions. One choice for the whole page.

import { signal } from "@preact/signals-core";

export const NOTATIONS = ["P", "bar", "partial"] as const;
export type Notation = (typeof NOTATIONS)[number];

export interface Signs {
  /** P of the node with this index, as TeX; tall where a line has room for a fraction. */
  adjoint(id: number | string, tall?: boolean): string;
  jacobian(from: number | string, to: number | string, tall?: boolean): string;
  /** The product P_k J on a line of a ledger, and about how wide it is, in em without its digits. */
  term(from: number | string, to: number | string, tall?: boolean): string;
  termWidth: number;
  /** The same for plain text. */
  adjointText(id: number | string): string;
  jacobianText(from: number | string, to: number | string): string;
  /** What all of them are called. */
  word: string;
}

const arrow = (from: number | string, to: number | string) => `J_{${from}\\to ${to}}`;
const arrowText = (from: number | string, to: number | string) => `J${from}→${to}`;
const ratio = (above: string, below: string, tall: boolean) =>
  `\\${tall ? "dfrac" : "tfrac"}{\\partial ${above}}{\\partial ${below}}`;

const SIGNS: Record<Notation, Signs> = {
  P: {
    adjoint: (id) => `P_{${id}}`,
    jacobian: arrow,
    term: (from, to) => `P_{${to}} \\, ${arrow(from, to)}`,
    termWidth: 2.6,
    adjointText: (id) => `P${id}`,
    jacobianText: arrowText,
    word: "P",
  },
  bar: {
    adjoint: (id) => `\\bar{v}_{${id}}`,
    jacobian: arrow,
    term: (from, to) => `\\bar{v}_{${to}} \\, ${arrow(from, to)}`,
    termWidth: 2.6,
    adjointText: (id) => `v̄${id}`,
    jacobianText: arrowText,
    word: "v̄",
  },
  partial: {
    adjoint: (id, tall = false) =>
      tall ? ratio("L", `u_{${id}}`, true) : `\\partial L/\\partial u_{${id}}`,
    jacobian: (from, to, tall = false) => ratio(`u_{${to}}`, `u_{${from}}`, tall),
    term: (from, to, tall = false) =>
      `${ratio("L", `u_{${to}}`, tall)} \\, ${ratio(`u_{${to}}`, `u_{${from}}`, tall)}`,
    termWidth: 3,
    adjointText: (id) => `∂L/∂u${id}`,
    jacobianText: (from, to) => `∂u${to}/∂u${from}`,
    word: "∂L/∂u",
  },
};

const chosen = signal<Notation>("P");

export function setNotation(notation: Notation): void {
  chosen.value = notation;
}

export function signs(): Signs {
  return SIGNS[chosen.value];
}

/** A sign of the choice itself, to choose by. */
export function sampleOf(notation: Notation): string {
  return SIGNS[notation].adjoint("i");
}
