// What a reader can do to the time line: buttons, keys and the clock all come here.

import { createPlayer, nextSpeed } from "../player.ts";
import { marked } from "../place.ts";
import { lastStep, place, playing, rival, speed, step, trace, update } from "../state.ts";
import { neighbour, stepCount, type StepSize } from "../timeline.ts";

/** Steps a second at speed 1: time enough to read a step. */
const PACE = 0.8;

export const STRIDES: readonly StepSize[] = ["event", "node", "phase"];

export function goTo(target: number): void {
  const next = Math.min(Math.max(0, Math.trunc(target) || 0), lastStep.peek());
  if (next !== place.peek().step) update({ step: next });
}

/** By the chosen size of a step, or by this one. */
export function move(direction: 1 | -1, size: StepSize = place.peek().stride): void {
  pause();
  goTo(next(direction, size));
}

/** Of two runs beside each other, the longer one has the steps. */
function next(direction: 1 | -1, size: StepSize): number {
  const [one, other] = [trace.peek(), rival.peek()];
  const events = stepCount(other) > stepCount(one) ? other : one;
  return neighbour(events, step.peek(), size, direction);
}

export function first(): void {
  pause();
  goTo(0);
}

export function last(): void {
  pause();
  goTo(lastStep.peek());
}

/** Sets a bookmark at this step, or takes it away. */
export function toggleMark(): void {
  const [here, marks] = [step.peek(), place.peek().marks];
  const without = marks.filter((mark) => mark !== here);
  update({ marks: marked(without.length < marks.length ? without : [...marks, here]) });
}

/** Goes to the bookmark of this number, from 1; nothing where there is none. */
export function recall(number: number): void {
  const mark = place.peek().marks[number - 1];
  if (mark === undefined) return;
  pause();
  goTo(mark);
}

const wake = createPlayer({
  pace: PACE,
  isPlaying: () => playing.peek(),
  speed: () => speed.peek(),
  advance() {
    goTo(next(1, place.peek().stride));
    return step.peek() < lastStep.peek();
  },
  stop: pause,
});

let clockIsHere = true;

/** Of two windows of one lecture, one has the clock. */
export function setClock(here: boolean): void {
  clockIsHere = here;
}

export function play(): void {
  if (lastStep.peek() === 0) return;
  if (step.peek() >= lastStep.peek()) goTo(0);
  playing.value = true;
  if (clockIsHere) wake();
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
