// From what is asked for to the trace on screen. One request at a time, the latest wins; a mistake, a lost
// connection, a slow server or a cut stream never disturbs the last good picture.

import { batch, effect } from "@preact/signals-core";
import { counterpart } from "../trace/counterpart.ts";
import type { GraphEvent, Problem, TraceEvent } from "../events.ts";
import { keepGood, keptGood } from "./keep.ts";
import { inTurn } from "../pace.ts";
import { fitting } from "../trace/request.ts";
import {
  connection,
  example,
  field,
  place,
  problems,
  progress,
  request,
  sameRequest,
  shownRequest,
  slow,
  trace,
  update,
} from "../state.ts";
import {
  fetchTrace,
  problemsOf,
  readProgram,
  Refused,
  Unreachable,
  type TraceRequest,
} from "../wire.ts";

const DEBOUNCE = 250;
const RETRY = 3000;
/** After so long a wait is worth a word. */
const PATIENCE = 400;

let running: AbortController | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The text that was read last, and its graph. */
let read: { source: string; graph: GraphEvent } | null = null;

/** Asks now, and again whenever what is asked for changes. */
export function startSession(): void {
  let before: TraceRequest | null = null;
  effect(() => {
    if (!example.value && field.source.value === null) return;
    const wanted = request.value;
    if (sameRequest(wanted, before)) return;
    const typing =
      before !== null && wanted.source !== before.source && field.source.value !== null;
    const values = before !== null && wanted.source === before.source;
    before = wanted;
    // A value that is dragged waits for the answer on its way; a new text does not.
    if (values && running && connection.peek() !== "offline") return;
    schedule(typing ? DEBOUNCE : 0);
  });
}

export function retry(): void {
  schedule(0);
}

/** Stops waiting; the picture stays, and says that it is not that of the text. */
export function cancel(): void {
  stop();
  batch(() => {
    connection.value = "cancelled";
    progress.value = null;
  });
}

function stop(): void {
  clearTimeout(timer);
  running?.abort();
  running = null;
  slow.value = false;
}

function schedule(delay: number): void {
  stop();
  timer = setTimeout(() => void run(), delay);
}

async function run(): Promise<void> {
  const mine = (running = new AbortController());
  const wanted = request.peek();
  const impatience = setTimeout(() => (slow.value = true), PATIENCE);
  if (connection.peek() !== "offline") {
    connection.value = trace.peek().length ? "busy" : "loading";
  }
  try {
    await answer(wanted, mine.signal);
  } catch (error) {
    if (!mine.signal.aborted) fail(error);
  } finally {
    clearTimeout(impatience);
    if (running === mine) finish(wanted);
  }
}

/** The request is done with; what changed in the meantime is asked for now. */
function finish(wanted: TraceRequest): void {
  running = null;
  batch(() => {
    progress.value = null;
    slow.value = false;
  });
  if (connection.peek() === "ready" && !sameRequest(wanted, request.peek())) schedule(0);
}

async function answer(wanted: TraceRequest, signal: AbortSignal): Promise<void> {
  const fit = isPlain(wanted) ? wanted : await fitted(wanted, signal);
  if (!fit) return;
  const events = await fetchTrace(
    fit,
    signal,
    (received, expected) => (progress.value = { received, expected }),
  );
  if (!signal.aborted) accept(events, wanted);
}

/** An example as it is needs no reading. */
function isPlain(wanted: TraceRequest): boolean {
  const { source, inputs, output, gradient, mode, differentiate } = wanted;
  const asked = inputs ?? output ?? gradient ?? mode ?? differentiate;
  return source === example.peek()?.source && !asked;
}

/** The request as its text allows it; null, and told, where the text is wrong. */
async function fitted(wanted: TraceRequest, signal: AbortSignal): Promise<TraceRequest | null> {
  const graph = await reading(wanted.source, signal);
  return graph && fitting(wanted, graph);
}

/** The graph of a text; null, and told, where there is none. */
async function reading(source: string, signal: AbortSignal): Promise<GraphEvent | null> {
  if (read?.source === source) return read.graph;
  const found = await readProgram(source, signal);
  if (signal.aborted) return null;
  if (found.graph && !found.problems.length) {
    read = { source, graph: found.graph };
    return found.graph;
  }
  refuse(found.problems);
  return null;
}

function accept(events: TraceEvent[], wanted: TraceRequest): void {
  const last = events.at(-1);
  const whole = last?.kind === "finished" || last?.kind === "failed";
  batch(() => {
    problems.value = last?.kind === "failed" ? [last.problem] : [];
    connection.value = whole ? "ready" : "cut";
    if (!whole && trace.peek().length) return;
    if (isOpenedOtherwise(wanted))
      update({ step: counterpart(trace.peek(), place.peek().step, events) });
    trace.value = events;
    shownRequest.value = wanted;
  });
  if (!whole) return;
  inTurn(keep);
  forgetWhatIsGone();
}

function keep(): void {
  const good = shownRequest.peek();
  if (good) keepGood(place.peek().example, good);
}

/** The same program with other groups open: the moment stays the same, its number does not. */
function isOpenedOtherwise(wanted: TraceRequest): boolean {
  const shown = shownRequest.peek();
  return (
    shown !== null && shown.source === wanted.source && String(shown.open) !== String(wanted.open)
  );
}

/** A node that was selected may be gone from the new text. */
function forgetWhatIsGone(): void {
  const first = trace.peek()[0];
  const { selection } = place.peek();
  if (first?.kind !== "graph" || selection === null) return;
  if (!first.nodes.some((node) => node.name === selection)) update({ selection: null });
}

function refuse(found: Problem[]): void {
  batch(() => {
    problems.value = found;
    connection.value = "ready";
  });
  if (!trace.peek().length) void showKept();
}

/** After a reload with a mistake in the text, the last picture that was good is shown beside it. */
async function showKept(): Promise<void> {
  const kept = keptGood(place.peek().example);
  if (!kept) return;
  const events = await fetchTrace(kept, new AbortController().signal, () => undefined);
  if (trace.peek().length || events.at(-1)?.kind !== "finished") return;
  batch(() => {
    trace.value = events;
    shownRequest.value = kept;
  });
}

function fail(error: unknown): void {
  if (error instanceof Refused) return refuse(problemsOf(error));
  if (!(error instanceof Unreachable)) throw error;
  connection.value = "offline";
  timer = setTimeout(() => void run(), RETRY);
}
