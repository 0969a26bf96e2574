// The pass that gives every item its height: each column is moved, as a whole and optimally, to where its
// neighbours pull it (least squares under the order and the spacing), and the columns take turns.

import type { Grid } from "../layout.ts";

const SPACE = 20;

export function placeRows(grid: Grid): void {
  stack(grid);
  const rounds = grid.layerOf.length > 20_000 ? 4 : grid.layerOf.length > 2_000 ? 12 : 60;
  const columns = grid.layers.map((_, column) => column);
  for (let round = 0; round < rounds; round++) {
    const sides = round < 2 ? "one" : "both";
    for (const column of columns) settle(grid, column, sides === "one" ? "before" : "both");
    for (const column of columns.toReversed())
      settle(grid, column, sides === "one" ? "after" : "both");
  }
  straighten(grid);
}

/** Gives an edge that crosses several columns one height in as many of them as its neighbours allow. */
function straighten(grid: Grid): void {
  const place = new Int32Array(grid.layerOf.length);
  for (const layer of grid.layers) layer.forEach((item, index) => (place[item] = index));
  grid.input.edges.forEach((_, edge) => {
    const [first, end] = [grid.firstLink[edge]!, grid.firstLink[edge + 1]!];
    const boxes = Array.from(grid.links.to.subarray(first, end - 1));
    for (let from = 0; from < boxes.length;)
      from = levelRun(grid, place, boxes, from, [first, end]);
  });
}

/** Levels the longest run of boxes that begins here and can have one height; returns where it ends. */
function levelRun(
  grid: Grid,
  place: Int32Array,
  boxes: number[],
  from: number,
  [first, end]: [number, number],
): number {
  let [low, high] = [-Infinity, Infinity];
  let until = from;
  for (; until < boxes.length; until++) {
    const box = boxes[until]!;
    const layer = grid.layers[grid.layerOf[box]!]!;
    const [upper, lower] = [layer[place[box]! - 1], layer[place[box]! + 1]];
    const least = upper === undefined ? low : grid.y[upper]! + distance(grid, upper, box);
    const most = lower === undefined ? high : grid.y[lower]! - distance(grid, box, lower);
    if (until > from && Math.max(low, least) > Math.min(high, most)) break;
    [low, high] = [Math.max(low, least), Math.min(high, most)];
  }
  const run = boxes.slice(from, until);
  const whole = run.length === boxes.length;
  const mean = run.reduce((sum, box) => sum + grid.y[box]!, 0) / run.length;
  const target = whole ? straightest(grid, first, end, boxes) : mean;
  if (low <= high) for (const box of run) grid.y[box] = Math.min(Math.max(target, low), high);
  return until;
}

/** The height of a dock where that nearly is the edge's own: then one bend is saved. */
function straightest(grid: Grid, first: number, end: number, boxes: number[]): number {
  const mean = boxes.reduce((sum, box) => sum + grid.y[box]!, 0) / boxes.length;
  const docks = [
    grid.y[grid.links.from[first]!]! + grid.links.out[first]!,
    grid.y[grid.links.to[end - 1]!]! + grid.links.into[end - 1]!,
  ];
  return docks.find((dock) => Math.abs(dock - mean) < 16) ?? mean;
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
function pull(
  grid: Grid,
  item: number,
  side: "before" | "after" | "both",
): { at: number; weight: number } {
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
    for (
      let last = blocks.at(-1);
      last && last.sum / last.weight >= block.sum / block.weight;
      last = blocks.at(-1)
    ) {
      block = {
        sum: last.sum + block.sum,
        weight: last.weight + block.weight,
        count: last.count + block.count,
      };
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
