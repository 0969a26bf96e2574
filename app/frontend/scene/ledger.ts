// One line of a ledger: the term's name, its product and its number, in the width of the card.

import { keptFace, rowSize, type Face } from "./cells.ts";
import { termSymbol } from "../formulas/equation.ts";
import type { GraphEdge } from "../events.ts";
import { widthOf } from "./fit.ts";
import { number, scalarOf } from "../format.ts";
import { signs } from "../formulas/notation.ts";
import type { Program } from "../trace/program.ts";
import type { Sizes } from "./size.ts";
import { edgeKey, type Frame } from "../timeline.ts";

export interface LedgerRow {
  key: string;
  tex: string;
  face: Face;
  /** How the term came about, where there is room to say so. */
  product: string | null;
  active: boolean;
}

/** Margins, borders and gaps of a row, in pixels. */
const AROUND = 46;
/** The number of a term, where there are several. */
const COUNT = 17;
const PENDING: Face = { kind: "pending" };

export function ledgerRow(
  input: { program: Program; frame: Frame; scale: number; sizes: Sizes },
  edge: GraphEdge,
): LedgerRow {
  const { program, frame, scale, sizes } = input;
  const key = edgeKey(edge);
  const term = frame.termOf(key)?.value;
  const tex = termSymbol(program, edge);
  const em = sizes.metrics.type.row;
  const counted = (program.users.get(edge.from)?.length ?? 0) > 1 ? COUNT : 0;
  const room = sizes.cards.get(edge.from)!.width - AROUND - counted - nameWidth(tex) * em;
  const face = term ? keptFace(term, term.shape, rowSize(term, room, em), scale) : PENDING;
  const product = term ? productOf(frame, edge) : null;
  const taken = face.kind === "number" ? widthOf(face.text) * face.fit * em + 8 : 0;
  const fits = product !== null && widthOf(product) * 0.92 * em + taken <= room;
  return {
    key,
    tex,
    face,
    product: fits ? product : null,
    active: frame.activeEdge === key && frame.event.kind === "term",
  };
}

/** About how wide the name of a term is, in em: its letters, and an index for each digit. */
function nameWidth(tex: string): number {
  return (
    signs().termWidth +
    0.36 * [...tex.replaceAll(/\\[a-z]+/g, "")].filter((sign) => /\d/.test(sign)).length
  );
}

function productOf(frame: Frame, edge: GraphEdge): string | null {
  const adjoint = frame.adjointOf(edge.to)?.value;
  const jacobian = frame.jacobianOf(edgeKey(edge))?.dense;
  const [left, right] = [adjoint ? scalarOf(adjoint) : null, jacobian ? scalarOf(jacobian) : null];
  if (left === null || right === null) return null;
  return `${number(left)} · ${right < 0 ? `(${number(right)})` : number(right)}`;
}
