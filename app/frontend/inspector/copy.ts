// Taking along what is seen: a value, P, a local Jacobian or the formula, as text for elsewhere.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { FORMATS, statement, written, type Format } from "../formulas/copy.ts";
import { idOf, symbolic } from "../formulas/equation.ts";
import type { EdgeName, GraphNode, Tensor } from "../events.ts";
import { entriesOf } from "../format.ts";
import { t } from "../i18n.ts";
import { shownRun } from "./ask.ts";
import { section, type InspectorInput, type Panel } from "./parts.ts";
import { signs } from "../formulas/notation.ts";
import { edgeKey } from "../timeline.ts";
import { fetchEntries } from "../wire.ts";

/** One thing that can be copied; null for a format in which it cannot be said. */
interface Item {
  key: string;
  label: string;
  text(format: Format): Promise<string | null>;
  can(format: Format): boolean;
}

const choice = signal("value");
const said = signal<{ key: string; text: string | null } | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export const copyPanel: Panel = (input, node) => {
  const items = itemsOf(input, node);
  const item = items.find(({ key }) => key === choice.value) ?? items[0];
  if (!item) return nothing;
  const choose = (event: Event) => (choice.value = (event.target as HTMLSelectElement).value);
  return section(
    "copy",
    html`<div class="copy-box"><select class="small" aria-label=${t("copy.what")} .value=${live(item.key)} @change=${choose}>${items.map(
      ({ key, label }) =>
        html`<option value=${key} ?selected=${key === item.key}>${label}</option>`,
    )}</select>
    <div class="segments" role="group" aria-label=${t("copy.as")}>${FORMATS.map((format) => button(item, format))}</div></div>
    <p class="counts copied" role="status">${said.value ? t(said.value.key) : nothing}</p>
    ${said.value?.text ? html`<textarea class="by-hand" readonly aria-label=${t("copy.by-hand")} .value=${said.value.text} @focus=${(event: Event) => (event.target as HTMLTextAreaElement).select()}></textarea>` : nothing}`,
  );
};

function button(item: Item, format: Format): TemplateResult {
  const can = item.can(format);
  return html`<button type="button" aria-disabled=${!can} title=${can ? nothing : t("copy.cannot")}
    @click=${() => can && copy(item, format)}>${t(`copy.${format}`)}</button>`;
}

function itemsOf({ program, frame }: InspectorInput, node: GraphNode): Item[] {
  const items: Item[] = [];
  const value = frame.valueOf(node.name)?.value;
  const adjoint = frame.adjointOf(node.name)?.value;
  const add = (key: string, label: string, tensor: Tensor | undefined, source: object) => {
    if (tensor) items.push(tensorItem(key, label, tensor, source));
  };
  add("value", t("copy.value", { name: node.name }), value, { what: "value", node: node.name });
  add("adjoint", signs().adjointText(node.id), adjoint, { what: "adjoint", node: node.name });
  for (const edge of program.inputs.get(node.name) ?? []) {
    const found = frame.jacobianOf(edgeKey(edge));
    const label = signs().jacobianText(idOf(program, edge.from), idOf(program, edge.to));
    const name: EdgeName = { from: edge.from, to: edge.to, slot: edge.slot };
    const tensor = found && (found.dense ?? { shape: found.shape, dtype: node.dtype });
    add(`J ${edgeKey(edge)}`, label, tensor, { what: "jacobian", edge: name });
  }
  if (node.formula && node.op !== "const") items.push(formulaItem(program, node));
  return items;
}

function tensorItem(key: string, label: string, tensor: Tensor, source: object): Item {
  const text = async (format: Format) => {
    const entries = entriesOf(tensor) ?? [
      ...(await fetchEntries({ ...shownRun(), ...source })).data,
    ];
    return written({ shape: tensor.shape, dtype: tensor.dtype, entries }, format);
  };
  return { key, label, text, can: () => true };
}

function formulaItem(program: InspectorInput["program"], node: GraphNode): Item {
  const texts: Record<Format, string | null> = {
    latex: `${node.symbol} = ${symbolic(program, node.formula)}`,
    numpy: statement(node.source, "numpy", node.inputs),
    pytorch: statement(node.source, "pytorch", node.inputs),
    json: JSON.stringify({
      name: node.name,
      op: node.op,
      inputs: node.inputs,
      source: node.source,
    }),
  };
  return {
    key: "formula",
    label: t("copy.formula"),
    text: (format) => Promise.resolve(texts[format]),
    can: (format) => texts[format] !== null,
  };
}

async function copy(item: Item, format: Format): Promise<void> {
  let text: string | null = null;
  try {
    text = await item.text(format);
    if (text === null) return;
    await navigator.clipboard.writeText(text);
    tell("copy.done", null);
  } catch {
    // Without leave to use the clipboard, the text is there to be copied by hand.
    tell(text === null ? "copy.failed" : "copy.by-hand", text);
  }
}

function tell(key: string, text: string | null): void {
  said.value = { key, text };
  clearTimeout(timer);
  if (text === null) timer = setTimeout(() => (said.value = null), 4000);
}
