// Questions to the server about the run on screen: each is asked once, and the panels that show it follow.

import { signal, type Signal } from "@preact/signals-core";
import type { GraphEvent, Problem } from "../events.ts";
import { fitting } from "../trace/request.ts";
import { shownRequest, trace } from "../state.ts";
import { Refused, type TraceRequest } from "../wire.ts";

export type Answer<T> =
  | { state: "waiting" }
  | { state: "ready"; value: T }
  | { state: "refused"; problem: Problem | null };

const MOST = 400;
const answers = new Map<string, Signal<Answer<unknown>>>();

/** The request whose trace is on screen; null before there is one. */
export function shownRun(): TraceRequest | null {
  const request = shownRequest.value;
  const graph = trace.value[0];
  return request && graph?.kind === "graph" ? fitting(request, graph as GraphEvent) : null;
}

/** The answer to a question, which is asked when it is first looked for. */
export function answerOf<T>(
  kind: string,
  question: object,
  load: (question: object) => Promise<T>,
): Answer<T> {
  const run = shownRun();
  if (!run) return { state: "waiting" };
  const whole = { ...run, ...question };
  const key = kind + JSON.stringify(whole);
  let found = answers.get(key);
  if (!found) {
    if (answers.size > MOST) answers.clear();
    answers.set(key, (found = signal<Answer<unknown>>({ state: "waiting" })));
    void settle(key, found, load(whole));
  }
  return found.value as Answer<T>;
}

async function settle(
  key: string,
  answer: Signal<Answer<unknown>>,
  loading: Promise<unknown>,
): Promise<void> {
  try {
    answer.value = { state: "ready", value: await loading };
  } catch (error) {
    // Asked again when it is looked for again.
    if (!(error instanceof Refused)) answers.delete(key);
    answer.value = { state: "refused", problem: error instanceof Refused ? error.problem : null };
  }
}
