// What a learner can do to the time line: buttons, keys and the clock all come here.

import { effect } from "@preact/signals-core";
import { deckOf } from "../panels/playing.ts";
import { marked } from "../place.ts";
import { neighbour, STRIDES, type Stride } from "./moments.ts";
import {
  changed,
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

export function toggleLecture(): void {
  update({ mode: spot.peek().mode === "lecture" ? "study" : "lecture" });
}

/** Sets a bookmark at this step, or takes it away. */
export function toggleMark(): void {
  const [here, { marks }] = [step.peek(), spot.peek()];
  const without = marks.filter((mark) => mark !== here);
  update({ marks: marked(without.length < marks.length ? without : [...marks, here]) });
}

/** Goes to the bookmark of this number, from 1; nothing where there is none. */
export function recall(number: number): void {
  const mark = spot.peek().marks[number - 1];
  if (mark === undefined) return;
  pause();
  goTo(mark);
}

export function choose(name: string): void {
  pause();
  guess.value = null;
  revealed.value = false;
  update({ lesson: name, code: null, step: 0, marks: [] });
}

/** A change of the text starts anew; writing the lesson's own text again is no change. */
export function edit(code: string): void {
  pause();
  update({ code: code === lesson.peek()?.snippet ? null : code });
}

/** The explanation is shown once the lesson's run has been seen to its end, and stays. */
export function revealAtTheEnd(): void {
  effect(() => {
    const whole = run.value.events.at(-1)?.kind === "ended" && run.value.last > 0;
    const done = whole && step.value === run.value.last && !stale.value;
    if (done && !changed.value) revealed.value = true;
  });
}
