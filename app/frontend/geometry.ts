// Where marks are: boxes of cards and labels, paths of edges, what a step is about.

import { union, type Box } from "./camera.ts";
import type { Layout, Point } from "./layout.ts";
import type { Program } from "./program.ts";
import type { Sizes } from "./size.ts";
import type { Frame } from "./timeline.ts";

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
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y: y - 6, width: Math.max(...xs) - x, height: Math.max(...ys) - y + 12 };
}

const bounds = new WeakMap<Layout, Box[]>();

/** The boxes of all edges of a layout, computed once. */
export function edgeBounds(layout: Layout): Box[] {
  let found = bounds.get(layout);
  if (!found) {
    found = layout.edges.map(({ points }) => boundsOf(points));
    bounds.set(layout, found);
  }
  return found;
}

export function inWindow(window: Box | null, box: Box): boolean {
  return (
    !window ||
    (box.x <= window.x + window.width &&
      window.x <= box.x + box.width &&
      box.y <= window.y + window.height &&
      window.y <= box.y + box.height)
  );
}

/** What a step is about: its node, and the label its number comes from. */
export function focusOf({ program, layout, sizes }: Plan, frame: Frame): Box | null {
  const name = frame.activeNode;
  const at = name === null ? -1 : [...program.nodes.keys()].indexOf(name);
  if (name === null || at < 0) return null;
  const card = cardBox({ sizes }, name, layout.nodes[at]!);
  const edge = frame.activeEdge === null ? -1 : [...program.edges.keys()].indexOf(frame.activeEdge);
  return edge < 0 ? card : union(card, chipBox({ sizes, layout }, edge));
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
