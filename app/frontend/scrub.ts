// Dragging a number sideways changes it: a pixel is a step, ten with Shift, a tenth with Alt.

import { endEdit } from "./edit.ts";
import { nudge, rangeOf } from "./leaf.ts";

export interface Scrub {
  value: number;
  /** What one pixel is worth; by default it follows from the value. */
  step?: number;
  change(value: number): void;
  /** The pointer went down and up without moving. */
  click?(): void;
}

/** Pixels before a press becomes a drag. */
const THRESHOLD = 3;

/** Follows the pointer from this press on; a drag is one edit, however long. */
export function startScrub(event: PointerEvent, scrub: Scrub): void {
  if (event.button !== 0 || !Number.isFinite(scrub.value)) return;
  const element = event.currentTarget as HTMLElement;
  const step = scrub.step ?? rangeOf(scrub.value).step;
  const start = event.clientX;
  let last = start;
  let steps = 0;
  let moved = false;
  const move = (now: PointerEvent) => {
    if (!moved && Math.abs(now.clientX - start) < THRESHOLD) return;
    moved = true;
    document.documentElement.dataset["scrubbing"] = "true";
    steps += (now.clientX - last) * (now.shiftKey ? 10 : now.altKey ? 0.1 : 1);
    last = now.clientX;
    scrub.change(nudge(scrub.value, Math.round(steps), step));
  };
  const end = () => {
    stop.abort();
    delete document.documentElement.dataset["scrubbing"];
    if (moved) {
      endEdit();
      swallowClick(element);
    } else scrub.click?.();
  };
  const stop = new AbortController();
  const { signal } = stop;
  element.setPointerCapture(event.pointerId);
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", end, { signal });
  element.addEventListener("pointercancel", end, { signal });
}

/** A drag that ends on a button is no press of it. */
function swallowClick(element: HTMLElement): void {
  const stop = (event: Event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  element.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => element.removeEventListener("click", stop, { capture: true }));
}
