// A node by its name, op or source: a box over the canvas. Enter looks at what was found and selects it.

import { signal } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import type { GraphNode } from "../events.ts";
import { matches } from "./find-match.ts";
import { t } from "../i18n.ts";
import { drawing, lookAt } from "./stage.ts";
import { hovered, update } from "../state.ts";

/** So many are listed; the rest is counted. */
const MOST = 8;

const query = signal("");
const chosen = signal(0);
let host: HTMLElement | null = null;

export function openFind(): void {
  host ??= insert();
  host.hidden = false;
  query.value = "";
  chosen.value = 0;
  draw();
  host.querySelector("input")!.focus();
}

function insert(): HTMLElement {
  const made = document.createElement("div");
  made.className = "find";
  made.setAttribute("role", "search");
  made.dataset["ownWheel"] = "true";
  document.querySelector(".stage")!.append(made);
  return made;
}

function close(): void {
  hovered.value = null;
  host!.hidden = true;
  document.querySelector<HTMLElement>(".stage .zoom button")?.focus();
}

function take(node: GraphNode): void {
  host!.hidden = true;
  hovered.value = null;
  update({ selection: node.name });
  lookAt(node.name);
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`.card[data-node="${node.id}"]`)?.focus(),
  );
}

function draw(): void {
  const program = drawing.peek()?.program;
  const found = program ? matches([...program.nodes.values()], query.peek()) : [];
  const shown = found.slice(0, MOST);
  const at = Math.min(chosen.peek(), Math.max(0, shown.length - 1));
  const press = (event: KeyboardEvent) => listen(event, shown, at);
  render(
    html`<input type="text" role="combobox" aria-label=${t("find.label")} placeholder=${t("find.label")} autocomplete="off" spellcheck="false"
      aria-expanded=${shown.length > 0} aria-controls="found" aria-activedescendant=${shown.length ? `found-${at}` : nothing}
      .value=${query.peek()} @keydown=${press} @input=${type}
      @blur=${(event: FocusEvent) => leave(event)}>
    <ul id="found" role="listbox" aria-label=${t("find.open")}>${shown.map((node, index) => option(node, index, index === at))}</ul>
    <p role="status">${query.peek() ? said(found.length) : ""}</p>`,
    host!,
  );
}

function listen(event: KeyboardEvent, shown: readonly GraphNode[], at: number): void {
  const move = (by: number) => {
    chosen.value = Math.min(Math.max(0, at + by), shown.length - 1);
    hovered.value = shown[chosen.peek()]?.name ?? null;
    draw();
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: close,
    Enter: () => shown[at] && take(shown[at]),
  };
  const act = event.isComposing ? undefined : keys[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function type(event: Event): void {
  query.value = (event.target as HTMLInputElement).value;
  chosen.value = 0;
  draw();
}

function leave({ relatedTarget }: FocusEvent): void {
  if (!host!.contains(relatedTarget as Node | null)) host!.hidden = true;
}

function said(count: number): string {
  return count ? t("find.found", { count }) : t("find.none");
}

function option(node: GraphNode, index: number, current: boolean): TemplateResult {
  return html`<li role="option" id="found-${index}" aria-selected=${current}
    @pointerdown=${(event: Event) => event.preventDefault()} @click=${() => take(node)}
    @pointerenter=${() => (hovered.value = node.name)}>
    <b>${node.name}</b><span>${node.op === "group" ? t("inspector.op.group") : node.op}</span><code>${node.source}</code></li>`;
}
