// Going through steps and playing them: what buttons, keys and the clock of every page do.

import type { Signal } from "@preact/signals-core";
import { createPlayer, nextSpeed } from "../player.ts";

/** Steps a second at speed 1: time enough to read one. */
const PACE = 0.8;

export interface Steps<Size> {
  /** Where one is, and how many steps there are. */
  at(): number;
  count(): number;
  put(step: number): void;
  /** The next place in a direction, for a size of step. */
  next(direction: 1 | -1, size: Size): number;
  /** How far one step goes now. */
  size(): Size;
  readonly playing: Signal<boolean>;
  readonly speed: Signal<number>;
  /** Whether the clock runs in this window. */
  clockIsHere(): boolean;
}

export interface Deck<Size> {
  goTo(target: number): void;
  move(direction: 1 | -1, size?: Size): void;
  first(): void;
  last(): void;
  play(): void;
  pause(): void;
  togglePlay(): void;
  changeSpeed(direction: 1 | -1): void;
}

export function deckOf<Size>(steps: Steps<Size>): Deck<Size> {
  const { playing, speed } = steps;
  const goTo = (target: number) => {
    steps.put(Math.min(Math.max(0, Math.trunc(target) || 0), steps.count()));
  };
  const pause = () => void (playing.value = false);
  const halt = (target: number) => (pause(), goTo(target));
  const play = playFrom(steps, goTo, pause);
  return {
    goTo,
    move: (direction, size = steps.size()) => halt(steps.next(direction, size)),
    first: () => halt(0),
    last: () => halt(steps.count()),
    play,
    pause,
    togglePlay: () => (playing.peek() ? pause() : play()),
    changeSpeed: (direction) => void (speed.value = nextSpeed(speed.peek(), direction)),
  };
}

function playFrom<Size>(steps: Steps<Size>, goTo: Deck<Size>["goTo"], pause: () => void) {
  const wake = createPlayer({
    pace: PACE,
    isPlaying: () => steps.playing.peek(),
    speed: () => steps.speed.peek(),
    advance() {
      goTo(steps.next(1, steps.size()));
      return steps.at() < steps.count();
    },
    stop: pause,
  });
  return () => {
    if (steps.count() === 0) return;
    if (steps.at() >= steps.count()) goTo(0);
    steps.playing.value = true;
    if (steps.clockIsHere()) wake();
  };
}
