// Boxes by where they are, so that what is in view is found without looking at everything.

import type { Box } from "./camera.ts";

const SIDE = 512;

export interface Buckets {
  boxes: readonly Box[];
  cells: Map<number, number[]>;
}

const cellOf = (column: number, row: number) => (column + 4096) * 2 ** 20 + row + 4096;

function* cellsOf({ x, y, width, height }: Box): Generator<number> {
  const [right, bottom] = [Math.floor((x + width) / SIDE), Math.floor((y + height) / SIDE)];
  for (let column = Math.floor(x / SIDE); column <= right; column++)
    for (let row = Math.floor(y / SIDE); row <= bottom; row++) yield cellOf(column, row);
}

export function bucketsOf(boxes: readonly Box[]): Buckets {
  const cells = new Map<number, number[]>();
  boxes.forEach((box, index) => {
    for (const cell of cellsOf(box)) {
      const found = cells.get(cell);
      if (found) found.push(index);
      else cells.set(cell, [index]);
    }
  });
  return { boxes, cells };
}

/** Which boxes meet the window, in their order. */
export function within({ boxes, cells }: Buckets, window: Box): number[] {
  const wide = (window.width / SIDE + 2) * (window.height / SIDE + 2) > cells.size;
  const meets = (index: number) => meet(window, boxes[index]!);
  if (wide) return [...boxes.keys()].filter(meets);
  const seen = new Set<number>();
  for (const cell of cellsOf(window))
    for (const index of cells.get(cell) ?? []) if (meets(index)) seen.add(index);
  return [...seen].sort((a, b) => a - b);
}

export function meet(a: Box, b: Box): boolean {
  return (
    b.x <= a.x + a.width && a.x <= b.x + b.width && b.y <= a.y + a.height && a.y <= b.y + b.height
  );
}
