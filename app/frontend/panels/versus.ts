// Both modes beside each other on one clock, with what each has taken so far; loaded when it is asked for.

import { effect, signal } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import type { GraphEvent, TraceEvent } from "../events.ts";
import { currentLanguage, t } from "../i18n.ts";
import { narrate } from "../formulas/narrate.ts";
import { fitting } from "../trace/request.ts";
import {
  directionName,
  directionsOf,
  joined,
  passRequest,
  reverseDone,
  rivalFrame,
  sweepAt,
  type Cost,
  type Direction,
  type ModeCost,
} from "../trace/rival.ts";
import { sketch } from "../pages/sketch.ts";
import { drawing } from "../canvas/stage.ts";
import { field, place, rival, shownRequest, step, trace, viewport } from "../state.ts";
import { frameAt } from "../timeline.ts";
import { seen } from "./transport.ts";
import { fetchGraph, fetchTrace } from "../wire.ts";

/** More sweeps than these are counted, not shown. */
const MOST = 64;

interface Versus {
  graph: GraphEvent;
  cost: Cost;
  directions: Direction[];
  passes: TraceEvent[][];
}

const versus = signal<Versus | null>(null);
let running: AbortController | null = null;

export function startVersus(host: HTMLElement): void {
  effect(() => {
    const [first] = trace.value;
    running?.abort();
    const wanted = field.sweep.value === "both" && first?.kind === "graph";
    if (!wanted) rival.value = [];
    if (!wanted || !shownRequest.value) return;
    running = new AbortController();
    void load(first, running.signal).catch(forget);
  });
  effect(() => draw(host));
}

/** A run that cannot be had leaves the picture as it is; what is wrong is told by the page itself. */
function forget(): void {
  versus.value = null;
  rival.value = [];
}

async function load(graph: GraphEvent, signal: AbortSignal): Promise<void> {
  const request = fitting(shownRequest.peek()!, graph);
  const { cost } = (await fetchGraph(request)) as GraphEvent & { cost: Cost };
  const directions = directionsOf(graph);
  const passes: TraceEvent[][] = [];
  for (const direction of directions.slice(0, MOST)) {
    if (signal.aborted) return;
    passes.push(await fetchTrace(passRequest(request, direction), signal, () => undefined));
  }
  if (signal.aborted || !passes.length || place.peek().sweep !== "both") return;
  versus.value = { graph, cost, directions, passes };
  rival.value = joined(passes);
}

function draw(host: HTMLElement): void {
  const plan = drawing.value;
  const run = versus.value;
  void viewport.value;
  const shown = field.sweep.value === "both" && run && plan && run.graph === plan.graph;
  if (!shown) {
    render(field.sweep.value === "both" ? heads(null) : nothing, host);
    return;
  }
  const frame = rivalFrame(run.passes, step.value);
  const { pass, done } = sweepAt(run.passes, step.value);
  const reverse = reverseDone(trace.value, step.value, run.cost.reverse);
  const along = t("versus.along", { name: directionName(run.directions[pass]!) });
  const words = frameAt(run.passes[pass]!, frame.step).phase === "tangent" ? along : "";
  render(
    html`${heads({ reverse: [run.cost.reverse, reverse], forward: [run.cost.forward, done], words })}
    <div class="sketch" inert></div>
    <p class="rival-words"><span class="phase" data-phase=${frame.phase}>${t(`phase.${frame.phase}`)}</span>
      <span>${seen(narrate(plan.program, frame))}</span></p>`,
    host,
  );
  sketch(host.querySelector<HTMLElement>(".sketch")!, plan, frame);
}

interface Counts {
  reverse: [ModeCost, number];
  forward: [ModeCost, number];
  words: string;
}

function heads(counts: Counts | null): TemplateResult {
  const most = counts
    ? Math.max(counts.reverse[0].multiplications, counts.forward[0].multiplications)
    : 1;
  return html`${(["reverse", "forward"] as const).map(
    (mode) => html`<div class="mode-head" data-side=${mode}><h3>${t(`sweep.${mode}.long`)}</h3>
      ${counts ? table(...counts[mode], most) : html`<p>${t("versus.loading")}</p>`}
      ${mode === "forward" && counts?.words ? html`<p class="along">${counts.words}</p>` : nothing}</div>`,
  )}`;
}

/** Each sweep multiplies as often as the others, so the share that is done is exact. */
function table({ passes, multiplications, bytes }: ModeCost, done: number, most: number) {
  const first = trace.value[0];
  const itemsize = first?.kind === "graph" && first.dtype === "float32" ? 4 : 8;
  const whole = (value: number) => value.toLocaleString(currentLanguage());
  const of = (some: number, all: number) => html`<b>${whole(some)}</b> / ${whole(all)}`;
  const made = passes ? (multiplications / passes) * done : 0;
  const width = (share: number) => `width:${(100 * share) / Math.max(1, most)}%`;
  return html`<dl>
    <div><dt>${t("versus.passes")}</dt><dd data-count="passes">${of(done, passes)}</dd></div>
    <div><dt>${t("versus.multiplications")}</dt><dd data-count="multiplications">${of(made, multiplications)}</dd></div>
    <div><dt>${t("versus.numbers")}</dt><dd data-count="numbers">${whole(bytes / itemsize)}</dd></div></dl>
    <i class="gauge" style=${width(multiplications)}><i style="width:${(100 * done) / Math.max(1, passes)}%"></i></i>`;
}
