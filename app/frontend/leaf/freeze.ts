// A node that lets no derivative pass: said in the text itself, by const(…) around the right side of a leaf, by
// detach(…) around that of a computed node.

import type { GraphNode } from "../events.ts";
import { statementOf } from "./numbers.ts";

export interface Freezing {
  frozen: boolean;
  /** The text with the node the other way round. */
  source: string;
}

/** Whether the brackets that begin at the start of `text` close at its very end. */
function isOneCall(text: string): boolean {
  let depth = 0;
  for (const [place, sign] of [...text].entries()) {
    if (sign === "(") depth++;
    if (sign === ")" && --depth === 0) return place === [...text].length - 1;
  }
  return false;
}

/** How to freeze a node, or to free it again; null where its statement is none that could be rewritten. */
export function freezing(source: string, node: GraphNode): Freezing | null {
  if (node.op === "const") return null;
  const statement = statementOf(source, node);
  if (!statement || /^(?:for|def|if)\b/.test(statement.head)) return null;
  const { head, right, before, after } = statement;
  const call = node.op === "leaf" ? "const" : "detach";
  const inner = new RegExp(String.raw`^(?:[\w.]+\.)?${call}\s*(\(([\s\S]*)\))$`).exec(right);
  const frozen = inner !== null && isOneCall(inner[1]!);
  // Some leaves are frozen in other words: those are left to their writer.
  if (node.op === "leaf" && node.requires_grad === frozen) return null;
  const body = frozen ? inner[2]!.trim() : `${call}(${right})`;
  return { frozen, source: before + head + body + after };
}
