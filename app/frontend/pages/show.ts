// A graph that plays by itself beside a text: the laboratory's time line, scene, renderer and clock, and a store of
// its own, so that several shows could run on one page.

import { computed, effect, signal, type ReadonlySignal } from "@preact/signals-core";
import { html, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { viewOf } from "../scene/camera.ts";
import type { GraphEvent, TraceEvent } from "../events.ts";
import { math } from "../canvas/face.ts";
import { scaleOf } from "../format.ts";
import { focusOf, type Plan } from "../scene/geometry.ts";
import { brief, parts, t } from "../i18n.ts";
import { icon } from "../canvas/icons.ts";
import { runLayout } from "../layout.ts";
import { createMeasure, loadBrackets, loadFonts } from "../canvas/measure.ts";
import { narrate, type Term } from "../formulas/narrate.ts";
import { createPlayer } from "../player.ts";
import { programOf } from "../trace/program.ts";
import { renderPicture } from "../render.ts";
import { formulaOf, sceneOf } from "../scene.ts";
import { METRICS, sizesOf } from "../scene/size.ts";
import { frameAt, indexOf, stepCount, type Frame, type Segment } from "../timeline.ts";

export interface ShowParts {
  picture: HTMLElement;
  controls: HTMLElement;
  said: HTMLElement;
  lines: HTMLElement[];
}

export interface Control {
  play(): void;
  pause(): void;
  seek(to: number): void;
}

interface Show extends Plan {
  events: TraceEvent[];
  scale: number;
}

/** Steps a second; a pause at the end before it starts again, in steps. */
const PACE = 0.9;
const REST = 3;
/** Readable at arm's length: a smaller window shows a part, and follows what happens. */
const FRAMING = { least: 0.62, most: 1.1, margin: { x: 20, y: 40 }, manual: null };

/** Draws the first frame and returns what plays it. */
export async function startShow(host: ShowParts, events: TraceEvent[]): Promise<Control> {
  const show = await plan(host.picture, events);
  const clock = createClock(stepCount(events));
  const frame = computed(() => frameAt(events, clock.step.value));
  draw(host, show, frame, clock.playing, clock.control);
  return clock.control;
}

/** Plays round and round, with a rest after the last step. */
function createClock(last: number) {
  const step = signal(0);
  const playing = signal(false);
  let rest = REST;
  const wake = createPlayer({
    pace: PACE,
    isPlaying: () => playing.peek(),
    speed: () => 1,
    advance() {
      if (step.peek() < last) step.value++;
      else if (rest-- <= 0) [step.value, rest] = [0, REST];
      return true;
    },
    stop: () => (playing.value = false),
  });
  const play = () => {
    playing.value = true;
    wake();
  };
  const pause = () => (playing.value = false);
  const seek = (to: number) => {
    pause();
    step.value = to;
  };
  return { step, playing, control: { play, pause, seek } };
}

async function plan(host: HTMLElement, events: TraceEvent[]): Promise<Show> {
  const program = programOf(events[0] as GraphEvent);
  await Promise.all([loadFonts(), loadBrackets(program)]);
  const measure = createMeasure(host)("study");
  const sizes = sizesOf(program, (node) => formulaOf(program, node), METRICS.study, measure);
  return { program, sizes, layout: runLayout(sizes.input), events, scale: scaleOf(events) };
}

function draw(
  host: ShowParts,
  show: Show,
  frame: ReadonlySignal<Frame>,
  playing: ReadonlySignal<boolean>,
  control: Control,
): void {
  const drawn = document.createElement("div");
  drawn.className = "picture";
  drawn.inert = true;
  host.picture.append(drawn);
  const size = signal({ width: host.picture.clientWidth, height: host.picture.clientHeight });
  new ResizeObserver(([entry]) => {
    size.value = { width: entry!.contentRect.width, height: entry!.contentRect.height };
  }).observe(host.picture);
  effect(() => picture(drawn, show, frame.value, size.value));
  effect(() => controls(host.controls, show, frame.value, playing.value, control));
  effect(() => said(host.said, show, frame.value));
  effect(() => lines(host.lines, show, frame.value));
}

function picture(
  host: HTMLElement,
  show: Show,
  frame: Frame,
  viewport: { width: number; height: number },
): void {
  const { layout } = show;
  const view = viewOf({ layout, viewport, focus: focusOf(show, frame), ...FRAMING });
  const scene = sceneOf({ ...show, frame, selection: null, attention: null, window: null });
  const size = { width: layout.width, height: layout.height, viewport };
  const nothing = () => undefined;
  renderPicture(
    host,
    { scene, view, ...size, mode: "study", held: false },
    { pick: nothing, hover: nothing },
  );
}

function controls(
  host: HTMLElement,
  { events }: Show,
  frame: Frame,
  playing: boolean,
  { play, pause, seek }: Control,
): void {
  const steps = stepCount(events);
  const label = t(playing ? "transport.pause" : "transport.play");
  const spoken = t("transport.position", {
    step: frame.step,
    steps,
    phase: t(`phase.${frame.phase}`),
  });
  const name = playing ? "pause" : "play";
  render(
    html`<div class="run">
    <button type="button" class="round ${name}" aria-label=${label} title=${label} @click=${playing ? pause : play}>${icon(name)}</button>
    <div class="timeline"><div class="track" aria-hidden="true">${indexOf(events).segments.map((part) => bar(part, frame.step, steps))}</div>
      <input type="range" min="0" max=${steps} aria-label=${t("transport.timeline")} aria-valuetext=${spoken}
        .value=${live(String(frame.step))} @input=${(event: Event) => seek(Number((event.target as HTMLInputElement).value))}></div>
    <output class="steps" aria-hidden="true"><b>${frame.step}</b> / ${steps}</output></div>`,
    host,
  );
}

function bar({ phase, from, to }: Segment, step: number, steps: number): TemplateResult | string {
  if (phase === "start") return "";
  const [start, width] = [(from - 1) / steps, (to - from + 1) / steps];
  const done = Math.min(1, Math.max(0, (step - (from - 1)) / (to - from + 1)));
  return html`<div class="part" data-phase=${phase} style="left:${100 * start}%;width:${100 * width}%">
    <i style="width:${100 * done}%"></i>${to > from ? html`<span>${brief(`phase.${phase}`)}</span>` : ""}</div>`;
}

function said(host: HTMLElement, { program }: Show, frame: Frame): void {
  const { key, terms, counts } = narrate(program, frame);
  const words = parts<Term>(key, terms, counts).map((part) =>
    typeof part === "string" ? part : part.tex ? math(part.tex) : html`<b>${part.text}</b>`,
  );
  render(html`<span>${words}</span>`, host);
}

/** The line of the program that the step is about, in the colour of its phase. */
function lines(hosts: HTMLElement[], { program }: Show, frame: Frame): void {
  const line = program.nodes.get(frame.activeNode ?? "")?.span?.line;
  hosts.forEach((host, index) => {
    if (index + 1 === line) host.dataset["active"] = frame.sweeping ? "backward" : "forward";
    else delete host.dataset["active"];
  });
}
