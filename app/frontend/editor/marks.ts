// Colours of words, and marks of lines: the statement of the step, of the node in question, of a mistake.

import { RangeSetBuilder, StateEffect, StateField, type EditorState } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import { tokens } from "./tokens.ts";

export interface Marks {
  /** The line that the step is about. */
  active: number | null;
  /** First and last line of the node that is pointed at or selected. */
  lit: [number, number] | null;
}

interface LineMarks extends Marks {
  wrong: number[];
}

export const setMarks = StateEffect.define<LineMarks>();

function decorate(state: EditorState, marks: LineMarks): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (let number = 1; number <= state.doc.lines; number++) {
    const [first, last] = marks.lit ?? [0, -1];
    const names = [
      number === marks.active ? "active-line" : "",
      first <= number && number <= last ? "lit-line" : "",
      marks.wrong.includes(number) ? "wrong-line" : "",
    ].filter(Boolean);
    if (!names.length) continue;
    const line = state.doc.line(number);
    const attributes = { class: names.join(" "), "data-line": String(number) };
    builder.add(line.from, line.from, Decoration.line({ attributes }));
  }
  return builder.finish();
}

export const lineMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setMarks));
    return set ? decorate(transaction.state, set.value) : lines.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const COLOURS = new Map(
  ["comment", "string", "keyword", "call", "number", "operator"].map((kind) => [
    kind,
    Decoration.mark({ class: `tok-${kind}` }),
  ]),
);

function colours(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const range of view.visibleRanges) {
    for (let at = range.from; at <= range.to;) {
      const line = view.state.doc.lineAt(at);
      let from = line.from;
      for (const { text, kind } of tokens(line.text)) {
        const mark = COLOURS.get(kind);
        if (mark) builder.add(from, from + text.length, mark);
        from += text.length;
      }
      at = line.to + 1;
    }
  }
  return builder.finish();
}

export const colouring = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = colours(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = colours(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
