// The source box. A plain one is there at once; the code editor takes its place when it has been loaded, with
// text, cursor and focus as they are. Below both: what is wrong, in words.

import { signal } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { live } from "lit-html/directives/live.js";
import { endEdit, redo, setText, undo } from "./editor/edit.ts";
import type { CodeEditor, EditorEvents, Shown } from "./editor/code.ts";
import type { Problem, Span } from "./events.ts";
import { t } from "./i18n.ts";
import { icon } from "./canvas/icons.ts";
import { problemText } from "./editor/problem.ts";
import { problems, sourceText } from "./state.ts";
import { tokens } from "./editor/tokens.ts";

/** What the rest of the page tells the editor, and hears from it. */
export interface Surroundings {
  active: number | null;
  lit: [number, number] | null;
  events: Omit<EditorEvents, "onText" | "undo" | "redo">;
}

/** Columns of one line that a span covers, in code points; an empty span still shows one column. */
export function covered(span: Span, line: number, length: number): [number, number] | null {
  if (line < span.line || line > span.end_line) return null;
  const start = line === span.line ? span.column - 1 : 0;
  const end = line === span.end_line ? span.end_column - 1 : length;
  return [Math.min(start, length), Math.max(end, Math.min(start, length) + 1)];
}

const code = signal<CodeEditor | null>(null);

export function renderEditor(host: HTMLElement, around: Surroundings): void {
  const editor = code.value;
  editor?.show(shown(around));
  const rows = Math.min(16, Math.max(5, sourceText.value.split("\n").length + 1));
  const content = editor ? editor.host : plain(around, rows);
  render(html`<div class="editor" style="--lines:${rows}">${content}</div>${reports()}`, host);
}

function shown({ active, lit }: Surroundings): Shown {
  const mistakes = problems.value.map((found) => {
    const { sentence, hint } = problemText(found);
    const message = [sentence, hint].filter(Boolean).join("\n").replaceAll("`", "");
    return { span: found.span ?? null, message };
  });
  return { text: sourceText.value, label: t("editor.source"), active, lit, mistakes };
}

/** Loads the code editor when the page is at rest, or as soon as someone turns to the text. */
export function loadCodeEditor(host: HTMLElement, around: () => Surroundings, rest: number): void {
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    void import("./editor/code.ts").then((module) => handOver(host, around, module));
  };
  host.addEventListener("pointerenter", begin, { once: true });
  host.addEventListener("focusin", begin, { once: true });
  setTimeout(begin, rest);
}

type Module = typeof import("./editor/code.ts");

/** Not in the middle of a word of an input method, nor of a selection. */
function handOver(host: HTMLElement, around: () => Surroundings, module: Module): void {
  const area = host.querySelector("textarea")!;
  const again = () => handOver(host, around, module);
  if (area.dataset["composing"]) {
    area.addEventListener("compositionend", () => setTimeout(again), { once: true });
    return;
  }
  if (area.matches(":active")) {
    addEventListener("pointerup", () => setTimeout(again), { once: true });
    return;
  }
  const focused = document.activeElement === area;
  const backwards = area.selectionDirection === "backward";
  const [start, end] = [area.selectionStart, area.selectionEnd];
  const selection = backwards ? { anchor: end, head: start } : { anchor: start, head: end };
  const { events } = around();
  const own = { onText: setText, undo, redo };
  code.value = module.createCodeEditor(area.value, selection, { ...events, ...own });
  if (focused) code.value.focus();
}

function plain({ active }: Surroundings, rows: number): TemplateResult {
  const lines = sourceText.value.split("\n");
  const found = problems.value;
  const colour = () => lines.map((line, index) => codeLine(line, index + 1, found));
  return html`<div class="scroller">
    ${active ? html`<div class="active-line" style="--line:${active}"></div>` : nothing}
    <pre class="code" aria-hidden="true">${guard([sourceText.value, found], colour)}</pre>
    <textarea aria-label=${t("editor.source")} spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"
      aria-invalid=${String(found.length > 0)} aria-describedby=${found.length ? "problem" : nothing}
      .value=${live(sourceText.value)} rows=${Math.max(rows, lines.length)}
      @input=${(event: InputEvent) => setText(area(event).value, event.inputType === "insertText" ? "type" : "edit")}
      @blur=${endEdit}
      @compositionstart=${(event: Event) => (area(event).dataset["composing"] = "true")}
      @compositionend=${(event: Event) => delete area(event).dataset["composing"]}
      @scroll=${(event: Event) => {
        area(event).previousElementSibling!.scrollLeft = area(event).scrollLeft;
      }}></textarea>
  </div>`;
}

const area = (event: Event) => event.target as HTMLTextAreaElement;

function codeLine(line: string, number: number, found: readonly Problem[]): TemplateResult {
  const marked = found.flatMap(({ span }) => {
    const columns = span && covered(span, number, [...line].length);
    return columns ? [columns] : [];
  });
  return html`<span class="line ${marked.length ? "wrong-line" : ""}" data-line=${number}
    >${tokens(line).map(({ text, kind }) => html`<i class=${kind}>${text}</i>`)}${marked.map((columns) => underline(line, columns))}\n</span>`;
}

/** Invisible text of the same width pushes the mark to its place, whatever the width of its characters. */
function underline(line: string, [start, end]: [number, number]): TemplateResult {
  const points = [...line.padEnd(end, " ")];
  return html`<span class="wrong"><s>${points.slice(0, start).join("")}</s><u>${points.slice(start, end).join("")}</u></span>`;
}

/** So many mistakes are told in words; the rest are marked in the text. */
const TOLD = 3;

function reports(): TemplateResult | typeof nothing {
  const found = problems.value;
  if (!found.length) return nothing;
  const rest = found.length - TOLD;
  return html`<div class="problem" id="problem" role="alert">${icon("alert")}
    <div>${found.slice(0, TOLD).map(report)}${rest > 0 ? html`<p class="hint">${t("editor.more", { count: rest })}</p>` : nothing}</div></div>`;
}

function report(found: Problem): TemplateResult {
  const { sentence, hint } = problemText(found);
  const at = found.span ? t("editor.line", { line: found.span.line }) : "";
  return html`<div class="told"><p class="sentence">${at ? html`<b>${at}</b> ` : nothing}${coded(sentence)}</p>
    ${hint ? html`<p class="hint">${coded(hint)}</p>` : nothing}</div>`;
}

/** Back-quoted parts of a message are code. */
function coded(message: string): (string | TemplateResult)[] {
  return message.split("`").map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
}
