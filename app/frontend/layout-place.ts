// The pass that gives every item its height: each column is moved, as a whole and optimally, to where its
// neighbours pull it (least squares under the order and the spacing), and the columns take turns.

import type { Grid } from "./layout.ts";

const SPACE = 20;

export function placeRows(grid: Grid): void {
  stack(grid);
  const rounds = grid.layerOf.length > 20_000 ? 4 : grid.layerOf.length > 2_000 ? 12 : 60;
  const columns = grid.layers.map((_, column) => column);
  for (let round = 0; round < rounds; round++) {
    const sides = round < 2 ? "one" : "both";
    for (const column of columns) settle(grid, column, sides === "one" ? "before" : "both");
    for (const column of columns.toReversed()) settle(grid, column, sides === "one" ? "after" : "both");
  }
}

/** A first picture: every column centred on the axis. */
function stack(grid: Grid): void {
  for (const layer of grid.layers) {
    let y = 0;
    layer.forEach((item, place) => {
      y += place ? distance(grid, layer[place - 1]!, item) : 0;
      grid.y[item] = y;
    });
    for (const item of layer) grid.y[item]! -= y / 2;
  }
}

function distance(grid: Grid, upper: number, lower: number): number {
  return grid.below[upper]! + grid.above[lower]! + SPACE;
}

/** Where the links of an item pull it, and how hard. */
function pull(grid: Grid, item: number, side: "before" | "after" | "both"): { at: number; weight: number } {
  let sum = 0;
  let weight = 0;
  const { from, to, out, into } = grid.links;
  if (side !== "after") {
    for (const link of grid.linksBefore[item]!) {
      sum += grid.links.weight[link]! * (grid.y[from[link]!]! + out[link]! - into[link]!);
      weight += grid.links.weight[link]!;
    }
  }
  if (side !== "before") {
    for (const link of grid.linksAfter[item]!) {
      sum += grid.links.weight[link]! * (grid.y[to[link]!]! + into[link]! - out[link]!);
      weight += grid.links.weight[link]!;
    }
  }
  // An item without links on this side stays, but gives way to the ones that have a reason.
  return weight ? { at: sum / weight, weight } : { at: grid.y[item]!, weight: 1e-3 };
}

/** Pool adjacent violators: the exact least-squares placement of one column. */
function settle(grid: Grid, column: number, side: "before" | "after" | "both"): void {
  const layer = grid.layers[column]!;
  const blocks: { sum: number; weight: number; count: number }[] = [];
  const offsets = new Float64Array(layer.length);
  layer.forEach((item, place) => {
    offsets[place] = place ? offsets[place - 1]! + distance(grid, layer[place - 1]!, item) : 0;
    const { at, weight } = pull(grid, item, side);
    let block = { sum: weight * (at - offsets[place]!), weight, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.weight >= block.sum / block.weight; last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  let place = 0;
  for (const block of blocks) {
    for (let i = 0; i < block.count; i++, place++) {
      grid.y[layer[place]!] = block.sum / block.weight + offsets[place]!;
    }
  }
}
