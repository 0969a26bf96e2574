// Where marks are: boxes of cards and labels, paths of edges, what a step is about.

import { bucketsOf, type Buckets } from "./buckets.ts";
import { union, type Box } from "./camera.ts";
import type { Layout, Point } from "../layout.ts";
import type { Program } from "../trace/program.ts";
import type { Sizes } from "./size.ts";
import type { Frame } from "../timeline.ts";

/** Half the distance between the lane that runs forward and the one that runs back. */
export const LANE = 4.5;

export interface Plan {
  program: Program;
  sizes: Sizes;
  layout: Layout;
}

export function cardBox({ sizes }: Pick<Plan, "sizes">, name: string, at: Point): Box {
  const { width, height, ledger } = sizes.cards.get(name)!;
  return { x: at.x, y: at.y - height / 2, width, height: height + ledger };
}

export function chipBox({ sizes, layout }: Pick<Plan, "sizes" | "layout">, edge: number): Box {
  const { width, height } = sizes.labels[edge]!;
  const { x, y } = layout.edges[edge]!.label;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function boundsOf(points: readonly Point[]): Box {
  let [low, high] = [Infinity, -Infinity];
  for (const { y } of points) [low, high] = [Math.min(low, y), Math.max(high, y)];
  const x = points[0]!.x;
  return { x, y: low - 6, width: points.at(-1)!.x - x, height: high - low + 12 };
}

interface Boxes {
  cards: Buckets;
  edges: Buckets;
  chips: Buckets;
}

const known = new WeakMap<Layout, Boxes>();

/** Where everything of a layout is, computed once. */
export function boxesOf(plan: Plan): Boxes {
  const { layout, program, sizes } = plan;
  let found = known.get(layout);
  if (!found) {
    found = {
      cards: bucketsOf(layout.nodes.map((at, index) => cardBox(plan, program.names[index]!, at))),
      edges: bucketsOf(layout.edges.map(({ points }) => boundsOf(points))),
      chips: bucketsOf(sizes.labels.map((_, index) => chipBox(plan, index))),
    };
    known.set(layout, found);
  }
  return found;
}

/** The node that a step is about. */
export function coreOf({ sizes, program, layout }: Plan, { activeNode }: Frame): Box | null {
  const at = activeNode === null ? undefined : program.at.get(activeNode);
  return at === undefined ? null : cardBox({ sizes }, activeNode!, layout.nodes[at]!);
}

/** What a step is about: its node, and the label its number comes from. */
export function focusOf(plan: Plan, frame: Frame): Box | null {
  const { program } = plan;
  const card = coreOf(plan, frame);
  if (!card) return null;
  const edge = frame.activeEdge === null ? undefined : program.lineAt.get(frame.activeEdge);
  return edge === undefined ? card : union(card, chipBox(plan, edge));
}

/** The node of a step with its inputs: what one must see to follow it. */
export function contextOf(plan: Plan, frame: Frame): Box | null {
  const { program, layout } = plan;
  const focus = focusOf(plan, frame);
  const inputs = program.nodes.get(frame.activeNode ?? "")?.inputs ?? [];
  return inputs.reduce<Box | null>((box, name) => {
    const at = program.at.get(name);
    return box && at !== undefined ? union(box, cardBox(plan, name, layout.nodes[at]!)) : box;
  }, focus);
}

/** Straight runs through the columns, and in the gaps bends that leave and enter level. */
export function pathOf(points: readonly Point[], shift: number): string {
  const round = (x: number) => Math.round(x * 10) / 10;
  return points
    .map((point, index) => {
      const [x, y] = [round(point.x), round(point.y + shift)];
      if (index === 0) return `M${x} ${y}`;
      const before = points[index - 1]!;
      if (Math.abs(before.y - point.y) < 0.05) return `H${x}`;
      const middle = round((before.x + point.x) / 2);
      return `C${middle} ${round(before.y + shift)} ${middle} ${y} ${x} ${y}`;
    })
    .join("");
}

export function runsOf(points: readonly Point[]): Box[] {
  return points.slice(1).flatMap((point, index) => {
    const before = points[index]!;
    const level = Math.abs(before.y - point.y) < 0.05 && point.x - before.x > 20;
    return level
      ? [{ x: before.x, y: point.y - 2 * LANE, width: point.x - before.x, height: 4 * LANE }]
      : [];
  });
}
