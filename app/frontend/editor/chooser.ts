// What is asked for: the example, the output, the weight vector, the precision and the device.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import {
  canRedo,
  canUndo,
  chooseExample,
  edit,
  endEdit,
  redo,
  resetInputs,
  revert,
  undo,
} from "./edit.ts";
import { currentLanguage, t } from "../i18n.ts";
import { icon, type Icon } from "../canvas/icons.ts";
import { parseValue, valueText } from "../leaf/numbers.ts";
import type { Program } from "../trace/program.ts";
import { shapeOf } from "../trace/request.ts";
import type { Place } from "../place.ts";
import { example, examples, field, weights } from "../state.ts";
import type { Example } from "../wire.ts";

export function renderChoosers(host: HTMLElement, program: Program | null): void {
  const own = field.source.value !== null && field.source.value !== example.value?.source;
  render(
    html`${exampleChooser(own)}${outputChooser(program)}${about(own)}${weightsField(program)}`,
    host,
  );
}

const chosen = (event: Event) => (event.target as HTMLSelectElement).value;

function exampleChooser(own: boolean): TemplateResult {
  const current = field.example.value;
  const language = currentLanguage();
  const choose = (event: Event) => {
    const name = chosen(event);
    if (name) chooseExample(name);
  };
  const option = ({ name, title }: Example) => {
    const selected = !own && name === current;
    return html`<option value=${name} ?selected=${selected}>${title[language]}</option>`;
  };
  const options = chapters().map(
    ([chapter, members]) =>
      html`<optgroup label=${t(`chapter.${chapter}`)}>${members.map(option)}</optgroup>`,
  );
  const label = t("chooser.example");
  return html`<label class="field"><span>${label}</span>
    <select aria-label=${label} .value=${live(own ? "" : current)} @change=${choose}>
      ${own ? html`<option value="" selected>${t("chooser.own")}</option>` : nothing}${options}
    </select></label>`;
}

/** The chapters of the gallery, in its order. */
function chapters(): [string, Example[]][] {
  const membersOf = new Map<string, Example[]>();
  for (const one of examples.value) {
    membersOf.set(one.chapter, [...(membersOf.get(one.chapter) ?? []), one]);
  }
  return [...membersOf];
}

function outputChooser(program: Program | null): TemplateResult {
  const output = program?.output ?? "";
  const nodes = program ? [...program.nodes.values()].filter((node) => node.op !== "const") : [];
  const options = nodes.map(
    ({ name }) => html`<option value=${name} .selected=${live(name === output)}>${name}</option>`,
  );
  const choose = (event: Event) => {
    edit({ output: chosen(event) }, "output");
    endEdit();
  };
  const label = t("chooser.output");
  return html`<label class="field"><span>${label}</span>
    <select aria-label=${label} @change=${choose}>${options}</select></label>`;
}

function about(own: boolean): TemplateResult {
  if (!own) return html`<p class="about">${example.value?.text[currentLanguage()] ?? ""}</p>`;
  const back = html`<button type="button" class="inline" @click=${revert}>${t("chooser.revert")}</button>`;
  return html`<p class="about">${t("chooser.own.text")} ${back}</p>`;
}

/** With v one row is carried back, vᵀJ; without it all of the Jacobian is. A single number needs neither. */
function weightsField(program: Program | null): TemplateResult | typeof nothing {
  const shape = program?.nodes.get(program.output)?.shape ?? [];
  if (!shape.length) return nothing;
  const label = t("chooser.weights");
  const current = weights.value;
  const take = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const value = input.value.trim() ? parseValue(input.value) : null;
    const fits = value === null ? !input.value.trim() : String(shapeOf(value)) === String(shape);
    input.setCustomValidity(fits ? "" : t("value.shape", { shape: shape.join("×") }));
    input.reportValidity();
    if (!fits) return;
    edit({ gradient: value ?? "none" }, "weights");
    endEdit();
  };
  return html`<label class="field wide inline-field"><span>${label}</span>
    <input type="text" aria-label=${label} placeholder=${t("chooser.weights.none")} spellcheck="false" autocomplete="off"
      .value=${live(current === null ? "" : valueText(current))} @change=${take}></label>`;
}

function step(name: Icon, label: string, act: () => void, able: boolean): TemplateResult {
  return html`<button type="button" class="tool" aria-label=${label} title=${label} aria-disabled=${!able} @click=${act}>${icon(name)}</button>`;
}

function select(
  name: "dtype" | "device",
  label: string,
  options: readonly (readonly [string, string])[],
): TemplateResult {
  const current = field[name].value;
  const choose = (event: Event) => edit({ [name]: chosen(event) } as Partial<Place>, name);
  return html`<select class="small" aria-label=${label} title=${label} @change=${choose}>${options.map(
    ([value, text]) =>
      html`<option value=${value} .selected=${live(value === current)}>${text}</option>`,
  )}</select>`;
}

/** Below the text: undo and redo, how exactly and where to compute, and which values are not the text's. */
export function renderWorkbench(host: HTMLElement, devices: readonly string[]): void {
  const changed = Object.keys(field.inputs.value ?? {});
  const current = field.device.value;
  const known = devices.includes(current) ? devices : [...devices, current];
  render(
    html`<div class="workbench">
    ${step("undo", t("edit.undo"), undo, canUndo.value)}${step("redo", t("edit.redo"), redo, canRedo.value)}
    <span class="gap"></span>
    ${select("dtype", t("chooser.precision"), [
      ["float64", "float64"],
      ["float32", "float32"],
    ])}${select(
      "device",
      t("chooser.device"),
      known.map((name) => [name, deviceText(name)]),
    )}</div>
    ${
      changed.length
        ? html`<p class="changed"><span>${t("edit.changed", { count: changed.length })}</span>
      <b>${changed.slice(0, 4).join(", ")}${changed.length > 4 ? " …" : ""}</b>
      <button type="button" class="inline" @click=${resetInputs}>${t("edit.reset")}</button></p>`
        : nothing
    }`,
    host,
  );
}

function deviceText(name: string): string {
  return name === "cpu" ? t("device.cpu") : t("device.cuda", { device: name });
}
