// The dock: the sentence of the step, the time line and the buttons.

import { html, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { changeSpeed, first, goTo, last, move, pause, togglePlay } from "./actions.ts";
import { math } from "./face.ts";
import { parts, t } from "./i18n.ts";
import { icon, type Icon } from "./icons.ts";
import { narrate, type Sentence, type Term } from "./narrate.ts";
import { SPEEDS } from "./player.ts";
import type { Program } from "./program.ts";
import { frame, playing, speed, step, trace } from "./state.ts";
import { indexOf, stepCount, type Phase, type Segment } from "./timeline.ts";

export function renderTransport(host: HTMLElement): void {
  const events = trace.value;
  const steps = stepCount(events);
  const segments = steps ? indexOf(events).segments : [];
  render(
    html`
    <div class="buttons">
      ${button("first", t("transport.first"), first, step.value === 0)}
      ${button("back", t("transport.back"), () => move(-1), step.value === 0)}
      ${
        playing.value
          ? button("pause", t("transport.pause"), pause, false)
          : button("play", t("transport.play"), togglePlay, steps === 0)
      }
      ${button("forward", t("transport.forward"), () => move(1), step.value === steps)}
      ${button("last", t("transport.last"), last, step.value === steps)}
    </div>
    ${timeline(segments, steps)}
    <output class="steps" aria-hidden="true"><b>${step.value}</b> / ${steps}</output>
    ${speedSlider()}`,
    host,
  );
}

function button(name: Icon, label: string, act: () => void, disabled: boolean): TemplateResult {
  return html`<button type="button" class="round ${name}" aria-label=${label} title=${label} aria-disabled=${disabled}
    @click=${act}>${icon(name)}</button>`;
}

function timeline(segments: readonly Segment[], steps: number): TemplateResult {
  const phase = frame.value?.phase ?? "start";
  const spoken = t("transport.position", { step: step.value, steps, phase: t(`phase.${phase}`) });
  return html`<div class="timeline" style="--at:${steps ? step.value / steps : 0}">
    <div class="track" aria-hidden="true">${segments.filter(({ phase: name }) => name !== "start").map((segment) => bar(segment, steps))}</div>
    <input type="range" min="0" max=${steps} step="1" aria-label=${t("transport.timeline")} aria-valuetext=${spoken}
      .value=${live(String(step.value))}
      @input=${(event: Event) => {
        pause();
        goTo(Number((event.target as HTMLInputElement).value));
      }}>
  </div>`;
}

/** A phase on the track runs from the end of the one before it to its own last step. */
function bar({ phase, from, to }: Segment, steps: number): TemplateResult {
  const [start, end] = [(from - 1) / steps, to / steps];
  const done = Math.min(1, Math.max(0, (step.value - (from - 1)) / (to - from + 1)));
  return html`<div class="part" data-phase=${phase} style="left:${100 * start}%;width:${100 * (end - start)}%">
    <i style="width:${100 * done}%"></i>${to - from > 0 ? html`<span>${t(`phase.${phase}`)}</span>` : ""}</div>`;
}

function speedSlider(): TemplateResult {
  const place = SPEEDS.findIndex((candidate) => candidate === speed.value);
  return html`<label class="speed" title=${t("transport.speed")}>
    <input class="own-keys" type="range" min="0" max=${SPEEDS.length - 1} step="1" aria-label=${t("transport.speed")}
      aria-valuetext=${`${speed.value}×`} .value=${live(String(place))}
      @input=${(event: Event) => (speed.value = SPEEDS[Number((event.target as HTMLInputElement).value)]!)}>
    <output aria-hidden="true">${speed.value}×</output></label>`;
}

export function renderNarration(host: HTMLElement, program: Program | null): void {
  const now = frame.value;
  if (!now || !program) return;
  const said = narrate(program, now);
  const phase: Phase = now.phase;
  render(
    html`
    <span class="phase" data-phase=${phase} aria-hidden="true">${t(`phase.${phase}`)}</span>
    <p class="seen" aria-hidden="true">${seen(said)}</p>
    <p class="heard" aria-live=${playing.value ? "off" : "polite"}>${heard(said)}</p>`,
    host,
  );
}

function seen({ key, terms, counts }: Sentence): (string | TemplateResult)[] {
  return parts<Term>(key, terms, counts).map((part) =>
    typeof part === "string" ? part : part.tex ? math(part.tex) : html`<b>${part.text}</b>`,
  );
}

function heard({ key, terms, counts }: Sentence): string {
  return parts<Term>(key, terms, counts)
    .map((part) => (typeof part === "string" ? part : part.text))
    .join("");
}

export { changeSpeed };
