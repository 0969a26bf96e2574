// A line of text ↔ the node that it makes. Pure.

import type { GraphNode } from "../events.ts";
import type { Program } from "./program.ts";

/** First and last line of a node's statement. */
export function linesOf(program: Program, name: string): [number, number] | null {
  const span = program.nodes.get(name)?.span;
  return span ? [span.line, span.end_line] : null;
}

/** The node that a line makes: of several, that of the shortest statement, then the last computed. */
export function nodeOfLine(program: Program, line: number): string | null {
  const length = ({ span }: GraphNode) => (span ? span.end_line - span.line : Infinity);
  let best: GraphNode | null = null;
  for (const node of program.nodes.values()) {
    const { span } = node;
    if (!span || node.op === "const" || line < span.line || line > span.end_line) continue;
    if (!best || length(node) <= length(best)) best = node;
  }
  return best?.name ?? null;
}
