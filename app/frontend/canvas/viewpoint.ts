// Where the reader looks, as a link says it: the point of the picture in the middle of the window, and how large.
// So the same part is seen in a window of another size.

import { effect, untracked } from "@preact/signals-core";
import type { View } from "../scene/camera.ts";
import { camera, place, update, viewport } from "../state.ts";

interface Size {
  width: number;
  height: number;
}

export function writeView({ x, y, zoom }: View, { width, height }: Size): string {
  const middle = [(width / 2 - x) / zoom, (height / 2 - y) / zoom].map(Math.round);
  return [...middle, Math.round(zoom * 1000) / 1000].join(",");
}

export function readView(text: string, { width, height }: Size): View | null {
  const [across, down, zoom] = text.split(",").map(Number);
  if (![across, down, zoom].every(Number.isFinite) || !(zoom! >= 0.05 && zoom! <= 8)) return null;
  return { zoom: zoom!, x: width / 2 - across! * zoom!, y: height / 2 - down! * zoom! };
}

/** Takes the view of the address, once the size of the window is known; from then on writes it there. */
export function followCamera(): void {
  let taken = false;
  effect(() => {
    const size = viewport.value;
    const { manual } = camera.value;
    if (!size.width) return;
    untracked(() => {
      const { view, step } = place.value;
      if (!taken && view !== null) camera.value = { manual: readView(view, size), step };
      else if (taken || manual) update({ view: manual && writeView(manual, size) });
      taken = true;
    });
  });
}
