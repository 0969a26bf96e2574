// Into the picture of quick steps a few new marks come with each frame, what the step is about before all. The rest
// follows with the next steps, or when there is rest.

import type { CardMark, Scene } from "../scene.ts";
import type { Point } from "../layout.ts";

/** So many new ones a frame: to make them takes longer than anything else. */
const MOST = { cards: 6, chips: 16, edges: 24 };

/** The scene with no more new marks than can be made in a frame; `at`: what the step is about. */
export function gradually(scene: Scene, before: Scene, at: Point): Scene {
  const away = ({ x, y, size }: CardMark) =>
    Math.hypot(x + size.width / 2 - at.x, y + size.height / 2 - at.y);
  return {
    ...scene,
    cards: some(scene.cards, before.cards, MOST.cards, ({ node }) => node.name, away),
    chips: some(scene.chips, before.chips, MOST.chips, keyOf),
    edges: some(scene.edges, before.edges, MOST.edges, keyOf),
  };
}

const keyOf = ({ key }: { key: string }) => key;

function some<T>(
  marks: T[],
  before: readonly T[],
  most: number,
  keyOf: (mark: T) => string,
  away: (mark: T) => number = () => 0,
): T[] {
  const known = new Set(before.map(keyOf));
  const fresh = marks.filter((mark) => !known.has(keyOf(mark)));
  if (fresh.length <= most) return marks;
  const distances = new Map(fresh.map((mark) => [mark, away(mark)]));
  fresh.sort((a, b) => distances.get(a)! - distances.get(b)!);
  const late = new Set(fresh.slice(most));
  return marks.filter((mark) => !late.has(mark));
}
