import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import { calmly, createTempo, createTurns, resting, type FreeMoment } from "./pace.ts";
import { frame, trace, update } from "./state.ts";
import { goldens } from "./trace/golden.ts";

const NO_TIME: FreeMoment = { didTimeout: true, timeRemaining: () => 0 };
const MUCH_TIME: FreeMoment = { didTimeout: false, timeRemaining: () => 50 };

test("a moment is quick soon after the one before, and the same moment until it is over", () => {
  let time = 1000;
  const isQuick = createTempo(() => time);
  assert.equal(isQuick("first"), false);
  time += 16;
  assert.equal(isQuick("second"), true);
  assert.equal(isQuick("second"), true);
  time += 1000;
  assert.equal(isQuick("second"), false);
  assert.equal(isQuick("third"), false);
});

test("of a slow machine the time counts from when a moment was painted", () => {
  let time = 1000;
  const paint: (() => void)[] = [];
  const isQuick = createTempo(
    () => time,
    (act) => paint.push(act),
  );
  isQuick("first");
  time += 900;
  paint.pop()!();
  time += 10;
  assert.equal(isQuick("second"), true);
});

test("turns are served one where there is no time, all where there is, and each once", () => {
  const waits: ((free: FreeMoment) => void)[] = [];
  const rests: boolean[] = [];
  const inTurn = createTurns(
    (act) => waits.push(act),
    (now) => rests.push(now),
  );
  const done: string[] = [];
  const acts = ["a", "b", "c"].map((name) => () => void done.push(name));
  for (const act of [...acts, ...acts]) inTurn(act);
  assert.equal(waits.length, 1);
  waits.pop()!({ didTimeout: false, timeRemaining: () => 1 });
  assert.deepEqual(done, []);
  waits.pop()!(NO_TIME);
  assert.deepEqual(done, ["a"]);
  inTurn(acts[0]!);
  waits.pop()!(MUCH_TIME);
  assert.deepEqual(done, ["a", "b", "c", "a"]);
  assert.deepEqual([waits.length, rests], [0, [false, true]]);
});

test("what is told of quick steps is the first at once, and then the latest", () => {
  const waits: ((free: FreeMoment) => void)[] = [];
  const idle = (act: (free: FreeMoment) => void) => waits.push(act);
  Object.assign(globalThis, { requestIdleCallback: idle });
  trace.value = goldens()[0]!.events;
  const told: (number | undefined)[] = [];
  calmly(() => void told.push(frame.value?.step));
  for (const step of [1, 2, 3, 4]) update({ step });
  assert.deepEqual(told.slice(1), []);
  assert.equal(resting.value, false);
  waits.pop()!(MUCH_TIME);
  assert.deepEqual(told.slice(1), [4]);
  assert.equal(resting.value, true);
});

test("what the reader does is told at once, however quick the steps are", () => {
  const told: [number | undefined, string][] = [];
  const pointed = signal("nothing");
  calmly(
    () => void told.push([frame.value?.step, pointed.value]),
    () => pointed.value,
  );
  for (const step of [5, 6]) update({ step });
  pointed.value = "u1";
  assert.deepEqual(told.slice(1), [[6, "u1"]]);
});
