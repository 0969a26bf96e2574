// What was on the picture before keeps its order: heights of old nodes and edges sort the columns, and what is new is
// put between its neighbours.

import type { Grid } from "../layout.ts";

/** Rounds in which a new item learns where its neighbours are. */
const ROUNDS = 4;

/** Sorts the columns by the picture before; tells which items were in it. Null where too little was. */
export function orderAsBefore(grid: Grid): Uint8Array | null {
  const { nodes, edges } = grid.input;
  const known = nodes.filter(({ seed }) => seed !== undefined).length;
  if (known < Math.max(1, nodes.length / 4)) return null;
  const old = new Uint8Array(grid.layerOf.length);
  const height = new Float64Array(grid.layerOf.length).fill(NaN);
  const remember = (item: number, seed: number | undefined) => {
    if (seed === undefined) return;
    height[item] = seed;
    old[item] = 1;
  };
  nodes.forEach(({ seed }, node) => remember(node, seed));
  edges.forEach(({ seed }, edge) => {
    for (let link = grid.firstLink[edge]!; link < grid.firstLink[edge + 1]! - 1; link++)
      remember(grid.links.to[link]!, seed);
  });
  for (let round = 0; round < ROUNDS; round++) guess(grid, height, old);
  for (const layer of grid.layers) layer.sort((a, b) => at(height, a) - at(height, b) || a - b);
  return old;
}

function at(height: Float64Array, item: number): number {
  return Number.isNaN(height[item]!) ? 0 : height[item]!;
}

/** What is new stands at the mean of its neighbours, as far as these are known. */
function guess(grid: Grid, height: Float64Array, old: Uint8Array): void {
  const { from, to, out, into } = grid.links;
  height.forEach((_, item) => {
    if (old[item]) return;
    let [sum, count] = [0, 0];
    const take = (neighbour: number, shift: number) => {
      if (Number.isNaN(height[neighbour]!)) return;
      sum += height[neighbour]! + shift;
      count++;
    };
    for (const link of grid.linksBefore[item]!) take(from[link]!, out[link]! - into[link]!);
    for (const link of grid.linksAfter[item]!) take(to[link]!, into[link]! - out[link]!);
    if (count) height[item] = sum / count;
  });
}
