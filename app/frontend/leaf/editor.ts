// The value of a leaf, to be typed, dragged or slid: what the inspector shows where it would only tell.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { endEdit, resetInput, writeIntoSource } from "../editor/edit.ts";
import type { GraphNode } from "../events.ts";
import { t } from "../i18n.ts";
import { entryText, nest, nudge, parseNumber, rewritten } from "./numbers.ts";
import { grid } from "./grid.ts";
import { draftOf, goToEntry, leafOf, placeOf, setEntry, sliderRange, type Leaf } from "./value.ts";
import { toNumber } from "../format.ts";
import { startScrub } from "./scrub.ts";
import { editing, shownRequest, sourceText, update } from "../state.ts";

/** The controls of a leaf; null where a value can only be looked at. */
export function leafEditor(node: GraphNode, scale: number): TemplateResult | null {
  const leaf = leafOf(node);
  if (!leaf) return null;
  const place = placeOf(leaf);
  const whole = node.shape.length ? grid(leaf, scale) : nothing;
  return html`<div class="leaf" data-leaf=${node.name} ?data-changed=${leaf.changed}
    @focusin=${() => hold(node.name)} @focusout=${(event: FocusEvent) => release(event)}>
    ${entryEditor(leaf, place)}${whole}${status(leaf)}</div>`;
}

/** While one types, the inspector stays with the node, wherever the pointer and the time line go. */
function hold(name: string): void {
  editing.value = name;
  update({ selection: name });
}

function release(event: FocusEvent): void {
  const box = event.currentTarget as HTMLElement;
  if (!box.contains(event.relatedTarget as Node | null)) editing.value = null;
}

/** "u1", or "W[1, 0]" for one entry of many. */
export function entryName({ node }: Leaf, place: number): string {
  if (!node.shape.length) return node.name;
  let rest = place;
  const index = node.shape.toReversed().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return `${node.name}[${index.toReversed().join(", ")}]`;
}

function entryEditor(leaf: Leaf, place: number): TemplateResult {
  const range = sliderRange(leaf, place);
  const value = leaf.entries[place]!;
  const name = entryName(leaf, place);
  const slide = (event: Event) => {
    const slider = event.target as HTMLInputElement;
    tell(slider, Number(slider.value));
    setEntry(leaf, place, Number(slider.value));
  };
  return html`<div class="entry-editor">
    <label class="entry-name">${leaf.node.shape.length ? html`<span>${name}</span>` : nothing}${numberField(leaf, place)}</label>
    <input class="own-keys slide" type="range" min=${range.min} max=${range.max} step=${range.step}
      aria-label=${t("value.slide", { name })} aria-valuetext=${entryText(value)}
      .value=${live(String(value))} @input=${slide} @change=${endEdit}>
    <span class="ends" aria-hidden="true"><i>${entryText(range.min).replace("-", "\u2212")}</i><i>0</i><i>${entryText(range.max)}</i></span>
  </div>`;
}

/** The number beside a slider goes with its thumb; the rest of the inspector follows in its turn. */
function tell(slider: HTMLInputElement, value: number): void {
  const field = slider.parentElement!.querySelector<HTMLInputElement>(".value-field");
  if (field) field.value = entryText(value);
}

function numberField(leaf: Leaf, place: number): TemplateResult {
  const value = leaf.entries[place]!;
  const draft = draftOf(leaf, place);
  const wrong = draft !== null && parseNumber(draft) === null;
  const press = (event: PointerEvent) => {
    const input = event.currentTarget as HTMLInputElement;
    if (document.activeElement === input) return;
    event.preventDefault();
    startScrub(event, {
      value,
      step: sliderRange(leaf, place).step,
      change: (next) => setEntry(leaf, place, next),
      click: () => input.select(),
    });
  };
  return html`<input class="value-field own-undo" type="text" inputmode="decimal" spellcheck="false" autocomplete="off"
    aria-label=${t("value.of", { name: entryName(leaf, place) })} aria-invalid=${String(wrong)} title=${t("value.drag")}
    .value=${live(draft ?? entryText(value))} @pointerdown=${press}
    @input=${(event: Event) => typed(leaf, place, (event.target as HTMLInputElement).value)}
    @keydown=${(event: KeyboardEvent) => keyed(event, leaf, place)} @blur=${() => goToEntry(leaf, place)}>`;
}

function typed(leaf: Leaf, place: number, text: string): void {
  goToEntry(leaf, place, text);
  const entry = parseNumber(text);
  if (entry !== null) setEntry(leaf, place, toNumber(entry));
}

const ARROWS: Record<string, number> = { ArrowUp: 1, ArrowDown: -1 };

function keyed(event: KeyboardEvent, leaf: Leaf, place: number): void {
  const direction = ARROWS[event.key];
  if (direction !== undefined) {
    event.preventDefault();
    const steps = direction * (event.shiftKey ? 10 : 1);
    goToEntry(leaf, place);
    const { step } = sliderRange(leaf, place);
    setEntry(leaf, place, nudge(leaf.entries[place]!, steps, event.altKey ? step / 10 : step));
  } else if (event.key === "Enter" || event.key === "Escape") {
    event.preventDefault();
    goToEntry(leaf, place);
    (event.target as HTMLInputElement).select();
  }
}

/** Where the value is not the text's: that it is not, and the two ways to make them agree. */
function status(leaf: Leaf): TemplateResult | typeof nothing {
  if (!leaf.changed) return nothing;
  const { node, entries } = leaf;
  const current = shownRequest.value?.source === sourceText.value;
  const text = current ? rewritten(sourceText.value, node, nest(entries, node.shape)) : null;
  const write = () => text !== null && writeIntoSource(node.name, text);
  return html`<p class="leaf-status"><span class="dot" aria-hidden="true"></span><span>${t("value.changed")}</span>
    <button type="button" class="inline" @click=${() => resetInput(node.name)}>${t("value.reset")}</button>
    ${text === null ? nothing : html`<button type="button" class="inline" @click=${write}>${t("value.write")}</button>`}</p>`;
}
