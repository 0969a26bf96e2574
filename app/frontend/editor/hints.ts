// Completion and hover of the code editor: the registry's words, shown where they are needed.

import type { Completion, CompletionSource } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { hoverTooltip, type EditorView } from "@codemirror/view";
import { opOf, suggestionsAt, type Suggestion } from "./completion.ts";
import type { OpRecord } from "../wire.ts";

export interface Knowledge {
  ops(): readonly OpRecord[];
  /** What is known of a node, in a few words; null where there is no such node. */
  describe(name: string): string | null;
  /** The reader's word for each kind of suggestion. */
  kind(kind: Suggestion["kind"]): string;
}

export function completeFrom(knowledge: Knowledge): CompletionSource {
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const above = context.state.doc.sliceString(0, line.from).split("\n");
    const found = suggestionsAt(before, above, knowledge.ops());
    if (!found) return null;
    const from = line.from + found.from;
    if (!context.explicit && from === context.pos && !before.endsWith(".")) return null;
    const options = found.found.map((one) => completion(one, knowledge));
    // A name that is written out needs no suggestion: Enter ends the line, as one expects.
    const names = new Set(
      found.found.filter(({ kind }) => kind === "name").map(({ label }) => label),
    );
    const validFor = (text: string) => /^[\p{L}\p{M}\p{N}_]*$/u.test(text) && !names.has(text);
    return options.length ? { from, options, validFor } : null;
  };
}

const BOOST = { name: 3, property: 2, op: 1, keyword: 0 };

function completion(one: Suggestion, knowledge: Knowledge): Completion {
  const { label, kind, usage, doc } = one;
  const detail = kind === "op" ? usage.slice(usage.indexOf("(")) : knowledge.kind(kind);
  if (kind !== "op") return { label, detail, boost: BOOST[kind], type: kind };
  return {
    label,
    detail,
    boost: BOOST.op,
    type: kind,
    info: () => note(usage, doc),
    apply: (view, _, from, to) => insertCall(view, label, from, to),
  };
}

/** An op is inserted with its brackets, the cursor between them, unless they are there. */
function insertCall(view: EditorView, name: string, from: number, to: number): void {
  const called = view.state.sliceDoc(to, to + 1) === "(";
  view.dispatch({
    changes: { from, to, insert: called ? name : `${name}()` },
    selection: { anchor: from + name.length + 1 },
    userEvent: "input.complete",
  });
}

function note(title: string, text: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "note";
  const head = box.appendChild(document.createElement("code"));
  head.textContent = title;
  const body = box.appendChild(document.createElement("p"));
  body.textContent = text;
  return box;
}

/** Pointing at a word tells what the registry, or the graph, says of it. */
export function explain(knowledge: Knowledge): Extension {
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    const column = position - line.from;
    const before = /[\p{L}\p{M}\p{N}_.]*$/u.exec(line.text.slice(0, column))![0];
    const after = /^[\p{L}\p{M}\p{N}_]*/u.exec(line.text.slice(column))![0];
    const word = before + after;
    if (!/^[\p{L}_]/u.test(word)) return null;
    const described = knowledge.describe(word);
    const op = described === null ? opOf(word, knowledge.ops()) : null;
    if (described === null && !op) return null;
    return {
      pos: position - before.length,
      end: position + after.length,
      above: true,
      create: () => ({ dom: op ? note(op.usage, op.doc) : note(word, described!) }),
    };
  });
}
