// Wiggling an entry: the slope that finite differences measure, beside P, and how the error goes with the step.

import { signal } from "@preact/signals-core";
import { html, nothing, svg, type TemplateResult } from "lit-html";
import { adjointSymbol } from "../formulas/equation.ts";
import { BOX, chartOf, type Chart, type CurvePoint } from "./error-curve.ts";
import type { GraphNode } from "../events.ts";
import { math } from "../canvas/face.ts";
import { exact, number, toNumber } from "../format.ts";
import { t } from "../i18n.ts";
import { answerOf, type Answer } from "./ask.ts";
import { drawer, setDrawer } from "./drawer.ts";
import type { InspectorInput, Panel } from "./parts.ts";
import { refusal } from "./facts.ts";
import { signs } from "../formulas/notation.ts";
import { sizeOf, type Program } from "../trace/program.ts";
import { entryName, indexAt, placeAt } from "../trace/trail.ts";
import { fetchCheck, type CheckAnswer } from "../wire.ts";

interface ChosenEntry {
  node: string;
  place: number;
  row?: number;
}

const chosen = signal<ChosenEntry | null>(null);

/** An entry picked anywhere is the one to wiggle. */
export const chosenEntry = {
  set value(entry: ChosenEntry) {
    chosen.value = entry;
    setDrawer("check", true);
  },
};

export const checkPanel: Panel = (input, node) => {
  if (node.op === "const" || !input.frame.valueOf(node.name)) return nothing;
  return drawer("check", () => content(input, node));
};

function content({ program }: InspectorInput, node: GraphNode): TemplateResult {
  const mine = chosen.value?.node === node.name ? chosen.value : null;
  const place = Math.min(mine?.place ?? 0, Math.max(0, sizeOf(node.shape) - 1));
  const row = Math.min(mine?.row ?? 0, program.m - 1);
  const entry = { node: node.name, index: indexAt(node.shape, place), row };
  const asked = answerOf("check", { mode: "reverse", wrt: [node.name], entry }, fetchCheck);
  return html`<div class="check-box">${chooser(program, node, place, row)}${answer(program, node, place, asked)}</div>`;
}

/** The index of the entry, axis by axis, and the row of P where there are several. */
function chooser(program: Program, node: GraphNode, place: number, row: number): unknown {
  const index = indexAt(node.shape, place);
  const put = (change: Partial<ChosenEntry>) =>
    (chosen.value = { node: node.name, place, row, ...change });
  const field = (label: string, at: number, size: number, change: (value: number) => void) =>
    html`<label><span>${label}</span><input class="own-undo" type="number" min="0" max=${size - 1} .value=${String(at)}
      @change=${(event: Event) => change(clamp(event, size))}></label>`;
  const axes = node.shape.map((size, axis) =>
    field(t("sheet.axis", { axis }), index[axis]!, size, (value) =>
      put({ place: placeAt(node.shape, index.with(axis, value)) }),
    ),
  );
  const rows =
    program.m > 1
      ? [
          field(t("check.row", { symbol: signs().word }), row, program.m, (value) =>
            put({ row: value }),
          ),
        ]
      : [];
  return axes.length + rows.length ? html`<div class="axes">${axes}${rows}</div>` : nothing;
}

/** The number that was typed, brought into range; what is typed is left alone until it is done. */
function clamp(event: Event, size: number): number {
  const input = event.target as HTMLInputElement;
  const typed = Math.trunc(Number(input.value)) || 0;
  const value = Math.min(size - 1, Math.max(0, typed));
  input.value = String(value);
  return value;
}

function answer(
  program: Program,
  node: GraphNode,
  place: number,
  asked: Answer<CheckAnswer>,
): TemplateResult {
  if (asked.state === "waiting") return html`<p class="counts">${t("check.waiting")}</p>`;
  if (asked.state === "refused") return refusal(asked.problem);
  const found = asked.value.nodes[0];
  const { curve } = asked.value;
  const verdict = found?.verdict ?? "unreached";
  const told = html`<p class="verdict" data-verdict=${verdict}>${t(`verdict.${verdict}`, { symbol: signs().word })}</p>`;
  if (!curve || !curve.steps.length) return told;
  const chart = chartOf(curve);
  const analytic = toNumber(curve.analytic);
  const name = entryName(node.name, node.shape, place);
  return html`${told}<dl class="compare">
    <dt>${math(adjointSymbol(program, node.name))} ${t("check.analytic", { name })}</dt><dd data-part="analytic" data-value=${exact(analytic)} title=${exact(analytic)}>${number(analytic)}</dd>
    ${chart.best ? measured(chart.best) : nothing}</dl>
    ${chart.points.length ? picture(chart) : nothing}`;
}

function measured({ numeric, error, h }: CurvePoint): TemplateResult {
  return html`<dt>${t("check.numeric", { h: number(h) })}</dt><dd data-part="numeric" data-value=${exact(numeric)} title=${exact(numeric)}>${number(numeric)}</dd>
    <dt>${t("check.error")}</dt><dd data-part="error" data-value=${exact(error)}>${number(error)}</dd>`;
}

const RAISED: Record<string, string> = { "-": "⁻" };
const superscript = (power: number) =>
  [...String(power)].map((sign) => RAISED[sign] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]).join("");

function picture(chart: Chart): TemplateResult {
  const { width, height, left, right, top, bottom } = BOX;
  const base = height - bottom;
  const label = t("check.chart", { h: number(chart.best!.h), error: number(chart.best!.error) });
  return html`<svg class="curve" role="img" aria-label=${label} viewBox="0 0 ${width} ${height}" width=${width} height=${height}>
    ${chart.down.map(({ y, power }) => svg`<path class="grid" d="M${left} ${y}H${width - right}"></path><text x=${left - 6} y=${y + 3.5} text-anchor="end">10${superscript(power)}</text>`)}
    ${chart.across.map(({ x, power }) => svg`<path class="grid" d="M${x} ${top}V${base}"></path><text x=${x} y=${base + 14} text-anchor="middle">10${superscript(power)}</text>`)}
    <path class="line" d=${chart.path}></path>
    ${chart.points.map(
      (
        point,
      ) => svg`<circle cx=${point.x} cy=${point.y} r=${point === chart.best ? 5 : 3} ?data-best=${point === chart.best} ?data-exact=${point.exact}
      data-h=${exact(point.h)} data-error=${exact(point.error)}><title>h = ${number(point.h)}: ${number(point.error)}</title></circle>`,
    )}
    <text class="axis" x=${(left + width - right) / 2} y=${height - 4} text-anchor="middle">${t("check.step")}</text>
    <text class="aside" x=${left} y=${height - 4}>← ${t("check.rounding")}</text>
    <text class="aside" x=${width - right} y=${height - 4} text-anchor="end">${t("check.truncation")} →</text></svg>`;
}
