// From the text to its run. One request at a time, the latest wins; a mistake or a lost connection leaves the last
// good picture in place.

import { batch, effect } from "@preact/signals-core";
import { fetchRun, problemsOf, Refused, Unreachable } from "../wire.ts";
import { Run } from "./run.ts";
import { connection, lessons, problems, run, shown, spot, text } from "./store.ts";

const DEBOUNCE = 300;
const RETRY = 3000;

let asking: AbortController | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export function startSession(): void {
  let before: string | null = null;
  effect(() => {
    if (!lessons.value.length && spot.value.code === null) return;
    const wanted = text.value;
    if (wanted === before) return;
    schedule(before !== null && spot.value.code !== null ? DEBOUNCE : 0);
    before = wanted;
  });
}

export function retry(): void {
  schedule(0);
}

function schedule(delay: number): void {
  clearTimeout(timer);
  asking?.abort();
  timer = setTimeout(() => void ask(), delay);
}

async function ask(): Promise<void> {
  const own = (asking = new AbortController());
  const wanted = text.peek();
  connection.value = "waiting";
  try {
    const events = await fetchRun(wanted, own.signal);
    batch(() => {
      run.value = new Run(events);
      shown.value = wanted;
      problems.value = [];
      connection.value = "idle";
    });
  } catch (error) {
    if (own.signal.aborted) return;
    fail(error, wanted);
  }
}

function fail(error: unknown, wanted: string): void {
  if (error instanceof Refused) {
    batch(() => {
      problems.value = problemsOf(error);
      connection.value = "idle";
    });
    return;
  }
  if (!(error instanceof Unreachable)) throw error;
  connection.value = "offline";
  if (wanted === text.peek()) schedule(RETRY);
}
