// The source box: what is typed, coloured, with line numbers, the statement of the active node and an error's span.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { live } from "lit-html/directives/live.js";
import type { Problem, Span } from "./events.ts";
import { has, t } from "./i18n.ts";
import { icon } from "./icons.ts";
import { place, problem, sourceText, update } from "./state.ts";

/** Params of a problem that are themselves words of a language are left as the server wrote them. */
export function problemText(found: Problem): { sentence: string; hint: string } {
  const params = Object.fromEntries(
    Object.entries(found.params ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const key = `error.${found.code}`;
  return {
    sentence: has(key) ? t(key, params) : found.detail,
    hint: has(`${key}.hint`) ? t(`${key}.hint`, params) : (found.hint ?? ""),
  };
}

export interface Piece {
  text: string;
  kind: "name" | "number" | "operator" | "comment" | "call" | "space";
}

const TOKEN =
  /(#[^\n]*)|([\p{L}_][\p{L}\p{M}\p{N}_.]*(?=\s*\())|([\p{L}_][\p{L}\p{M}\p{N}_]*)|(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|(\s+)|(.)/giu;
const KINDS = ["comment", "call", "name", "number", "space", "operator"] as const;

/** Colours only; what the text means is the server's to say. */
export function tokens(line: string): Piece[] {
  return [...line.matchAll(TOKEN)].map((match) => ({
    text: match[0],
    kind: KINDS[match.slice(1).findIndex((group) => group !== undefined)]!,
  }));
}

/** Columns of one line that a span covers, in code points; an empty span still shows one column. */
export function covered(span: Span, line: number, length: number): [number, number] | null {
  if (line < span.line || line > span.end_line) return null;
  const start = line === span.line ? span.column - 1 : 0;
  const end = line === span.end_line ? span.end_column - 1 : length;
  return [Math.min(start, length), Math.max(end, Math.min(start, length) + 1)];
}

export function renderEditor(host: HTMLElement, activeLine: number | null): void {
  const lines = sourceText.value.split("\n");
  const span = problem.value?.span ?? null;
  const rows = Math.min(16, Math.max(5, lines.length + 1));
  render(
    html`
    <div class="editor" style="--lines:${rows}">
      <div class="scroller">
        ${activeLine ? html`<div class="active-line" style="--line:${activeLine}"></div>` : nothing}
        <pre class="code" aria-hidden="true">${guard([sourceText.value, problem.value], () => lines.map((line, index) => codeLine(line, index + 1, span)))}</pre>
        <textarea aria-label=${t("editor.source")} spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"
          aria-invalid=${problem.value ? "true" : "false"} aria-describedby=${problem.value ? "problem" : nothing}
          .value=${live(sourceText.value)} rows=${Math.max(rows, lines.length)}
          @input=${(event: Event) => update({ source: (event.target as HTMLTextAreaElement).value, output: null })}
          @scroll=${(event: Event) => {
            const area = event.target as HTMLTextAreaElement;
            area.previousElementSibling!.scrollLeft = area.scrollLeft;
          }}></textarea>
      </div>
    </div>
    ${problem.value ? report(problem.value) : nothing}`,
    host,
  );
}

function codeLine(line: string, number: number, span: Span | null): TemplateResult {
  const marked = span && covered(span, number, [...line].length);
  return html`<span class="line ${marked ? "wrong-line" : ""}" data-line=${number}
    >${tokens(line).map(({ text, kind }) => html`<i class=${kind}>${text}</i>`)}${marked ? underline(line, marked) : nothing}\n</span>`;
}

/** Invisible text of the same width pushes the mark to its place, whatever the width of its characters. */
function underline(line: string, [start, end]: [number, number]): TemplateResult {
  const points = [...line.padEnd(end, " ")];
  return html`<span class="wrong"><s>${points.slice(0, start).join("")}</s><u>${points.slice(start, end).join("")}</u></span>`;
}

function report(found: Problem): TemplateResult {
  const { sentence, hint } = problemText(found);
  const at = found.span ? t("editor.line", { line: found.span.line }) : "";
  return html`<div class="problem" id="problem" role="alert">${icon("alert")}
    <div><p class="sentence">${at ? html`<b>${at}</b> ` : nothing}${coded(sentence)}</p>
    ${hint ? html`<p class="hint">${coded(hint)}</p>` : nothing}</div></div>`;
}

/** Back-quoted parts of a message are code. */
function coded(message: string): (string | TemplateResult)[] {
  return message.split("`").map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
}

export function revert(): void {
  update({ source: null, output: null, step: place.peek().step });
}
