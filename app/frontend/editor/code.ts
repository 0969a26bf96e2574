// The code editor: CodeMirror in a shadow root, so that its styles are adopted sheets and need no inline style.
// It is loaded after the first view; the undo history is the page's own (edit.ts), for text and values alike.

import { acceptCompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { bracketMatching, indentService, indentUnit } from "@codemirror/language";
import { lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, EditorState, type Extension, type Text } from "@codemirror/state";
import { crosshairCursor, drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { rectangularSelection, tooltips, type ViewUpdate } from "@codemirror/view";
import { difference } from "./completion.ts";
import { completeFrom, explain, type Knowledge } from "./hints.ts";
import { colouring, lineMarks, setMarks, type Marks } from "./marks.ts";
import { theme } from "./theme.ts";
import type { Span } from "../events.ts";

export interface Mistake {
  span: Span | null;
  message: string;
}

/** What the editor shows; the text is the page's, the cursor its own. */
export interface Shown extends Marks {
  text: string;
  label: string;
  mistakes: Mistake[];
}

export interface EditorEvents extends Knowledge {
  /** `tag` is "type" for what is typed letter by letter. */
  onText(text: string, tag: string): void;
  onCaret(line: number): void;
  onPoint(line: number | null): void;
  undo(): void;
  redo(): void;
}

export interface CodeEditor {
  readonly host: HTMLElement;
  show(shown: Shown): void;
  focus(): void;
}

const external = Annotation.define<boolean>();

export function createCodeEditor(
  text: string,
  selection: { anchor: number; head: number },
  events: EditorEvents,
): CodeEditor {
  const host = document.createElement("div");
  host.className = "code-editor";
  const root = host.attachShadow({ mode: "open", delegatesFocus: true });
  const label = { value: "", invalid: false };
  const reporting = EditorView.updateListener.of((update) => report(update, events));
  const extensions = [behaviour(events), attributes(label), reporting];
  const state = EditorState.create({ doc: text, selection, extensions });
  const view = new EditorView({ state, root, parent: root });
  let told = "";
  return {
    host,
    show: (shown) => {
      // A value that is dragged, or a step of the same line, says nothing new of the text.
      const saying = JSON.stringify(shown);
      if (saying === told && view.state.doc.toString() === plainText(shown)) return;
      told = saying;
      Object.assign(label, { value: shown.label, invalid: shown.mistakes.length > 0 });
      show(view, shown);
    },
    focus: () => view.focus(),
  };
}

function behaviour(events: EditorEvents): Extension {
  return [
    drawing,
    writing,
    autocompletion({ override: [completeFrom(events)], icons: false, maxRenderedOptions: 60 }),
    explain(events),
    tooltips({ position: "fixed" }),
    pointing(events),
    keys(events),
  ];
}

function keys({ undo, redo }: EditorEvents): Extension {
  const act = (run: () => void) => () => (run(), true);
  return keymap.of([
    { key: "Mod-z", run: act(undo), preventDefault: true },
    { key: "Mod-y", run: act(redo), preventDefault: true },
    { key: "Mod-Shift-z", run: act(redo), preventDefault: true },
    // Tab takes a suggestion; with none it leaves the editor, as it does everywhere.
    { key: "Tab", run: acceptCompletion },
    ...closeBracketsKeymap,
    ...completionKeymap,
    ...lintKeymap,
    ...defaultKeymap,
  ]);
}

const LANGUAGE = {
  commentTokens: { line: "#" },
  closeBrackets: { brackets: ["(", "["], before: ")]},:; \n\t#" },
};

/** As the line above, one step further after a colon. */
function indentation(context: { state: EditorState }, position: number): number {
  const line = context.state.doc.lineAt(position);
  const before = line.text.slice(0, position - line.from);
  const above =
    before.trim() || line.number === 1 ? before : context.state.doc.line(line.number - 1).text;
  const width = /^\s*/.exec(above)![0].length;
  return /:\s*(#.*)?$/.test(above) ? width + 4 : width;
}

const drawing: Extension = [
  lineNumbers(),
  drawSelection(),
  bracketMatching({ afterCursor: true }),
  colouring,
  lineMarks,
  theme,
];

const writing: Extension = [
  EditorState.allowMultipleSelections.of(true),
  rectangularSelection(),
  crosshairCursor(),
  closeBrackets(),
  indentUnit.of("    "),
  indentService.of(indentation),
  EditorState.languageData.of(() => [LANGUAGE]),
];

function attributes(label: { value: string; invalid: boolean }): Extension {
  return EditorView.contentAttributes.of(() => ({
    "aria-label": label.value,
    "aria-invalid": String(label.invalid),
    tabindex: "0",
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
  }));
}

function pointing(events: EditorEvents): Extension {
  return EditorView.domEventHandlers({
    pointermove(event, view) {
      const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
      events.onPoint(position === null ? null : view.state.doc.lineAt(position).number);
    },
    // As pointer events, like those of the cards: else leaving comes after entering.
    pointerleave: () => events.onPoint(null),
    // A browser's own menu may ask for an undo, too.
    beforeinput(event) {
      if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return false;
      event.preventDefault();
      if (event.inputType === "historyUndo") events.undo();
      else events.redo();
      return true;
    },
  });
}

function report(update: ViewUpdate, events: EditorEvents): void {
  if (update.selectionSet || update.docChanged || update.focusChanged) {
    const { doc, selection } = update.state;
    if (update.view.hasFocus) events.onCaret(doc.lineAt(selection.main.head).number);
  }
  if (!update.docChanged) return;
  const own = update.transactions.filter(
    (change) => change.docChanged && !change.annotation(external),
  );
  if (!own.length) return;
  const typed = own.every(
    (change) => change.isUserEvent("input.type") || change.isUserEvent("delete"),
  );
  events.onText(update.state.doc.toString(), typed ? "type" : `edit ${performance.now()}`);
}

function show(view: EditorView, shown: Shown): void {
  const before = view.state.doc.toString();
  const after = plainText(shown);
  const changes = before === after ? undefined : difference(before, after);
  view.dispatch({
    ...(changes && { changes, selection: { anchor: changes.from + changes.insert.length } }),
    annotations: external.of(true),
    effects: setMarks.of({ active: shown.active, lit: shown.lit, wrong: wrongLines(shown) }),
  });
  view.dispatch(setDiagnostics(view.state, diagnostics(view.state.doc, shown.mistakes)));
  if (shown.active !== null && !view.hasFocus) reveal(view, shown.active);
}

function plainText({ text }: Shown): string {
  return text.replaceAll(/\r\n?/g, "\n");
}

function wrongLines({ mistakes }: Shown): number[] {
  return mistakes.flatMap(({ span }) => (span ? [span.line] : []));
}

/** Only the editor's own box scrolls, and never under the hands of who types. */
function reveal(view: EditorView, line: number): void {
  if (line > view.state.doc.lines) return;
  const block = view.lineBlockAt(view.state.doc.line(line).from);
  const { scrollTop, clientHeight } = view.scrollDOM;
  if (block.top < scrollTop) view.scrollDOM.scrollTop = block.top;
  else if (block.bottom > scrollTop + clientHeight)
    view.scrollDOM.scrollTop = block.bottom - clientHeight + 8;
}

function diagnostics(doc: Text, mistakes: readonly Mistake[]): Diagnostic[] {
  return mistakes.flatMap(({ span, message }) => {
    if (!span) return [];
    const from = offsetOf(doc, span.line, span.column);
    const to = Math.max(offsetOf(doc, span.end_line, span.end_column), from);
    return [{ from, to, severity: "error" as const, message }];
  });
}

/** Columns of the wire count code points from 1. */
function offsetOf(doc: Text, line: number, column: number): number {
  const { from, text } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return from + [...text].slice(0, column - 1).join("").length;
}
