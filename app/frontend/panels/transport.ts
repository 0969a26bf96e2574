// The dock: the sentence of the step, the time line and the buttons.

import { html, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import {
  first,
  goTo,
  last,
  move,
  pause,
  recall,
  STRIDES,
  toggleMark,
  togglePlay,
} from "./actions.ts";
import { deckButtons, speedSlider, strideButtons } from "./deck.ts";
import type { TraceEvent } from "../events.ts";
import { math } from "../canvas/face.ts";
import { brief, otherParts, parts, t } from "../i18n.ts";
import { icon } from "../canvas/icons.ts";
import { narrate, type Sentence, type Term } from "../formulas/narrate.ts";
import type { Program } from "../trace/program.ts";
import { field, frame, lastStep, playing, rival, speed, step, trace, update } from "../state.ts";
import { indexOf, type Phase, type Segment } from "../timeline.ts";

const ACTS = { first, last, move, pause, togglePlay };

export function renderTransport(host: HTMLElement): void {
  const steps = lastStep.value;
  const strides = strideButtons("stride", STRIDES, field.stride.value, (stride) =>
    update({ stride }),
  );
  render(
    html`
    ${deckButtons(ACTS, step.value, steps, playing.value)}
    ${timeline(steps)}
    <div class="where"><output class="steps" aria-hidden="true"><b>${step.value}</b> / ${steps}</output>${markButton()}</div>
    ${strides}${speedSlider(speed)}`,
    host,
  );
}

function timeline(steps: number): TemplateResult {
  const phase = frame.value?.phase ?? "start";
  const spoken = t("transport.position", { step: step.value, steps, phase: t(`phase.${phase}`) });
  return html`<div class="timeline" style="--at:${steps ? step.value / steps : 0}" @pointermove=${peek} @pointerleave=${peek}>
    ${lane(trace.value, steps)}${rival.value.length ? lane(rival.value, steps) : ""}
    <input type="range" min="0" max=${steps} step="1" aria-label=${t("transport.timeline")} aria-valuetext=${spoken}
      .value=${live(String(step.value))}
      @input=${(event: Event) => {
        pause();
        goTo(Number((event.target as HTMLInputElement).value));
      }}>
    ${steps ? field.marks.value.map((mark, index) => pin(mark, index + 1, steps)) : ""}
    <div class="peek" aria-hidden="true"></div>
  </div>`;
}

function lane(events: readonly TraceEvent[], steps: number): TemplateResult {
  const segments = events.length > 1 ? indexOf(events).segments : [];
  const shown = segments.filter(({ phase }) => phase !== "start");
  return html`<div class="track" aria-hidden="true">${shown.map((segment) => bar(segment, steps))}</div>`;
}

/** A phase on the track runs from the end of the one before it to its own last step; a sign goes with its colour. */
function bar({ phase, from, to }: Segment, steps: number): TemplateResult {
  const [start, end] = [(from - 1) / steps, to / steps];
  const done = Math.min(1, Math.max(0, (step.value - (from - 1)) / (to - from + 1)));
  return html`<div class="part" data-phase=${phase} style="left:${100 * start}%;width:${100 * (end - start)}%">
    <i style="width:${100 * done}%"></i>${to - from > 0 ? html`<span>${brief(`phase.${phase}`)}</span>` : ""}</div>`;
}

/** A bookmark on the bar. */
function pin(mark: number, number: number, steps: number): TemplateResult {
  const label = t("mark.go", { number, step: mark });
  return html`<button type="button" class="pin" style="left:${(100 * mark) / steps}%" aria-label=${label} title=${label}
    ?data-here=${mark === step.value} ?hidden=${mark > steps} @click=${() => recall(number)}>${number}</button>`;
}

function markButton(): TemplateResult {
  const marked = field.marks.value.includes(step.value);
  const label = t("mark.set");
  return html`<button type="button" class="tool mark" aria-label=${label} title=${label} aria-pressed=${marked}
    @click=${toggleMark}>${icon("mark")}</button>`;
}

/** What is at another step, without going there; loaded when somebody points at the line. */
function peek(event: PointerEvent): void {
  const host = event.currentTarget as HTMLElement;
  const at = event.type === "pointermove" && event.pointerType !== "touch" ? event.clientX : null;
  void import("../later.ts").then((later) => later.peek(host, at));
}

export function renderNarration(host: HTMLElement, program: Program | null): void {
  const now = frame.value;
  if (!now || !program) return;
  const said = narrate(program, now);
  const other = otherParts<Term>(said.key, said.terms, said.counts);
  const phase: Phase = now.phase;
  render(
    html`
    <span class="phase" data-phase=${phase} aria-hidden="true">${t(`phase.${phase}`)}</span>
    <p class="seen" aria-hidden="true">${seen(said)}${other && html`<span class="other" lang=${other.lang}>${typeset(other.parts)}</span>`}</p>
    <p class="heard" aria-live=${playing.value ? "off" : "polite"}>${heard(said)}</p>`,
    host,
  );
}

/** A sentence as it is read: with its formulas. */
export function seen({ key, terms, counts }: Sentence): (string | TemplateResult)[] {
  return typeset(parts<Term>(key, terms, counts));
}

function typeset(said: (string | Term)[]): (string | TemplateResult)[] {
  return said.map((part) =>
    typeof part === "string" ? part : part.tex ? math(part.tex) : html`<b>${part.text}</b>`,
  );
}

function heard({ key, terms, counts }: Sentence): string {
  return parts<Term>(key, terms, counts)
    .map((part) => (typeof part === "string" ? part : part.text))
    .join("");
}
