// The dock: the sentence of the step, the buttons, the time line, and under it on the same axis what is kept.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { math } from "../canvas/face.ts";
import { t } from "../i18n.ts";
import { deckButtons, speedSlider, strideButtons } from "../panels/deck.ts";
import { icon } from "../canvas/icons.ts";
import { first, goTo, last, move, pause, recall, toggleMark, togglePlay } from "./acts.ts";
import { kept, MANY, share } from "./kept.ts";
import type { Lanes } from "./lanes.ts";
import { STRIDES } from "./moments.ts";
import { playing, run, speed, spot, step, update } from "./store.ts";
import type { Story } from "./story.ts";

export function renderStory(host: HTMLElement, story: Story): void {
  render(
    html`<span class="phase" data-phase=${PHASE[story.phase]} aria-hidden="true">${t(`ag.phase.${story.phase}`)}</span>
    <div class="told"><p class="seen" aria-hidden="true">${coded(story.text)}</p>${story.tex ? html`<p class="equation" aria-hidden="true">${math(story.tex)}</p>` : nothing}</div>
    <p class="heard" aria-live=${playing.value ? "off" : "polite"}>${story.text.replaceAll("`", "")}</p>`,
    host,
  );
}

const PHASE = { start: "start", statement: "forward", backward: "backward", failed: "failed" };

/** Back-quoted parts of a text are code, and what stands between ** is said with stress. */
export function coded(message: string): (string | TemplateResult)[] {
  return message
    .split("`")
    .flatMap((part, at) =>
      at % 2
        ? [html`<code>${part}</code>`]
        : part.split("**").map((each, stress) => (stress % 2 ? html`<b>${each}</b>` : each)),
    );
}

const ACTS = { first, last, move, pause, togglePlay };

export function renderDock(host: HTMLElement, lanes: Lanes): void {
  const steps = run.value.last;
  const strides = strideButtons("ag.stride", STRIDES, spot.value.stride, (stride) =>
    update({ stride }),
  );
  render(
    html`${deckButtons(ACTS, step.value, steps, playing.value)}
    <div class="time">${timeline(steps)}${kept(lanes, steps)}</div>
    <div class="side-of-time"><div class="where"><output class="steps" aria-hidden="true"><b>${step.value}</b> / ${steps}</output>${markButton()}${speedSlider(speed)}</div>
    ${strides}</div>`,
    host,
  );
}

function timeline(steps: number): TemplateResult {
  const line = run.value.at(step.value).span?.line ?? 0;
  const spoken = t("ag.position", { step: step.value, steps, line });
  const found = parts();
  return html`<div class="timeline">
    <div class="track" aria-hidden="true" ?data-many=${found.length > MANY}>${found.map(([kind, from, to]) => part(kind, from, to, steps))}</div>
    <input type="range" min="0" max=${steps} step="1" aria-label=${t("transport.timeline")} aria-valuetext=${spoken}
      .value=${live(String(step.value))}
      @input=${(event: Event) => {
        pause();
        goTo(Number((event.target as HTMLInputElement).value));
      }}>${steps ? spot.value.marks.map((mark, index) => pin(mark, index + 1, steps)) : nothing}</div>`;
}

/** A bookmark on the bar. */
function pin(mark: number, number: number, steps: number): TemplateResult {
  const label = t("mark.go", { number, step: mark });
  return html`<button type="button" class="pin" style="left:${share(mark, steps)}%" aria-label=${label} title=${label}
    ?data-here=${mark === step.value} ?hidden=${mark > steps} @click=${() => recall(number)}>${number}</button>`;
}

function markButton(): TemplateResult {
  const label = t("mark.set");
  return html`<button type="button" class="tool mark" aria-label=${label} title=${label} aria-pressed=${spot.value.marks.includes(step.value)}
    @click=${toggleMark}>${icon("mark")}</button>`;
}

type Part = ["forward" | "backward" | "failed", number, number];

/** Runs of moments of one kind: statements, a backward pass, an error. */
function parts(): Part[] {
  const { moments, events } = run.value;
  const found: Part[] = [];
  moments.forEach(({ event }, at) => {
    const kind = events[event]?.kind;
    if (!kind) return;
    const phase = kind === "pulled" ? "backward" : kind === "executed" ? "forward" : "failed";
    const before = found.at(-1);
    if (before?.[0] === phase) before[2] = at;
    else found.push([phase, at, at]);
  });
  return found;
}

function part(phase: string, from: number, to: number, steps: number): TemplateResult {
  const done = Math.min(1, Math.max(0, (step.value - (from - 1)) / (to - from + 1)));
  return html`<div class="part" data-phase=${phase} style="left:${share(from - 1, steps)}%;width:${share(to - from + 1, steps)}%"><i style="width:${100 * done}%"></i></div>`;
}
