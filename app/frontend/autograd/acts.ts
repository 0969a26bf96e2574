// What a learner can do to the time line: buttons, keys and the clock all come here.

import { effect } from "@preact/signals-core";
import { deckOf } from "../panels/playing.ts";
import { neighbour, STRIDES, type Stride } from "./moments.ts";
import {
  guess,
  lesson,
  playing,
  revealed,
  run,
  speed,
  spot,
  stale,
  step,
  update,
} from "./store.ts";

function next(direction: 1 | -1, size: Stride): number {
  const { events, moments } = run.peek();
  return neighbour(events, moments, step.peek(), size, direction);
}

export const { goTo, move, first, last, play, pause, togglePlay, changeSpeed } = deckOf<Stride>({
  at: () => step.peek(),
  count: () => run.peek().last,
  put(target) {
    if (target !== spot.peek().step) update({ step: target });
  },
  next,
  size: () => spot.peek().stride,
  playing,
  speed,
  clockIsHere: () => true,
});

export function nextStride(): void {
  const place = STRIDES.indexOf(spot.peek().stride);
  update({ stride: STRIDES[(place + 1) % STRIDES.length]! });
}

export function toggleWords(): void {
  update({ words: spot.peek().words === "torch" ? "symbols" : "torch" });
}

export function choose(name: string): void {
  pause();
  guess.value = null;
  revealed.value = false;
  update({ lesson: name, code: null, step: 0 });
}

/** A change of the text starts anew; writing the lesson's own text again is no change. */
export function edit(code: string): void {
  pause();
  update({ code: code === lesson.peek()?.snippet ? null : code });
}

/** The explanation is shown once the run has been seen to its end, and stays. */
export function revealAtTheEnd(): void {
  effect(() => {
    const whole = run.value.events.at(-1)?.kind === "ended" && run.value.last > 0;
    const done = whole && step.value === run.value.last && !stale.value;
    if (done) revealed.value = true;
  });
}
