// Marks of edges: both lanes, and the local Jacobian that stands on them.

import type { Box } from "./camera.ts";
import { isNumber, keptFace, lighten, type Face } from "./cells.ts";
import type { EdgeName, GraphEdge } from "../events.ts";
import { LANE, pathOf, runsOf } from "./geometry.ts";
import type { Point } from "../layout.ts";
import { remember, type Memory } from "./memory.ts";
import { sizeOf, type Program } from "../trace/program.ts";
import type { SceneInput } from "../scene.ts";
import type { LabelSize } from "./size.ts";
import { edgeKey, type Frame } from "../timeline.ts";

export type Flow = "idle" | "done" | "active";

export interface EdgeMark {
  key: string;
  path: string;
  back: string;
  /** Boxes about its level runs: what should not be covered. */
  runs: Box[];
  head: Point;
  tail: Point;
  forward: Flow;
  backward: Flow;
  plain: boolean;
  dim: boolean;
  lit: boolean;
  /** Which of several users of its node it leads to, as the ledger counts them; 0 for an only one. */
  branch: number;
}

export interface ChipMark {
  key: string;
  x: number;
  y: number;
  size: LabelSize;
  face: Face;
  active: "forward" | "backward" | null;
  kink: boolean;
  /** So many copies are made of each entry on the way forward, and added up on the way back. */
  stretch: number;
}

/** Of the edges of one node that lead to nowhere in the window so many are drawn: more are one grey band. */
const FAN = 24;

/** What is drawn of the edges that cross the window; `cards`: the nodes in it. */
export function thinned(
  { program, frame }: SceneInput,
  edges: readonly number[],
  cards: readonly number[],
): readonly number[] {
  const near = new Set(cards.map((index) => program.names[index]!));
  const drawn = new Map<string, number>();
  return edges.filter((index) => {
    const edge = program.lines[index]!;
    if (near.has(edge.to) || edgeKey(edge) === frame.activeEdge) return true;
    const count = (drawn.get(edge.from) ?? 0) + 1;
    drawn.set(edge.from, count);
    return count <= FAN;
  });
}

type Course = Pick<EdgeMark, "path" | "back" | "runs" | "head" | "tail">;

const courses = new WeakMap<object, Course>();

function courseOf(points: readonly Point[]): Course {
  let found = courses.get(points);
  if (!found) {
    const [first, last] = [points[0]!, points.at(-1)!];
    found = {
      path: pathOf(points, -LANE),
      back: pathOf(points.toReversed(), LANE),
      runs: runsOf(points),
      head: { x: last.x, y: last.y - LANE },
      tail: { x: first.x, y: first.y + LANE },
    };
    courses.set(points, found);
  }
  return found;
}

export function edgeMark(input: SceneInput, memory: Memory<EdgeMark>, index: number): EdgeMark {
  const { program, frame, layout, attention } = input;
  const edge = program.lines[index]!;
  const key = edgeKey(edge);
  const [forward, backward] = [forwardOf(frame, edge, key), backwardOf(frame, key)];
  const meant = attention === edge.from || attention === edge.to;
  const dim = attention !== null && !meant;
  return remember(memory, key, [program, forward, backward, dim, meant], () => ({
    key,
    forward,
    backward,
    dim,
    lit: meant,
    plain: !program.edges.has(key),
    branch: branchOf(program, edge),
    ...courseOf(layout.edges[index]!.points),
  }));
}

/** More numbers than this beside one card would stand on each other. */
const NUMBERED = 6;

/** The place of a user among all users of a node; 0 where it is not written. */
export function branchOf(program: Program, edge: EdgeName): number {
  const users = program.users.get(edge.from) ?? [];
  if (users.length < 2 || users.length > NUMBERED) return 0;
  return users.findIndex((user) => user.to === edge.to && user.slot === edge.slot) + 1;
}

function forwardOf(frame: Frame, edge: EdgeName, key: string): Flow {
  const arriving = frame.event.kind === "value" && frame.activeNode === edge.to;
  if (arriving || (frame.event.kind === "jacobian" && frame.activeEdge === key)) return "active";
  return frame.valueOf(edge.to) ? "done" : "idle";
}

function backwardOf(frame: Frame, key: string): Flow {
  if (frame.event.kind === "term" && frame.activeEdge === key) return "active";
  return frame.termOf(key) ? "done" : "idle";
}

export function chipMark(
  input: SceneInput,
  memory: Memory<ChipMark | null>,
  index: number,
): ChipMark | null {
  const { program, frame, layout, sizes, scale } = input;
  const edge = program.lines[index] as GraphEdge;
  const key = edgeKey(edge);
  const jacobian = frame.jacobianOf(key);
  const active =
    frame.activeEdge !== key ? null : frame.event.kind === "term" ? "backward" : "forward";
  const lit = input.lights?.get(key);
  const shades = jacobian && isNumber(jacobian.shape) ? 0 : scale;
  return remember(memory, key, [program, jacobian, active, shades, lit], () => {
    if (!jacobian) return null;
    const size = sizes.labels[index]!;
    const tensor = jacobian.dense ?? jacobian.window?.entries;
    const { x, y } = layout.edges[index]!.label;
    const width = size.width - 10;
    const inner = { ...size, kind: "map" as const, width, height: size.height - 10 };
    const face: Face = tensor
      ? lighten(keptFace(tensor, tensor.shape, inner, scale), lit, sizeOf(jacobian.shape))
      : { kind: "pending" };
    return { key, x, y, size, active, kink: jacobian.kink, face, stretch: edge.stretched };
  });
}
