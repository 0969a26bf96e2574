// Which nodes a search means, the best first.

import type { GraphNode } from "../events.ts";

type Named = Pick<GraphNode, "name" | "op" | "source">;

/** Names that are the text, then that begin with it, then that have it in them; then ops, then sources. */
export function matches<T extends Named>(nodes: readonly T[], text: string): T[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  return nodes
    .map((node, index) => ({ node, index, rank: rankOf(node, wanted) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ node }) => node);
}

function rankOf(node: Named, wanted: string): number {
  const [name, op, source] = [node.name, node.op, node.source].map((each) => each.toLowerCase());
  if (name === wanted) return 0;
  if (name!.startsWith(wanted)) return 1;
  if (name!.includes(wanted)) return 2;
  if (op!.startsWith(wanted)) return 3;
  return source!.includes(wanted) ? 4 : Infinity;
}
