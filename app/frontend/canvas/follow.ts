// The view of quick steps: it follows them, but not so often that nothing could be seen.

import { signal } from "@preact/signals-core";
import type { View } from "../scene/camera.ts";

/** A view stays for so long while steps are quick, in milliseconds. */
const STAY = 500;

/** After so long without a step the picture is at rest, in milliseconds. */
const CALM = 170;

interface Moment {
  /** The frame that is shown, and the drawing it is shown on. */
  now: object;
  known: object;
  quick: boolean;
}

let last: Moment & { view: View; since: number } = {
  ...{ now: {}, known: {}, quick: false, since: 0 },
  view: { x: 0, y: 0, zoom: 1 },
};
let timer: ReturnType<typeof setTimeout> | undefined;

/** Counts the times at which a picture of quick steps is to be drawn at rest. */
export const followAgain = signal(0);
/** Whether a view was put off. */
export const lagging = signal(false);

/** The view to show: the one that is wished for, or while steps are quick the one before for a while. */
export function follow(wished: View, moment: Moment): View {
  const time = performance.now();
  const moved = isElsewhere(wished, last.view);
  // What the reader does by hand between two steps is followed at once.
  const stays = moment.quick && moment.known === last.known && moment.now !== last.now;
  const left = stays && moved ? last.since + STAY - time : 0;
  const kept = left > 0 || !moved ? { view: last.view, since: last.since } : null;
  last = { ...moment, ...(kept ?? { view: wished, since: time }) };
  lagging.value = left > 0;
  clearTimeout(timer);
  if (moment.quick) timer = setTimeout(() => followAgain.value++, Math.max(left, CALM));
  return last.view;
}

function isElsewhere(a: View, b: View): boolean {
  return a.x !== b.x || a.y !== b.y || a.zoom !== b.zoom;
}
