// Which way derivatives are carried, along which direction, and how often; loaded after the first picture.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { edit, endEdit } from "../editor/edit.ts";
import { symbolOf } from "../formulas/equation.ts";
import type { GraphEvent } from "../events.ts";
import { math } from "../canvas/face.ts";
import { t } from "../i18n.ts";
import { sizeOf, type Program } from "../trace/program.ts";
import { unit } from "../trace/request.ts";
import { directionName, directionsOf } from "../trace/rival.ts";
import { FIELDS } from "../place.ts";
import { field, trace, update } from "../state.ts";

const SWEEPS = ["reverse", "forward", "both"] as const;
/** As many times as the server differentiates. */
const HIGHEST = 8;

export function renderModes(host: HTMLElement, program: Program | null): void {
  const [first] = trace.value;
  render(
    html`<div class="strides sweeps" role="group" aria-label=${t("sweep")}>${SWEEPS.map(
      (
        sweep,
      ) => html`<button type="button" aria-pressed=${field.sweep.value === sweep} title=${t(`sweep.${sweep}.hint`)}
        @click=${() => update({ sweep })}>${t(`sweep.${sweep}`)}</button>`,
    )}</div>
    ${first?.kind === "graph" && field.sweep.value === "forward" ? direction(first) : nothing}
    ${program ? again(program) : nothing}`,
    host,
  );
}

/** Forward mode moves one entry of one leaf. */
function direction(graph: GraphEvent): TemplateResult {
  const options = directionsOf(graph);
  const current = JSON.stringify(field.tangents.value);
  const choose = (event: Event) => {
    const { leaf, shape, entry } = options[Number((event.target as HTMLSelectElement).value)]!;
    update({ tangents: { [leaf]: unit(shape, entry) } });
  };
  const label = t("sweep.along");
  return html`<label class="mode-row"><span>${label}</span>
    <select class="small framed" aria-label=${label} @change=${choose}>${options.map(
      (option, index) => {
        const same =
          current === JSON.stringify({ [option.leaf]: unit(option.shape, option.entry) });
        return html`<option value=${index} .selected=${live(same)}>${directionName(option)}</option>`;
      },
    )}</select></label>`;
}

/** The backward pass as part of the graph: to be stepped, and differentiated in its turn. */
function again(program: Program): TemplateResult {
  const wrt = field.wrt.value;
  const nodes = [...program.nodes.values()];
  const leaves = nodes.filter((node) => node.op === "leaf" && node.requires_grad && node.reached);
  const scalar = sizeOf(program.nodes.get(program.output)?.shape ?? []) === 1;
  const able = scalar && leaves.length > 0 && wrt.length < HIGHEST;
  const grow = (event: Event) => {
    const select = event.target as HTMLSelectElement;
    differentiate([...wrt, select.value]);
    select.value = "";
  };
  const label = t("again");
  return html`<div class="mode-row"><span class="order">${math(derivativeTex(program, wrt))}</span>
    <select class="small framed" aria-label=${label} ?disabled=${!able} title=${able ? label : t("again.scalar")} @change=${grow}>
      <option value="" selected>${label}</option>
      ${leaves.map(({ name }) => html`<option value=${name}>${t("again.by", { name })}</option>`)}</select>
    ${wrt.length ? html`<button type="button" class="inline" @click=${() => differentiate(wrt.slice(0, -1))}>${t("again.back")}</button>` : nothing}</div>`;
}

function differentiate(wrt: readonly string[]): void {
  edit({ wrt: wrt.length ? wrt : FIELDS.wrt.initial, step: 0, selection: null }, "wrt");
  endEdit();
}

/** What the output is: f, f′, f″ …, as a fraction where its name says of what. */
export function derivativeTex(program: Program, wrt: readonly string[]): string {
  const primes = wrt.length < 4 ? "'".repeat(wrt.length) : `^{(${wrt.length})}`;
  const name = outputOf(program.output, wrt);
  const top = name === null ? "f" : symbolOf(program, name);
  if (!wrt.length) return `f = ${top}`;
  const power = wrt.length > 1 ? `^{${wrt.length}}` : "";
  const below = wrt.map((leaf) => `\\partial ${symbolOf(program, leaf)}`).join(" \\, ");
  return `f${primes} = \\dfrac{\\partial${power} ${top}}{${below}}`;
}

/** `d(dy/dx)/dx` is named after what was differentiated: `y`. */
export function outputOf(name: string, wrt: readonly string[]): string | null {
  return wrt.reduceRight<string | null>((whole, leaf) => {
    const end = `/d${leaf}`;
    if (!whole?.startsWith("d") || !whole.endsWith(end)) return null;
    const inner = whole.slice(1, -end.length);
    return inner.startsWith("(") && inner.endsWith(")") ? inner.slice(1, -1) : inner;
  }, name);
}
