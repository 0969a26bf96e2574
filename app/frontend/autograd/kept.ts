// What is held for the way back, on the axis of the time line: how much now and by whom, and for how long. A bar for
// each node that holds something; where bars would be slivers, as in a long loop, how much was held at each moment.

import { html, nothing, svg, type TemplateResult } from "lit-html";
import { t } from "../i18n.ts";
import type { Bar, Lanes } from "./lanes.ts";
import { pointed, step } from "./store.ts";
import { bytes } from "./values.ts";

/** So many bars are told apart. */
export const MANY = 90;
/** Room for the lanes in pixels, and how high one is at most and at least. */
const ROOM = 72;
const HEIGHT = { most: 22, written: 15, least: 5 };
/** So many holders are named. */
const NAMED = 3;

export const share = (count: number, steps: number) => (steps ? (100 * count) / steps : 0);

export function kept(lanes: Lanes, steps: number): TemplateResult {
  const title = t("ag.lanes.title");
  const many = lanes.bars.length > MANY;
  return html`<div class="kept" role="group" aria-label=${title}>
    <p class="sum"><span>${title}</span><b data-held=${lanes.held[step.value] ?? 0}>${bytes(lanes.held[step.value] ?? 0)}</b>${holders(lanes)}</p>
    ${lanes.bars.length ? (many ? curve(lanes, steps) : bars(lanes, steps)) : html`<p class="nothing">${t("ag.lanes.none")}</p>`}</div>`;
}

function isHere({ from, to }: Bar): boolean {
  return from <= step.value && step.value < (to ?? Infinity);
}

/** Who holds the most now; the names on bars need room that there may not be. */
function holders({ bars }: Lanes): TemplateResult | typeof nothing {
  const here = bars.filter(isHere).sort((a, b) => b.bytes - a.bytes);
  if (!here.length) return nothing;
  const named = here.slice(0, NAMED).map(({ name, bytes: size }) => `${name} ${bytes(size)}`);
  const rest = here.length - named.length;
  const more = rest > 0 ? t("ag.lanes.more", { count: rest }) : "";
  return html`<span class="holders">${named.join(" · ")} ${more}</span>`;
}

function bars(lanes: Lanes, steps: number): TemplateResult {
  const height = Math.max(HEIGHT.least, Math.min(HEIGHT.most, Math.floor(ROOM / lanes.count)));
  return html`<div class="lanes" tabindex="0" role="group" aria-label=${t("ag.lanes.bars")}><div class="rows" style="--lanes:${lanes.count};--lane-height:${height}px" ?data-thin=${height < HEIGHT.written}>
    ${lanes.bars.map((each) => bar(each, steps))}${nowLine(steps)}</div></div>`;
}

function nowLine(steps: number): TemplateResult {
  return html`<i class="now" style="left:${share(step.value, steps)}%"></i>`;
}

function bar(held: Bar, steps: number): TemplateResult {
  const { node, name, bytes: size, from, to, end, lane } = held;
  const until = to ?? steps;
  const label = t(`ag.lanes.${end}`, { name, bytes: bytes(size), from, to: until });
  return html`<div class="bar-of" role="img" aria-label=${label} title=${label} data-bar=${node} data-end=${end} ?data-here=${isHere(held)} ?data-past=${to !== null && step.value >= to}
    ?data-lit=${pointed.value === node} style="left:${share(from, steps)}%;width:${share(Math.max(until - from, 0.4), steps)}%;--lane:${lane}"
    @pointerenter=${() => (pointed.value = node)} @pointerleave=${() => (pointed.value = null)}><span>${name} · ${bytes(size)}</span></div>`;
}

/** How much is held at each moment, as a line of steps over a scale from nothing to the most. */
export function curvePath({ held, most }: Pick<Lanes, "held" | "most">): string {
  const at = (amount: number) => Number((100 - (100 * amount) / Math.max(1, most)).toFixed(2));
  const turns = held.flatMap((amount, place) => {
    if (place > 0 && amount === held[place - 1]) return [];
    return place ? [`H${place}V${at(amount)}`] : [`M0 ${at(amount)}`];
  });
  return `${turns.join("")}H${held.length - 1}`;
}

function curve(lanes: Lanes, steps: number): TemplateResult {
  const path = curvePath(lanes);
  const label = t("ag.lanes.curve", { most: bytes(lanes.most), count: lanes.bars.length });
  return html`<div class="curve"><svg role="img" aria-label=${label} viewBox="0 0 ${steps} 100" preserveAspectRatio="none">
    ${svg`<path class="under" d="${path}V100H0Z"></path><path class="line" d=${path}></path>`}</svg>
    <span class="most">${bytes(lanes.most)}</span>${nowLine(steps)}</div>`;
}
