// What the editor knows of the language: ops by name, names bound above, keywords. Pure: text to suggestions.

import type { OpRecord } from "../wire.ts";
import { boundNames, KEYWORDS } from "./tokens.ts";

export interface Suggestion {
  label: string;
  kind: "op" | "name" | "keyword" | "property";
  /** How it is called, for an op. */
  usage: string;
  doc: string;
}

export interface Suggestions {
  /** Where the word begins that a suggestion replaces, as an offset in its line. */
  from: number;
  found: Suggestion[];
}

const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_.]*$/u;
const MODULES = new Set(["np", "numpy", "torch", "F", "nn", "functional", "jnp", "linalg", "math"]);

const opSuggestion = (op: OpRecord, label: string): Suggestion => ({
  label,
  kind: "op",
  usage: op.usage,
  doc: op.doc,
});

function opSuggestions(ops: readonly OpRecord[]): Suggestion[] {
  return ops.flatMap((op) => [op.name, ...op.aliases].map((label) => opSuggestion(op, label)));
}

const plain = (kind: Suggestion["kind"]) => (label: string) => ({
  label,
  kind,
  usage: "",
  doc: "",
});

/** What may stand at the end of `before`, the part of a line left of the cursor, below the lines `above`. */
export function suggestionsAt(
  before: string,
  above: readonly string[],
  ops: readonly OpRecord[],
): Suggestions | null {
  if (/^[^"'#]*(#|"[^"]*$|'[^']*$)/.test(before)) return null;
  const word = WORD.exec(before)?.[0] ?? "";
  const dot = word.lastIndexOf(".");
  if (dot < 0) {
    const from = before.length - word.length;
    const names = boundNames(above);
    if (names.includes(word)) return null;
    const keywords = KEYWORDS.map(plain("keyword"));
    // The name that a statement binds is the writer's own.
    if (word && !before.slice(0, from).trim()) return { from, found: keywords };
    return { from, found: [...names.map(plain("name")), ...keywords, ...opSuggestions(ops)] };
  }
  const owner = word.slice(0, dot).split(".").at(-1)!;
  const own = MODULES.has(owner) ? [] : ["T", "mT"].map(plain("property"));
  return { from: before.length - (word.length - dot - 1), found: [...own, ...opSuggestions(ops)] };
}

/** The op that a word means, with or without its module. */
export function opOf(word: string, ops: readonly OpRecord[]): OpRecord | null {
  const name = word.split(".").at(-1)!;
  return ops.find((op) => op.name === name || op.aliases.includes(name)) ?? null;
}

/** The smallest replacement that turns one text into another. */
export function difference(
  before: string,
  after: string,
): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let tail = 0;
  while (tail < most - from && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) };
}
