// The dock: the sentence of the step, the buttons, the time line, and under it on the same axis what is kept.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { math } from "../canvas/face.ts";
import { t } from "../i18n.ts";
import { deckButtons, speedSlider, strideButtons } from "../panels/deck.ts";
import { first, goTo, last, move, pause, togglePlay } from "./acts.ts";
import type { Bar, Lanes } from "./lanes.ts";
import { STRIDES } from "./moments.ts";
import { playing, pointed, run, speed, spot, step, update } from "./store.ts";
import type { Story } from "./story.ts";
import { bytes } from "./values.ts";

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
    <div class="side-of-time"><div class="where"><output class="steps" aria-hidden="true"><b>${step.value}</b> / ${steps}</output>${speedSlider(speed)}</div>
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
      }}></div>`;
}

/** So many parts leave no room for gaps between them. */
const MANY = 90;

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

const share = (count: number, steps: number) => (steps ? (100 * count) / steps : 0);

/** What is held for the way back: how much at every moment, and a bar for each node that holds something. */
function kept(lanes: Lanes, steps: number): TemplateResult {
  const now = lanes.held[step.value] ?? 0;
  const title = t("ag.lanes.title");
  return html`<div class="kept" role="group" aria-label=${title}>
    <p class="sum"><span>${title}</span><b data-held=${now}>${bytes(now)}</b></p>
    ${lanes.bars.length ? bars(lanes, steps) : html`<p class="nothing">${t("ag.lanes.none")}</p>`}</div>`;
}

function bars(lanes: Lanes, steps: number): TemplateResult {
  return html`<div class="lanes" tabindex="0" role="group" aria-label=${t("ag.lanes.bars")}><div class="rows" style="--lanes:${lanes.count}" ?data-many=${lanes.bars.length > MANY}>
    ${lanes.bars.map((each) => bar(each, steps))}<i class="now" style="left:${share(step.value, steps)}%"></i></div></div>`;
}

function bar({ node, name, bytes: size, from, to, end, lane }: Bar, steps: number): TemplateResult {
  const until = to ?? steps;
  const label = t(`ag.lanes.${end}`, { name, bytes: bytes(size), from, to: until });
  const here = from <= step.value && step.value < (to ?? Infinity);
  return html`<div class="bar-of" role="img" aria-label=${label} title=${label} data-bar=${node} data-end=${end} ?data-here=${here} ?data-past=${to !== null && step.value >= to}
    ?data-lit=${pointed.value === node} style="left:${share(from, steps)}%;width:${share(Math.max(until - from, 0.4), steps)}%;--lane:${lane}"
    @pointerenter=${() => (pointed.value = node)} @pointerleave=${() => (pointed.value = null)}><span>${name} · ${bytes(size)}</span></div>`;
}
