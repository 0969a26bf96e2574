// The one store. What a link must restore is a field in FIELDS, mirrored to the address; the rest is of the moment.

import { batch, computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { Nested, Problem, TraceEvent } from "./events.ts";
import type { Layout } from "./layout.ts";
import { NOTATIONS, type Notation } from "./formulas/notation.ts";
import { frameAt, stepCount, type StepSize } from "./timeline.ts";
import type { Example, TraceRequest } from "./wire.ts";

export interface Place {
  example: string;
  /** Null while the text is the example's own. */
  source: string | null;
  /** Values that stand in the place of those in the text, by leaf. */
  inputs: Inputs | null;
  /** Null for the last statement. */
  output: string | null;
  /** The weight vector v, in the shape of the output; null for the whole Jacobian. */
  gradient: Nested | null;
  dtype: "float64" | "float32";
  device: string;
  /** Groups that are looked into. */
  open: readonly string[];
  step: number;
  /** How far one step goes. */
  stride: StepSize;
  /** Steps one comes back to, in order; digits recall them. */
  marks: readonly number[];
  /** Which way derivatives are carried, or both ways beside each other. */
  sweep: "reverse" | "forward" | "both";
  /** Forward mode: how the leaves are moved, by leaf; null moves the first entry of the first. */
  tangents: Inputs | null;
  /** Leaves by which the output is differentiated before anything is shown. */
  wrt: readonly string[];
  selection: string | null;
  /** Null while the page speaks the language the server chose. */
  lang: "en" | "zh-CN" | null;
  /** Whether the terms of the field are said in the other language, too. */
  terms: "one" | "both";
  theme: "auto" | "light" | "dark";
  mode: "study" | "lecture";
  /** How P and J are written. */
  symbols: Notation;
  /** Where the reader looks; null lets the picture choose. */
  view: string | null;
  /** Inside another site's page, with the parts that its author leaves out. */
  embed: boolean;
  hide: readonly Part[];
}

export const PARTS = [
  "header",
  "source",
  "inspector",
  "narration",
  "legend",
  "timeline",
  "zoom",
  "settings",
] as const;
export type Part = (typeof PARTS)[number];

export type Inputs = Readonly<Record<string, Nested>>;

interface Field<T> {
  read(text: string): T;
  write(value: T): string;
  initial: T;
}

const text = (initial: string): Field<string> => ({ read: (s) => s, write: (s) => s, initial });
const optional: Field<string | null> = { read: (s) => s, write: (s) => s!, initial: null };
const oneOf = <T extends string>(...values: T[]): Field<T> => ({
  read: (s) => (values.includes(s as T) ? (s as T) : values[0]!),
  write: (s) => s,
  initial: values[0]!,
});
const count: Field<number> = {
  read: (s) => Math.max(0, Math.trunc(Number(s)) || 0),
  write: String,
  initial: 0,
};

const list: Field<readonly Part[]> = {
  read: (s) => PARTS.filter((part) => s.split(",").includes(part)),
  write: (parts) => parts.join(","),
  initial: [],
};

const names: Field<readonly string[]> = {
  read: (s) => s.split(",").filter(Boolean),
  write: (open) => open.join(","),
  initial: [],
};

/** As many as there are digits to recall them. */
const MARKS = 9;
const steps: Field<readonly number[]> = {
  read: (s) => marked(s.split(",").map(Number).filter(Number.isInteger)),
  write: (marks) => marks.join(","),
  initial: [],
};

/** A list of steps as it is kept: in order, each once, no more than can be recalled. */
export function marked(marks: readonly number[]): readonly number[] {
  const kept = [...new Set(marks)].filter((mark) => mark >= 0).sort((a, b) => a - b);
  return kept.length ? kept.slice(0, MARKS) : steps.initial;
}

export const FIELDS: { [K in keyof Place]: Field<Place[K]> } = {
  example: text("worked-example"),
  source: { read: decodeSource, write: (s) => encodeSource(s ?? ""), initial: null },
  inputs: { read: readInputs, write: encodeJson, initial: null },
  output: optional,
  gradient: { read: (s) => decodeJson(s) as Nested | null, write: encodeJson, initial: null },
  dtype: oneOf("float64", "float32"),
  device: text("cpu"),
  open: names,
  step: count,
  stride: oneOf("event", "node", "phase"),
  marks: steps,
  sweep: oneOf("reverse", "forward", "both"),
  tangents: { read: readInputs, write: encodeJson, initial: null },
  wrt: names,
  selection: optional,
  lang: { read: (s) => (s === "en" || s === "zh-CN" ? s : null), write: (s) => s!, initial: null },
  terms: oneOf("one", "both"),
  theme: oneOf("auto", "light", "dark"),
  mode: oneOf("study", "lecture"),
  symbols: oneOf(...NOTATIONS),
  view: optional,
  embed: { read: (s) => s === "1", write: () => "1", initial: false },
  hide: list,
};

/** Source travels in the fragment, which is never sent to a server. */
const IN_FRAGMENT: (keyof Place)[] = ["source", "inputs", "gradient", "tangents"];

export function encodeSource(source: string): string {
  const bytes = new TextEncoder().encode(source);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function decodeSource(encoded: string): string | null {
  try {
    const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(
      Uint8Array.from(binary, (c) => c.charCodeAt(0)),
    );
  } catch {
    return null;
  }
}

function encodeJson(value: unknown): string {
  return encodeSource(JSON.stringify(value));
}

function decodeJson(encoded: string): unknown {
  try {
    return JSON.parse(decodeSource(encoded) ?? "null");
  } catch {
    return null;
  }
}

function readInputs(encoded: string): Inputs | null {
  const value = decodeJson(encoded);
  return typeof value === "object" && !Array.isArray(value) ? (value as Inputs | null) : null;
}

export function placeFromUrl(url: URL): Place {
  const fragment = new URLSearchParams(url.hash.slice(1));
  const read = <K extends keyof Place>(name: K): Place[K] => {
    const given = (IN_FRAGMENT.includes(name) ? fragment : url.searchParams).get(name);
    return given === null ? FIELDS[name].initial : FIELDS[name].read(given);
  };
  const names = Object.keys(FIELDS) as (keyof Place)[];
  return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as Place;
}

/** The address of a place: only what differs from a first visit is said. */
export function urlOf(place: Place, base: URL): string {
  const query = new URLSearchParams();
  const fragment = new URLSearchParams();
  for (const name of Object.keys(FIELDS) as (keyof Place)[]) {
    const field = FIELDS[name] as Field<Place[typeof name]>;
    if (place[name] === field.initial) continue;
    (IN_FRAGMENT.includes(name) ? fragment : query).set(name, field.write(place[name]));
  }
  const tail = (mark: string, params: URLSearchParams) =>
    params.size ? mark + commas(params) : "";
  return base.pathname + tail("?", query) + tail("#", fragment);
}

/** A comma is plain in an address, and easier on those who read it. */
function commas(params: URLSearchParams): string {
  return String(params).replaceAll("%2C", ",");
}

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

/** The text in the box: the reader's own, or the example's. */
export const sourceText = computed(() => field.source.value ?? example.value?.source ?? "");

/** What is asked for: everything that the trace depends on. */
export const request = computed<TraceRequest>(() => ({
  source: sourceText.value,
  inputs: field.inputs.value,
  output: field.output.value,
  gradient: field.gradient.value,
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
