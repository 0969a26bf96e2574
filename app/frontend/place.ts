// A place in the laboratory: what a link must restore, each field with how it is written in the address.

import type { Nested } from "./events.ts";
import { NOTATIONS, type Notation } from "./formulas/notation.ts";
import type { StepSize } from "./timeline.ts";

export interface Place {
  example: string;
  /** Null while the text is the example's own. */
  source: string | null;
  /** Values that stand in the place of those in the text, by leaf. */
  inputs: Inputs | null;
  /** Null for the last statement. */
  output: string | null;
  /** The weight vector v: null where it is the example's, "none" where every row is asked for. */
  gradient: Nested | "none" | null;
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
  gradient: {
    read: (s) => decodeJson(s) as Nested | "none" | null,
    write: encodeJson,
    initial: null,
  },
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
export const IN_FRAGMENT: (keyof Place)[] = ["source", "inputs", "gradient", "tangents"];

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

/** What a link carries and cannot be read: then its place is not the one that it was made for. */
export function unreadable(url: URL): "program" | "values" | null {
  const fragment = new URLSearchParams(url.hash.slice(1));
  const lost = (name: keyof Place) =>
    fragment.has(name) && FIELDS[name].read(fragment.get(name)!) === null;
  if (fragment.has("packed") || lost("source")) return "program";
  return IN_FRAGMENT.some(lost) ? "values" : null;
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
