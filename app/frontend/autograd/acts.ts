// What a learner can do to the time line: buttons, keys and the clock all come here.

import { effect } from "@preact/signals-core";
import { createPlayer, nextSpeed } from "../player.ts";
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

/** Moments a second at speed 1: time enough to read one. */
const PACE = 0.8;

export function goTo(target: number): void {
  const next = Math.min(Math.max(0, Math.trunc(target) || 0), run.peek().last);
  if (next !== spot.peek().step) update({ step: next });
}

function next(direction: 1 | -1, size: Stride): number {
  const { events, moments } = run.peek();
  return neighbour(events, moments, step.peek(), size, direction);
}

export function move(direction: 1 | -1, size: Stride = spot.peek().stride): void {
  pause();
  goTo(next(direction, size));
}

export function first(): void {
  pause();
  goTo(0);
}

export function last(): void {
  pause();
  goTo(run.peek().last);
}

export function nextStride(): void {
  const place = STRIDES.indexOf(spot.peek().stride);
  update({ stride: STRIDES[(place + 1) % STRIDES.length]! });
}

const wake = createPlayer({
  pace: PACE,
  isPlaying: () => playing.peek(),
  speed: () => speed.peek(),
  advance() {
    goTo(next(1, spot.peek().stride));
    return step.peek() < run.peek().last;
  },
  stop: pause,
});

export function play(): void {
  if (run.peek().last === 0) return;
  if (step.peek() >= run.peek().last) goTo(0);
  playing.value = true;
  wake();
}

export function pause(): void {
  playing.value = false;
}

export function togglePlay(): void {
  if (playing.peek()) pause();
  else play();
}

export function changeSpeed(direction: 1 | -1): void {
  speed.value = nextSpeed(speed.peek(), direction);
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
