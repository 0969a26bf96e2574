// The one store. A place is mirrored to the address; the rest is of the moment.

import { batch, computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { Nested, Problem, TraceEvent } from "./events.ts";
import type { Layout } from "./layout.ts";
import { FIELDS, IN_FRAGMENT, placeFromUrl, type Place } from "./place.ts";
import { frameAt, stepCount } from "./timeline.ts";
import type { Example, TraceRequest } from "./wire.ts";

export type Connection = "loading" | "ready" | "busy" | "offline" | "cut" | "cancelled";

export interface Camera {
  /** Null lets the picture choose: all of it where that is legible, else around the active node. */
  manual: { x: number; y: number; zoom: number } | null;
  /** The step at which the reader chose it: there it is left alone, elsewhere the active node is kept in view. */
  step: number;
}

export const place = signal<Place>(placeFromUrl(new URL("http://localhost/")));
export const examples = signal<Example[]>([]);
export const trace = signal<TraceEvent[]>([]);
export const layout = signal<Layout | null>(null);
/** What is wrong with the text, the first mistake first. */
export const problems = signal<Problem[]>([]);
export const problem = computed(() => problems.value[0] ?? null);
/** The request that the trace on screen answers. */
export const shownRequest = signal<TraceRequest | null>(null);
export const connection = signal<Connection>("loading");
export const progress = signal<{ received: number; expected: number } | null>(null);
export const hovered = signal<string | null>(null);
/** The leaf whose value one is typing: the inspector stays with it. */
export const editing = signal<string | null>(null);
/** The node of the line that the text cursor is in. */
export const caretNode = signal<string | null>(null);
/** A request has been on its way for so long that it is worth a word. */
export const slow = signal(false);
export const playing = signal(false);
export const speed = signal(1);
export const camera = signal<Camera>({ manual: null, step: 0 });
export const viewport = signal({ width: 0, height: 0 });
/** The projected page is black, so that all look at the one who speaks. */
export const blanked = signal(false);
export const helpOpen = signal(false);
/** Keys that are characters can be turned off, for those who speak to their computer (WCAG 2.1.4). */
export const characterKeys = signal(true);

export function update(patch: Partial<Place>): void {
  batch(() => (place.value = { ...place.value, ...patch }));
}

/** Each field for itself: who reads one is not disturbed by the others, least of all by the step. */
export const field = Object.fromEntries(
  (Object.keys(FIELDS) as (keyof Place)[]).map((name) => [name, computed(() => place.value[name])]),
) as { [K in keyof Place]: ReadonlySignal<Place[K]> };

export const example = computed(
  () =>
    examples.value.find(({ name }) => name === field.example.value) ?? examples.value[0] ?? null,
);

/** A link of which a part could not be read, and the place that it was read as. */
export const damaged = signal<{ part: "program" | "values"; found: Place } | null>(null);

/** What the link has lost; of no interest once the reader writes or chooses. */
export const unread = computed(() => {
  const [link, here] = [damaged.value, place.value];
  const kept = ["example", ...IN_FRAGMENT] as (keyof Place)[];
  return link && kept.every((name) => here[name] === link.found[name]) ? link.part : null;
});

/** The text in the box: the reader's own, or the example's. */
export const sourceText = computed(() => field.source.value ?? example.value?.source ?? "");

/** The weight vector v of the run; an example's own goes with the example's own output. */
export const weights = computed<Nested | null>(() => {
  const own = field.output.value === null ? (example.value?.gradient ?? null) : null;
  const asked = field.gradient.value ?? own;
  return asked === "none" ? null : asked;
});

/** What is asked for: everything that the trace depends on. */
export const request = computed<TraceRequest>(() => ({
  source: sourceText.value,
  inputs: field.inputs.value,
  output: field.output.value,
  gradient: weights.value,
  dtype: field.dtype.value,
  device: field.device.value,
  open: field.open.value,
  ...(field.sweep.value === "forward" && { mode: "forward", tangents: field.tangents.value }),
  ...(field.wrt.value.length && { differentiate: field.wrt.value }),
}));

export function sameRequest(a: TraceRequest | null, b: TraceRequest | null): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

export type Staleness = "computing" | "broken" | "offline" | "cut" | "cancelled";

/** Why the picture is not that of the text; null where it is. */
export const stale = computed<Staleness | null>(() => {
  if (!trace.value.length || sameRequest(shownRequest.value, request.value)) return null;
  if (problems.value.length) return "broken";
  const state = connection.value;
  return state === "loading" || state === "ready" || state === "busy" ? "computing" : state;
});

/** The run beside the one in the picture, on the same clock; empty where there is none. */
export const rival = signal<TraceEvent[]>([]);
export const lastStep = computed(() => Math.max(stepCount(trace.value), stepCount(rival.value)));
export const step = computed(() => Math.min(Math.max(0, field.step.value), lastStep.value));
export const frame = computed(() => (trace.value.length ? frameAt(trace.value, step.value) : null));

/** What the inspector speaks of: being written, else pointed at, else pinned, else where the action is. */
export const inspected = computed(
  () => editing.value ?? hovered.value ?? field.selection.value ?? frame.value?.activeNode ?? null,
);
