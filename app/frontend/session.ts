// From source text to the trace on screen: asks the server while one types, and never lets a mistake, a lost
// connection or a cut stream disturb the last good picture.

import { batch, effect } from "@preact/signals-core";
import {
  connection,
  example,
  field,
  place,
  problem,
  progress,
  sourceText,
  trace,
  update,
} from "./state.ts";
import { fetchTrace, Refused, Unreachable } from "./wire.ts";

const DEBOUNCE = 250;
const RETRY = 3000;

let running: AbortController | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Runs now, and again whenever the text or the output changes. */
export function startSession(): void {
  let before: string | null = null;
  effect(() => {
    if (!example.value && field.source.value === null) return;
    const wanted = JSON.stringify([sourceText.value, field.output.value]);
    if (wanted === before) return;
    const typing = before !== null && field.source.value !== null;
    before = wanted;
    schedule(typing ? DEBOUNCE : 0);
  });
}

export function retry(): void {
  schedule(0);
}

function schedule(delay: number): void {
  clearTimeout(timer);
  running?.abort();
  timer = setTimeout(() => void run(), delay);
}

async function run(): Promise<void> {
  const mine = (running = new AbortController());
  connection.value = trace.peek().length ? "busy" : "loading";
  const request = { source: sourceText.peek(), output: place.peek().output };
  try {
    const events = await fetchTrace(
      request,
      mine.signal,
      (received, expected) => (progress.value = { received, expected }),
    );
    if (!mine.signal.aborted) accept(events);
  } catch (error) {
    if (!mine.signal.aborted) refuse(error);
  } finally {
    if (!mine.signal.aborted) progress.value = null;
  }
}

function accept(events: Awaited<ReturnType<typeof fetchTrace>>): void {
  const last = events.at(-1);
  const whole = last?.kind === "finished" || last?.kind === "failed";
  batch(() => {
    problem.value = last?.kind === "failed" ? last.problem : null;
    connection.value = whole ? "ready" : "cut";
    if (whole || !trace.peek().length) trace.value = events;
  });
  if (whole) forgetWhatIsGone();
}

/** A node that was selected may be gone from the new text. */
function forgetWhatIsGone(): void {
  const first = trace.peek()[0];
  const { selection } = place.peek();
  if (first?.kind !== "graph" || selection === null) return;
  if (!first.nodes.some((node) => node.name === selection)) update({ selection: null });
}

function refuse(error: unknown): void {
  if (error instanceof Refused) {
    batch(() => {
      problem.value = error.problem;
      connection.value = "ready";
    });
    return;
  }
  if (!(error instanceof Unreachable)) throw error;
  connection.value = "offline";
  schedule(RETRY);
}
