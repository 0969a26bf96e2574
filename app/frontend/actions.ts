// What a reader can do to the time line: buttons, keys and the clock all come here.

import { createPlayer, nextSpeed } from "./player.ts";
import { place, playing, speed, step, trace, update } from "./state.ts";
import { clampStep, neighbour, stepCount, type StepSize } from "./timeline.ts";

/** Steps a second at speed 1: time enough to read a step. */
const PACE = 0.8;

export function goTo(target: number): void {
  const next = clampStep(trace.peek(), target);
  if (next !== place.peek().step) update({ step: next });
}

export function move(size: StepSize, direction: 1 | -1): void {
  pause();
  goTo(neighbour(trace.peek(), step.peek(), size, direction));
}

export function first(): void {
  pause();
  goTo(0);
}

export function last(): void {
  pause();
  goTo(stepCount(trace.peek()));
}

const wake = createPlayer({
  pace: PACE,
  isPlaying: () => playing.peek(),
  speed: () => speed.peek(),
  advance() {
    goTo(step.peek() + 1);
    return step.peek() < stepCount(trace.peek());
  },
  stop: pause,
});

export function play(): void {
  if (stepCount(trace.peek()) === 0) return;
  if (step.peek() >= stepCount(trace.peek())) goTo(0);
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

export function toggleFullScreen(): void {
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen();
  // A browser may refuse, as in a frame that was not allowed to: then nothing happens.
  change.catch(() => undefined);
}

export function changeSpeed(direction: 1 | -1): void {
  speed.value = nextSpeed(speed.peek(), direction);
}
