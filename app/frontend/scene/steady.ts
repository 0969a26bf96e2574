// From one picture to the next: what stays keeps its place, and what is new grows out of what it was.

import type { View } from "./camera.ts";
import { cardBox, type Plan } from "./geometry.ts";
import type { LayoutInput, Point } from "../layout.ts";
import type { Program } from "../trace/program.ts";
import { edgeKey } from "../timeline.ts";

/** The question for the layout, with the heights of the picture before. */
export function withSeeds(input: LayoutInput, program: Program, before: Plan | null): LayoutInput {
  if (!before) return input;
  const heights = heightsOf(before);
  const { frames, closedAt } = program.grouping;
  const nodes = input.nodes.map((node, index) => {
    const name = program.names[index]!;
    const closed = closedAt.get(name)?.name;
    const seed = (closed && heights.frames.get(closed)) || heights.nodes.get(name);
    return { ...node, seed };
  });
  const edges = input.edges.map((edge, index) => {
    const seed = heights.edges.get(edgeKey(program.lines[index]!));
    return { ...edge, seed };
  });
  const groups = input.groups?.map((group, index) => {
    const { name, node } = frames[index]!;
    return { ...group, seed: heights.frames.get(name) ?? heights.nodes.get(node) };
  });
  return { ...input, nodes, edges, ...(groups && { groups }) };
}

function heightsOf({ program, layout }: Plan) {
  const frames = program.grouping.frames.flatMap(({ name }, index): [string, number][] => {
    const box = layout.groups[index];
    return box ? [[name, box.y + box.height / 2]] : [];
  });
  return {
    nodes: new Map(program.names.map((name, index) => [name, layout.nodes[index]!.y])),
    edges: new Map(program.lines.map((edge, i) => [edgeKey(edge), layout.edges[i]!.label.y])),
    frames: new Map(frames),
  };
}

/** Where each new node comes from: the node of the group that it was in, on the picture before. */
export function birthsOf(before: Plan, after: Plan): Map<string, Point> {
  const { frames, parents, frameOf } = after.program.grouping;
  const births = new Map<string, Point>();
  for (const name of after.program.names) {
    if (before.program.at.has(name)) continue;
    for (let at = frameOf.get(name) ?? -1; at >= 0; at = parents[at]!) {
      const old = before.program.at.get(frames[at]!.node);
      if (old === undefined) continue;
      const { x, y } = cardBox(before, frames[at]!.node, before.layout.nodes[old]!);
      births.set(name, { x, y });
      break;
    }
  }
  return births;
}

/** The view in which the first of these nodes that is on both pictures has not moved. */
export function steadyView(before: Plan, after: Plan, view: View, names: Iterable<string>): View {
  for (const name of names) {
    const [old, now] = [before.program.at.get(name), after.program.at.get(name)];
    if (old === undefined || now === undefined) continue;
    const [from, to] = [before.layout.nodes[old]!, after.layout.nodes[now]!];
    const shift = { x: (from.x - to.x) * view.zoom, y: (from.y - to.y) * view.zoom };
    return { ...view, x: view.x + shift.x, y: view.y + shift.y };
  }
  return view;
}

/** The view moved by as little as shows a frame that has just opened, its head before all. */
export function showFrame(
  { program, layout }: Plan,
  node: string | undefined,
  view: View,
  viewport: { width: number; height: number },
): View {
  const at = program.grouping.frames.findIndex((group) => group.node === node);
  const box = layout.groups[at];
  if (!box) return view;
  const axis = (offset: number, start: number, size: number, room: number) => {
    const [low, high] = [start * view.zoom + offset, (start + size) * view.zoom + offset];
    const back = Math.max(0, high - (room - ROOM));
    return offset + (low - back < ROOM ? ROOM - low : -back);
  };
  const x = axis(view.x, box.x, box.width, viewport.width);
  return { ...view, x, y: axis(view.y, box.y, box.height, viewport.height) };
}

/** Between a frame that has just opened and the edge of the window. */
const ROOM = 28;
