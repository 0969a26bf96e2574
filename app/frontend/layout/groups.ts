// Groups that are open: each is laid out by itself, and stands in the level around it as one large node. So what is
// around a group keeps its order when the group opens, and its frame holds nothing else.

import type { Box } from "../scene/camera.ts";
import {
  runLayout,
  type Layout,
  type LayoutEdge,
  type LayoutInput,
  type LayoutNode,
  type Point,
} from "../layout.ts";

/** Between the frame of a group and what is in it. */
const PAD = 16;
const PORT = { width: 0, above: 11, below: 11, dock: 0, commutative: false };
const TOP = -1;

/** One level: the inside of a group, or what is in none. */
interface Level {
  input: LayoutInput;
  /** Where each node, child group and port of this level is among its items. */
  nodeAt: Map<number, number>;
  groupAt: Map<number, number>;
  portAt: Map<number, number>;
  layout: Layout;
}

/** The part of an edge that lies in one level. */
interface Part {
  level: number;
  index: number;
}

export function layoutGroups(input: LayoutInput): Layout {
  if (!input.groups?.length) return runLayout(input);
  const chains = input.nodes.map(({ group }) => chainOf(input, group ?? TOP));
  const parts: Part[][] = input.edges.map(() => []);
  const levels = new Map<number, Level>();
  for (const level of [...input.groups.keys()].reverse())
    levels.set(level, arrange(input, chains, levels, parts, level));
  levels.set(TOP, arrange(input, chains, levels, parts, TOP));
  return compose(input, levels, parts);
}

/** The levels around a node, the innermost first, the top last. */
function chainOf({ groups }: LayoutInput, group: number): number[] {
  const chain = [];
  for (let at = group; at !== TOP; at = groups![at]!.parent) chain.push(at);
  return [...chain, TOP];
}

function arrange(
  input: LayoutInput,
  chains: number[][],
  levels: Map<number, Level>,
  parts: Part[][],
  level: number,
): Level {
  const found: Level = {
    input: { nodes: [], edges: [] },
    nodeAt: new Map(),
    groupAt: new Map(),
    portAt: new Map(),
    layout: { width: 0, height: 0, nodes: [], edges: [], groups: [] },
  };
  addItems(input, chains, levels, level, found);
  input.edges.forEach((_, index) => addPart(input, chains, levels, parts, level, found, index));
  found.layout = runLayout(found.input);
  return found;
}

/** Nodes and child groups in topological order: a group comes with the last of its nodes. */
function addItems(
  input: LayoutInput,
  chains: number[][],
  levels: Map<number, Level>,
  level: number,
  found: Level,
): void {
  const last = new Map<number, number>();
  const depth = level === TOP ? 1 : chainOf(input, level).length;
  chains.forEach((chain, node) => {
    const child = chain[chain.length - depth - 1];
    if (chain[chain.length - depth] === level && child !== undefined) last.set(child, node);
  });
  const ending = new Map([...last].map(([group, node]) => [node, group]));
  const put = (node: LayoutNode) => found.input.nodes.push(node) - 1;
  chains.forEach((chain, node) => {
    if (chain[0] === level) found.nodeAt.set(node, put(input.nodes[node]!));
    const group = ending.get(node);
    if (group !== undefined) found.groupAt.set(group, put(groupNode(input, levels, group)));
  });
}

function sizeOfGroup(input: LayoutInput, { layout }: Level, group: number) {
  const height = layout.height + input.groups![group]!.head + PAD;
  return { width: layout.width + 2 * PAD, height };
}

function groupNode(input: LayoutInput, levels: Map<number, Level>, group: number): LayoutNode {
  const { width, height } = sizeOfGroup(input, levels.get(group)!, group);
  const half = height / 2;
  const { seed } = input.groups![group]!;
  return { width, above: half, below: half, dock: -1, commutative: false, seed };
}

/** An edge that crosses the frame of a group has an end on the frame: a port. */
function addPart(
  input: LayoutInput,
  chains: number[][],
  levels: Map<number, Level>,
  parts: Part[][],
  level: number,
  found: Level,
  index: number,
): void {
  const edge = input.edges[index]!;
  const [fromIn, toIn] = [chains[edge.from]!.includes(level), chains[edge.to]!.includes(level)];
  if (!fromIn && !toIn) return;
  const shared = chains[edge.from]!.find((each) => chains[edge.to]!.includes(each))!;
  if (fromIn && toIn && shared !== level) return;
  const from = fromIn ? endOf(input, chains, levels, level, found, edge.from, index) : null;
  const to = toIn ? endOf(input, chains, levels, level, found, edge.to, index) : null;
  const part: LayoutEdge = {
    ...edge,
    from: from?.at ?? addPort(input, found, index, "first"),
    to: to?.at ?? addPort(input, found, index, "last"),
    label: chains[edge.to]![0] === level ? edge.label : { width: 0, height: 0 },
    out: from?.dock,
    into: to?.dock,
  };
  parts[index]!.push({ level, index: found.input.edges.push(part) - 1 });
}

function addPort(
  { edges, nodes }: LayoutInput,
  found: Level,
  index: number,
  pin: "first" | "last",
): number {
  const { from, to } = edges[index]!;
  const seed = nodes[pin === "first" ? from : to]!.seed;
  const at = found.input.nodes.push({ ...PORT, pin, seed }) - 1;
  found.portAt.set(index, at);
  return at;
}

/** The item that stands for a node in a level; where that is a group, also where the edge meets its frame. */
function endOf(
  input: LayoutInput,
  chains: number[][],
  levels: Map<number, Level>,
  level: number,
  found: Level,
  node: number,
  edge: number,
): { at: number; dock?: number } {
  const chain = chains[node]!;
  if (chain[0] === level) return { at: found.nodeAt.get(node)! };
  const group = chain[chain.indexOf(level) - 1]!;
  const inner = levels.get(group)!;
  const { height } = sizeOfGroup(input, inner, group);
  const port = inner.layout.nodes[inner.portAt.get(edge)!]!;
  const dock = port.y + input.groups![group]!.head - height / 2;
  return { at: found.groupAt.get(group)!, dock };
}

/** Every level where its group stands, and every edge as the chain of its parts. */
function compose(input: LayoutInput, levels: Map<number, Level>, parts: Part[][]): Layout {
  const top = levels.get(TOP)!;
  const origin = new Map<number, Point>([[TOP, { x: 0, y: 0 }]]);
  const groups = input.groups!.map(({ parent, head }, group): Box | null => {
    const at = levels.get(parent)!.groupAt.get(group);
    const from = origin.get(parent);
    if (at === undefined || !from) return null;
    const spot = levels.get(parent)!.layout.nodes[at]!;
    const size = sizeOfGroup(input, levels.get(group)!, group);
    const box = { x: from.x + spot.x, y: from.y + spot.y - size.height / 2, ...size };
    origin.set(group, { x: box.x + PAD, y: box.y + head });
    return box;
  });
  const nodes = input.nodes.map(({ group = TOP }, node) => {
    const { layout, nodeAt } = levels.get(group)!;
    return moved(layout.nodes[nodeAt.get(node)!]!, origin.get(group)!);
  });
  const edges = parts.map((pieces, edge) => joined(input, levels, origin, pieces, edge));
  return { width: top.layout.width, height: top.layout.height, nodes, edges, groups };
}

function joined(
  { nodes, edges }: LayoutInput,
  levels: Map<number, Level>,
  origin: Map<number, Point>,
  pieces: Part[],
  edge: number,
) {
  const drawn = pieces.map(({ level, index }) => {
    const { points, label } = levels.get(level)!.layout.edges[index]!;
    const by = origin.get(level)!;
    return { level, points: points.map((point) => moved(point, by)), label: moved(label, by) };
  });
  // Ends of parts meet on a frame, at one height: from left to right they are one path.
  drawn.sort((a, b) => a.points[0]!.x - b.points[0]!.x);
  const receiver = nodes[edges[edge]!.to]!.group ?? TOP;
  const label = drawn.find(({ level }) => level === receiver)!.label;
  return { points: drawn.flatMap(({ points }) => points), label };
}

function moved(point: Point, by: Point): Point {
  return { x: point.x + by.x, y: point.y + by.y };
}
