// Dragging a number sideways changes it: a pixel is a step, ten with Shift, a tenth with Alt.

import { endEdit } from "../editor/edit.ts";
import { nudge, rangeOf } from "./numbers.ts";

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
  const stop = new AbortController();
  const { signal } = stop;
  const drag = follow(event.clientX, scrub);
  const end = () => {
    stop.abort();
    finish(element, scrub, drag.moved);
  };
  element.setPointerCapture(event.pointerId);
  element.addEventListener("pointermove", drag.move, { signal });
  element.addEventListener("pointerup", end, { signal });
  element.addEventListener("pointercancel", end, { signal });
}

function follow(start: number, scrub: Scrub) {
  const step = scrub.step ?? rangeOf(scrub.value).step;
  let last = start;
  let steps = 0;
  const drag = {
    moved: false,
    move(now: PointerEvent): void {
      if (!drag.moved && Math.abs(now.clientX - start) < THRESHOLD) return;
      drag.moved = true;
      document.documentElement.dataset["scrubbing"] = "true";
      steps += (now.clientX - last) * (now.shiftKey ? 10 : now.altKey ? 0.1 : 1);
      last = now.clientX;
      scrub.change(nudge(scrub.value, Math.round(steps), step));
    },
  };
  return drag;
}

function finish(element: HTMLElement, scrub: Scrub, moved: boolean): void {
  delete document.documentElement.dataset["scrubbing"];
  if (!moved) return scrub.click?.();
  endEdit();
  swallowClick(element);
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
