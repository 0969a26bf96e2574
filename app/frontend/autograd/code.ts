// The snippet in its editor, the line of the step lit. Plain and coloured until the code editor is loaded.

import { effect, untracked } from "@preact/signals-core";
import { html, render } from "lit-html";
import type { CodeEditor, EditorEvents } from "../editor/code.ts";
import { History } from "../editor/history.ts";
import { problemText } from "../editor/problem.ts";
import { tokens } from "../editor/tokens.ts";
import type { Problem, Span } from "../events.ts";
import { t } from "../i18n.ts";
import { fetchOps, type OpRecord } from "../wire.ts";
import { edit } from "./acts.ts";
import { problems, shown, snapshot, spot, text } from "./store.ts";

let history = new History<string>();
let lesson = "";
let ops: readonly OpRecord[] = [];

const events: EditorEvents = {
  ops: () => ops,
  kind: (kind) => t(`editor.kind.${kind}`),
  describe(name) {
    const tensor = snapshot.peek().tensors.find(({ names }) => names.includes(name));
    if (!tensor) return null;
    return `[${tensor.shape.join(", ")}] ${tensor.dtype} ${tensor.grad_fn ?? ""}`;
  },
  onText(after, tag) {
    history.record(text.peek(), tag, performance.now());
    edit(after);
  },
  onCaret: () => undefined,
  onPoint: () => undefined,
  undo: () => takeBack(history.undo(text.peek())),
  redo: () => takeBack(history.redo(text.peek())),
};

function takeBack(before: string | null): void {
  if (before !== null) edit(before);
}

export function startCode(host: HTMLElement): void {
  // What was typed for one lesson is not taken back in another.
  effect(() => {
    if (spot.value.lesson !== lesson) history = new History<string>();
    lesson = spot.value.lesson;
  });
  const stop = effect(() => {
    render(plain(), host);
  });
  const load = async () => {
    const module = await import("../editor/code.ts").catch(() => null);
    // Without a connection the text can be read; it can be changed when there is one again.
    if (!module) return addEventListener("online", () => void load(), { once: true });
    stop();
    handOver(host, module);
    ops = await fetchOps().catch(() => []);
  };
  // What is drawn first is left in peace.
  setTimeout(() => void load(), REST);
}

const REST = 150;

function handOver(host: HTMLElement, module: typeof import("../editor/code.ts")): void {
  const start = { anchor: 0, head: 0 };
  const editor = module.createCodeEditor(
    untracked(() => text.value),
    start,
    events,
  );
  host.replaceChildren(editor.host);
  effect(() => show(editor));
}

function show(editor: CodeEditor): void {
  const mistakes = problems.value.map((found) => ({
    span: found.span ?? null,
    message: sentence(found),
  }));
  editor.show({
    text: text.value,
    label: t("ag.editor"),
    active: activeLine(),
    lit: null,
    mistakes: [...mistakes, ...stop()],
  });
}

function sentence(found: Problem): string {
  const { sentence, hint } = problemText(found);
  return [sentence, hint].filter(Boolean).join("\n").replaceAll("`", "");
}

/** Where the run stopped, once it has. */
function stop(): { span: Span; message: string }[] {
  const { stopped } = snapshot.value;
  if (stopped?.kind !== "stopped" || shown.value !== text.value) return [];
  return [{ span: stopped.span, message: `${stopped.type}: ${stopped.message}` }];
}

function activeLine(): number | null {
  return shown.value === text.value ? (snapshot.value.span?.line ?? null) : null;
}

function plain() {
  const active = activeLine();
  return html`<pre class="plain">${text.value
    .split("\n")
    .map(
      (line, at) =>
        html`<span class="line" ?data-active=${at + 1 === active} data-line=${at + 1}>${tokens(line).map(({ text: word, kind }) => html`<i class=${kind}>${word}</i>`)}\n</span>`,
    )}</pre>`;
}
