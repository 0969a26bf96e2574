// The pass that orders each column: barycentre sweeps, the best order kept, then neighbours swapped while it helps.

import type { Grid } from "../layout.ts";
import { orderAsBefore } from "./seed.ts";

type Key = Float64Array;

export function orderLayers(grid: Grid): void {
  const key = new Float64Array(grid.layerOf.length);
  const old = orderAsBefore(grid);
  writeKeys(grid, key);
  if (old) {
    for (let round = 0; round < 4; round++) swapNeighbours(grid, key, old);
    return;
  }
  const rounds = grid.layerOf.length > 20_000 ? 3 : grid.layerOf.length > 2_000 ? 8 : 16;
  let best = grid.layers.map((layer) => [...layer]);
  let fewest = crossings(grid, key);
  for (let round = 0; round < rounds && fewest > 0; round++) {
    sweep(grid, key, round % 2 === 0);
    if (grid.layerOf.length <= 2_000) swapNeighbours(grid, key);
    const now = crossings(grid, key);
    if (now < fewest) {
      fewest = now;
      best = grid.layers.map((layer) => [...layer]);
    }
  }
  grid.layers = best;
}

function writeKeys(grid: Grid, key: Key): void {
  for (const layer of grid.layers) layer.forEach((item, place) => (key[item] = place));
}

/** Where a link ends, as a place in its column; docks on one node differ by less than one place. */
function outKey(grid: Grid, key: Key, link: number): number {
  return key[grid.links.from[link]!]! + grid.links.out[link]! * 1e-4;
}

function inKey(grid: Grid, key: Key, link: number): number {
  return key[grid.links.to[link]!]! + grid.links.into[link]! * 1e-4;
}

function sweep(grid: Grid, key: Key, rightwards: boolean): void {
  const count = grid.layers.length;
  for (let hop = 1; hop < count; hop++) {
    const layer = grid.layers[rightwards ? hop : count - 1 - hop]!;
    const target = new Map<number, number>();
    for (const item of layer) {
      const links = rightwards ? grid.linksBefore[item]! : grid.linksAfter[item]!;
      let sum = 0;
      for (const link of links)
        sum += rightwards ? outKey(grid, key, link) : inKey(grid, key, link);
      target.set(item, links.length ? sum / links.length : key[item]!);
    }
    layer.sort((a, b) => target.get(a)! - target.get(b)! || key[a]! - key[b]!);
    layer.forEach((item, place) => (key[item] = place));
  }
}

/** Crossings between two adjacent items of a column, in the order given. */
function pairCrossings(grid: Grid, key: Key, upper: number, lower: number): number {
  let count = 0;
  for (const a of grid.linksBefore[upper]!) {
    for (const b of grid.linksBefore[lower]!)
      count += Number(outKey(grid, key, a) > outKey(grid, key, b));
  }
  for (const a of grid.linksAfter[upper]!) {
    for (const b of grid.linksAfter[lower]!)
      count += Number(inKey(grid, key, a) > inKey(grid, key, b));
  }
  return count;
}

/** Two that were on the picture before do not change places. */
function swapNeighbours(grid: Grid, key: Key, old?: Uint8Array): void {
  for (const layer of grid.layers) {
    for (let place = 0; place + 1 < layer.length; place++) {
      const [upper, lower] = [layer[place]!, layer[place + 1]!];
      if (old?.[upper] && old[lower]) continue;
      if (pairCrossings(grid, key, lower, upper) >= pairCrossings(grid, key, upper, lower))
        continue;
      layer[place] = lower;
      layer[place + 1] = upper;
      key[lower] = place;
      key[upper] = place + 1;
    }
  }
}

/** All crossings, counted as inversions with a Fenwick tree. */
export function crossings(grid: Grid, key: Key): number {
  let total = 0;
  for (let column = 0; column + 1 < grid.layers.length; column++) {
    const links = grid.layers[column]!.flatMap((item) => grid.linksAfter[item]!);
    links.sort(
      (a, b) =>
        outKey(grid, key, a) - outKey(grid, key, b) || inKey(grid, key, a) - inKey(grid, key, b),
    );
    const ends = links.map((link) => inKey(grid, key, link));
    total += inversions(ends);
  }
  return total;
}

function inversions(values: number[]): number {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const rank = new Map(sorted.map((value, index) => [value, index + 1]));
  const tree = new Int32Array(sorted.length + 1);
  let count = 0;
  values.forEach((value, seen) => {
    let before = 0;
    for (let i = rank.get(value)!; i > 0; i -= i & -i) before += tree[i]!;
    count += seen - before;
    for (let i = rank.get(value)!; i <= sorted.length; i += i & -i) tree[i]!++;
  });
  return count;
}
