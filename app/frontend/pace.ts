// Steps that follow each other quickly leave no time to read. The picture shows each of them; what tells of a step in
// words and formulas waits for a free moment and then tells the latest.

import { effect, signal } from "@preact/signals-core";
import { frame } from "./state.ts";

/** Moments closer together than this, in milliseconds, are quick. */
const QUICK = 160;
/** No turn waits longer than this for a free moment. */
const PATIENCE = 300;
/** A free moment shorter than this, in milliseconds, has no room for a turn. */
const ENOUGH = 8;

/** A slow machine is not to be taken for a slow reader: time counts from when the moment before was painted. */
const painted = (act: () => void) =>
  "requestAnimationFrame" in globalThis && requestAnimationFrame(() => setTimeout(act));

/** Says of each moment whether it follows the one before it quickly; of the same moment, the same again. */
export function createTempo(
  now: () => number = () => performance.now(),
  afterwards: (act: () => void) => unknown = painted,
) {
  let known: unknown;
  let since = -Infinity;
  let quick = false;
  return (moment: unknown): boolean => {
    const elapsed = now() - since;
    if (moment !== known) {
      quick = known !== undefined && elapsed < QUICK;
      [known, since] = [moment, now()];
      afterwards(() => (since = now()));
      return quick;
    }
    return quick && elapsed < QUICK;
  };
}

export interface FreeMoment {
  /** Nothing can be waited for any longer. */
  readonly didTimeout: boolean;
  timeRemaining(): number;
}
type Wait = (act: (free: FreeMoment) => void) => unknown;

/** Acts that take turns: as many in a free moment as it has room for, one where there is none. Each waits once. */
export function createTurns(wait: Wait, onRest: (resting: boolean) => void = () => undefined) {
  const waiting = new Set<() => void>();
  let asked = false;
  const serve = (free: FreeMoment): void => {
    let late = free.didTimeout;
    for (const next of [...waiting]) {
      if (!late && free.timeRemaining() < ENOUGH) break;
      late = false;
      waiting.delete(next);
      next();
    }
    asked = waiting.size > 0;
    if (asked) wait(serve);
    else onRest(true);
  };
  return (act: () => void): void => {
    waiting.add(act);
    if (asked) return;
    asked = true;
    onRest(false);
    wait(serve);
  };
}

/** Not every browser tells of its free moments. */
const whenFree: Wait = (act) =>
  "requestIdleCallback" in globalThis
    ? requestIdleCallback(act, { timeout: PATIENCE })
    : setTimeout(() => act({ didTimeout: true, timeRemaining: () => 0 }), 30);

/** Whether all that waits for a free moment has had it. */
export const resting = signal(true);

export const inTurn = createTurns(whenFree, (now) => (resting.value = now));

const tempo = createTempo();

/** Whether the step on screen came quickly after the one before. */
export function isQuick(): boolean {
  return tempo(frame.peek());
}

/**
 * An effect that waits for its turn where steps are quick; then it sees everything as it is by then. It does not wait
 * with what the reader does to it: a change of `urgent`.
 */
export function calmly(draw: () => void, urgent: () => unknown = () => null): void {
  const turn = signal(0);
  let late = false;
  let drawn: unknown;
  const serve = () => {
    if (late) turn.value++;
  };
  effect(() => {
    void turn.value;
    const wanted = urgent();
    if (!late && isQuick() && wanted === drawn) {
      late = true;
      inTurn(serve);
      return;
    }
    late = false;
    drawn = wanted;
    draw();
  });
}
