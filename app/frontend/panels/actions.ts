// What a reader can do to the time line: buttons, keys and the clock all come here.

import { marked } from "../place.ts";
import { deckOf } from "./playing.ts";
import { lastStep, place, playing, rival, speed, step, trace, update } from "../state.ts";
import { neighbour, stepCount, type StepSize } from "../timeline.ts";

export const STRIDES: readonly StepSize[] = ["event", "node", "phase"];

/** Of two runs beside each other, the longer one has the steps. */
function next(direction: 1 | -1, size: StepSize): number {
  const [one, other] = [trace.peek(), rival.peek()];
  const events = stepCount(other) > stepCount(one) ? other : one;
  return neighbour(events, step.peek(), size, direction);
}

let clockIsHere = true;

/** Of two windows of one lecture, one has the clock. */
export function setClock(here: boolean): void {
  clockIsHere = here;
}

export const { goTo, move, first, last, play, pause, togglePlay, changeSpeed } = deckOf<StepSize>({
  at: () => step.peek(),
  count: () => lastStep.peek(),
  put(target) {
    if (target !== place.peek().step) update({ step: target });
  },
  next,
  size: () => place.peek().stride,
  playing,
  speed,
  clockIsHere: () => clockIsHere,
});

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
