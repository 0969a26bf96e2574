// How P_k J is really computed: by the structure of J, so that J itself is never formed.

import { idOf } from "./equation.ts";
import type { GraphEdge, JacobianEvent } from "../events.ts";
import { signs } from "./notation.ts";
import type { Program } from "../trace/program.ts";

export interface Product {
  /** The product with J gone, as TeX with \node{…} in it; null where words must do. */
  formula: string | null;
  /** Message id of how it is done. */
  words: string;
  /** Multiplications with J formed, and as it is done; null where that depends. */
  formed: number;
  done: number | null;
}

type Rule = (formula: string, adjoint: string, isVector: Test) => string | null;
type Test = (name: string) => boolean;

const DIAGONAL = /^(-?)(?:(.+?) \\cdot )?\\operatorname\{diag\}\\left\((.*)\\right\)$/;
const LEFT = /^(?:(.+) \\cdot )?\\?(?:left\()?I \\otimes (.+?)(?:\\right\))?$/;
const RIGHT = /^(?:(.+) \\cdot )?(.+) \\otimes I$/;

const times = (factor: string | undefined) => (factor ? `${factor} \\cdot ` : "");

/** Brackets of a piece of TeX close in their own piece: else the pattern cut it in the wrong place. */
export function isWhole(tex: string): boolean {
  let depth = 0;
  for (const [sign] of tex.matchAll(/[{}]|\\left|\\right(?![a-z])/g)) {
    depth += sign === "{" || sign === "\\left" ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

const pieces = (...parts: (string | undefined)[]) => parts.every((part) => !part || isWhole(part));

const RULES: Record<string, Rule> = {
  identity: (_, adjoint) => adjoint,
  scaled_identity(formula, adjoint) {
    if (/^-(I|1)$/.test(formula)) return `-${adjoint}`;
    const [, factor] = /^(.+?) \\cdot I$/.exec(formula) ?? [];
    return factor && isWhole(factor) ? `${factor} \\cdot ${adjoint}` : null;
  },
  diagonal(formula, adjoint) {
    const [, minus = "", factor, entries] = DIAGONAL.exec(formula) ?? [];
    if (entries === undefined || !pieces(factor, entries)) return null;
    return `${minus}${times(factor)}${adjoint} \\odot \\left(${entries}\\right)^{\\mathsf T}`;
  },
  kronecker(formula, adjoint, isVector) {
    const [, factor, block] = LEFT.exec(formula) ?? [];
    if (block !== undefined && pieces(factor, block))
      return isRow(block, isVector)
        ? `${times(factor)}${adjoint} \\otimes ${block}`
        : `${times(factor)}\\operatorname{mat}(${adjoint}) \\, ${block}`;
    const [, scale, left] = RIGHT.exec(formula) ?? [];
    if (left === undefined || !pieces(scale, left)) return null;
    return `${times(scale)}${transposed(left)} \\, \\operatorname{mat}(${adjoint})`;
  },
};

/** Whether this is a vector, transposed. */
function isRow(tex: string, isVector: Test): boolean {
  const [, name] = /^\{?\{?\\node\{([^{}]*)\}\}?(?:_\{?\d+\}?\})?\^T$/.exec(tex) ?? [];
  return name !== undefined && isVector(name);
}

function transposed(tex: string): string {
  const [, inner] = /^\{(.*)\}\^T$/.exec(tex) ?? [];
  return inner && isWhole(inner) ? inner : `{${tex}}^T`;
}

/** Structures that only copy, add or move entries. */
const FREE = new Set(["identity", "sum", "broadcast", "permutation", "selection", "zero"]);
/** Structures where each non-zero entry is used once for each row of P. */
const ONCE = new Set(["diagonal", "scaled_identity", "kronecker", "block_diagonal", "triangular"]);

export function productOf(
  program: Program,
  edge: GraphEdge,
  { structure, shape, nonzero }: JacobianEvent,
): Product {
  const isVector = (name: string) => program.nodes.get(name)?.shape.length === 1;
  const adjoint = signs().adjoint(idOf(program, edge.to));
  const formula = edge.formula
    ? (RULES[structure]?.(edge.formula, adjoint, isVector) ?? null)
    : null;
  const formed = program.m * shape[0] * shape[1];
  const plain = FREE.has(structure) && !/\\cdot|diag|frac|-|\d/.test(edge.formula);
  const dense = structure === "dense" ? formed : null;
  const done = plain ? 0 : ONCE.has(structure) ? program.m * nonzero : dense;
  return { formula, words: `never.${structure}`, formed, done };
}
