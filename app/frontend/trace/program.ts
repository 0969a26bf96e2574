// The graph event as lookups by name: what everything that draws or explains a graph starts from.

import type { EdgeName, GraphEdge, GraphEvent, GraphNode } from "../events.ts";
import { groupingOf, type Grouping } from "./groups.ts";
import { edgeKey } from "../timeline.ts";

export interface Program {
  nodes: Map<string, GraphNode>;
  edges: Map<string, GraphEdge>;
  /** Edges leaving a node, users from the last to the first: the order in which terms arrive. */
  users: Map<string, GraphEdge[]>;
  /** Edges entering a node, by slot. */
  inputs: Map<string, GraphEdge[]>;
  /** Arguments that are not differentiated: drawn, but without a local Jacobian. */
  plain: { from: string; to: string; slot: number }[];
  output: string;
  m: number;
  grouping: Grouping;
  /** Names of nodes as the layout has them, and where each is; edges likewise, the plain ones last. */
  names: string[];
  at: Map<string, number>;
  lines: EdgeName[];
  lineAt: Map<string, number>;
}

function group(edges: GraphEdge[], key: "from" | "to"): Map<string, GraphEdge[]> {
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const members = groups.get(edge[key]);
    if (members) members.push(edge);
    else groups.set(edge[key], [edge]);
  }
  return groups;
}

export function programOf(graph: GraphEvent): Program {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const edges = new Map(graph.edges.map((edge) => [edgeKey(edge), edge]));
  const id = (name: string) => nodes.get(name)?.id ?? 0;
  const reached = graph.edges.filter((edge) => nodes.get(edge.to)?.reached);
  const users = group(
    reached.toSorted((a, b) => id(b.to) - id(a.to) || a.slot - b.slot),
    "from",
  );
  const inputs = group(
    graph.edges.toSorted((a, b) => a.slot - b.slot),
    "to",
  );
  const plain = graph.nodes.flatMap((node) =>
    node.inputs
      .map((from, slot) => ({ from, to: node.name, slot }))
      .filter((edge) => !edges.has(edgeKey(edge))),
  );
  const { output, m } = graph;
  const names = [...nodes.keys()];
  const at = new Map(names.map((name, index) => [name, index]));
  const lines = [...edges.values(), ...plain];
  const lineAt = new Map(lines.map((edge, index) => [edgeKey(edge), index]));
  const grouping = groupingOf(graph);
  return { nodes, edges, users, inputs, plain, output, m, grouping, names, at, lines, lineAt };
}

/** The same but for its inputs: read again, a graph shares its lists with the one before. */
function isShared(a: GraphEvent, b: GraphEvent): boolean {
  const lists = a.nodes === b.nodes && a.edges === b.edges && a.groups === b.groups;
  return lists && a.output === b.output && a.m === b.m;
}

/** Whether two graphs are drawn alike: the same nodes, in shape, words and connection; values may differ. */
export function isDrawnAlike(a: GraphEvent, b: GraphEvent): boolean {
  if (isShared(a, b)) return true;
  if (a.nodes.length !== b.nodes.length || a.output !== b.output || a.m !== b.m) return false;
  const groups = (graph: GraphEvent) => graph.groups.map(({ name, open }) => [name, open]).join();
  if (groups(a) !== groups(b)) return false;
  const picture = ({ name, shape, symbol, formula, inputs, op, reached }: GraphNode) =>
    [name, shape, symbol, formula, inputs, op, reached].join("\n");
  return (
    a.edges.length === b.edges.length &&
    a.nodes.every((node, index) => picture(node) === picture(b.nodes[index]!))
  );
}

/** Whether all that is known of a graph before it runs is the same, to the letter and the line. */
export function isSameProgram(a: GraphEvent, b: GraphEvent): boolean {
  const words = ({ nodes, edges, groups, output, m }: GraphEvent) =>
    JSON.stringify([nodes, edges, groups, output, m]);
  return isShared(a, b) || (isDrawnAlike(a, b) && words(a) === words(b));
}

/** Whether two graphs are versions of one program: then what they share keeps its place. */
export function isKin(a: Program, b: Program): boolean {
  const shared = b.names.filter((name) => a.at.has(name)).length;
  return 2 * shared >= Math.min(a.names.length, b.names.length);
}

/** How many entries a shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The shape in which P of a node is shown: the node's own where P is a gradient, else m × d. */
export function adjointShape(program: Program, node: GraphNode): number[] {
  return program.m === 1 ? node.shape : [program.m, sizeOf(node.shape)];
}
