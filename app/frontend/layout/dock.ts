// The passes that say where on a node its edges dock.

import type { Grid } from "../layout.ts";

function spread(links: number[], offsets: Float64Array, dock: number, pitch: number): void {
  const step = links.length > 1 ? Math.min(pitch, (2 * dock) / (links.length - 1)) : 0;
  links.forEach((link, place) => {
    offsets[link] = (place - (links.length - 1) / 2) * step;
  });
}

/** Links were made edge by edge; arguments dock from top to bottom in the order of their slots. */
export function dockInputs(grid: Grid): void {
  const slotOf = new Map<number, number>();
  grid.input.edges.forEach((edge, index) => slotOf.set(grid.firstLink[index + 1]! - 1, edge.slot));
  dockAtGroups(grid);
  grid.input.nodes.forEach((node, index) => {
    const links = grid.linksBefore[index]!;
    links.sort((a, b) => slotOf.get(a)! - slotOf.get(b)!);
    if (!node.commutative && node.dock >= 0) spread(links, grid.links.into, node.dock, 26);
  });
}

/** The inside of a group says where its edges cross the frame. */
function dockAtGroups(grid: Grid): void {
  grid.input.edges.forEach(({ out, into }, index) => {
    if (out !== undefined) grid.links.out[grid.firstLink[index]!] = out;
    if (into !== undefined) grid.links.into[grid.firstLink[index + 1]! - 1] = into;
  });
}

/** Where the order of the arguments means nothing, they dock in the order that crosses least. */
export function dockCommutative(grid: Grid): void {
  const place = placeInLayer(grid);
  grid.input.nodes.forEach((node, index) => {
    if (!node.commutative) return;
    const links = grid.linksBefore[index]!;
    links.sort((a, b) => place[grid.links.from[a]!]! - place[grid.links.from[b]!]!);
    spread(links, grid.links.into, node.dock, 26);
  });
}

export function dockOutputs(grid: Grid): void {
  const place = placeInLayer(grid);
  grid.input.nodes.forEach((node, index) => {
    if (node.dock < 0) return;
    const links = grid.linksAfter[index]!;
    links.sort((a, b) => place[grid.links.to[a]!]! - place[grid.links.to[b]!]!);
    spread(links, grid.links.out, node.dock, 26);
  });
}

function placeInLayer(grid: Grid): Float64Array {
  const place = new Float64Array(grid.layerOf.length);
  for (const layer of grid.layers) layer.forEach((item, index) => (place[item] = index));
  return place;
}
