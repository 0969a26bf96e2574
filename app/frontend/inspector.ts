// What is known of one node at this step: value, formula, local Jacobians, P and its ledger.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { numeric, symbolic, symbolOf } from "./equation.ts";
import { endEdit, setText } from "./edit.ts";
import type { FinishedEvent, GraphNode } from "./events.ts";
import { face, math, space } from "./face.ts";
import { number } from "./format.ts";
import { freezing } from "./freeze.ts";
import { t } from "./i18n.ts";
import { leafEditor } from "./leaf-editor.ts";
import { signs } from "./notation.ts";
import { exactly, summary } from "./inspector-facts.ts";
import {
  largeFace,
  morePanels,
  section,
  type InspectorInput,
  type Panel,
  type Shown,
} from "./inspector-parts.ts";
import { editing, hovered, inspected, field, shownRequest, sourceText, update } from "./state.ts";
import { nodePhase } from "./timeline.ts";

export function renderInspector(host: HTMLElement, input: InspectorInput | null): void {
  const name = inspected.value;
  const node = name === null ? undefined : input?.program.nodes.get(name);
  if (input?.frame.event.kind === "finished" && !node) {
    render(totals(input.frame.event), host);
    return;
  }
  if (!input || !node) {
    render(
      html`<div class="empty"><p>${t("inspector.empty")}</p><p class="hint">${t("inspector.empty.hint")}</p></div>`,
      host,
    );
    return;
  }
  render(html`${heading(input, node)}${panels(input, node)}`, host);
}

/** What the run cost. */
function totals({ nodes, edges, flops, bytes, seconds }: FinishedEvent): TemplateResult {
  const rows = { nodes, edges, flops, bytes, milliseconds: seconds * 1000 };
  return html`<dl class="totals">${Object.entries(rows).map(
    ([name, count]) => html`<dt>${t(`totals.${name}`)}</dt><dd>${number(count)}</dd>`,
  )}</dl>`;
}

function heading({ program, frame }: InspectorInput, node: GraphNode): TemplateResult {
  const phase = nodePhase(frame, node);
  const why = editing.value
    ? "editing"
    : hovered.value
      ? "hovered"
      : field.selection.value
        ? "pinned"
        : "active";
  const symbol =
    node.symbol.replaceAll(/[{}\s]/g, "") === `u_${node.id}`
      ? node.symbol
      : `u_{${node.id}} = ${node.symbol}`;
  return html`<header class="subject" data-phase=${phase}>
    <h3 aria-label=${node.name}>${math(symbol)}</h3>
    <span class="badge" data-phase=${phase}>${t(`node.phase.${phase === "final" && frame.mode === "forward" ? "tangent" : phase}`, { symbol: signs().word })}</span>
    <p class="facts">${t(`inspector.op.${["leaf", "const", "group"].includes(node.op) ? node.op : "computed"}`, { op: node.op })}
      · ${node.shape.length ? space(node.shape) : t("card.scalar")} · ${node.dtype}${
        node.name === program.output ? html` · ${t("card.role.output")}` : nothing
      }<span class="why">${t(`inspector.${why}`)}</span></p>
  </header>`;
}

/** What is told of a node, one object in a table, and in which order. */
const ORDER =
  "origins formula value jacobians adjoint tangent check paths memory copy links freeze reading".split(
    " ",
  );
const FIRST: Record<string, Panel> = {
  formula: formulaSection,
  value: valueSection,
  links: linksSection,
  freeze: freezeSection,
};

function panels(input: InspectorInput, node: GraphNode): Shown[] {
  const table = { ...FIRST, ...morePanels.value };
  return ORDER.map((key) => table[key]?.(input, node) ?? nothing);
}

function formulaSection({ program, frame }: InspectorInput, node: GraphNode): Shown {
  if (!node.formula || node.op === "const") return nothing;
  const value = frame.valueOf(node.name);
  const numbers = value ? numeric(program, frame, node.formula) : null;
  return section(
    "formula",
    html`<div class="lines">
    <div>${math(`${node.symbol} = ${symbolic(program, node.formula)}`)}</div>
    ${numbers ? html`<div class="numbers">${math(`\\phantom{${node.symbol}} = ${numbers}`)}</div>` : nothing}</div>`,
  );
}

function valueSection({ frame, scale }: InspectorInput, node: GraphNode): TemplateResult {
  const editor = leafEditor(node, scale);
  if (editor) return section("given", editor);
  const value = frame.valueOf(node.name)?.value;
  const content = value
    ? html`${face(largeFace(value, node.shape, scale))}${exactly(value)}${summary(value)}`
    : face({ kind: "pending" });
  return section("value", content);
}

function linksSection({ program }: InspectorInput, node: GraphNode): Shown {
  const inputs = [...new Set(node.inputs)];
  const users = [
    ...new Set((program.users.get(node.name) ?? []).map((edge) => edge.to)),
  ].toReversed();
  const list = (
    key: string,
    names: string[],
  ) => html`<div class="links"><span>${t(`inspector.${key}`)}</span>
    ${
      names.length
        ? names.map(
            (name) => html`<button type="button" class="link" aria-label=${name}
      @click=${() => update({ selection: name })}>${math(symbolOf(program, name))}</button>`,
          )
        : html`<i>${t("inspector.none")}</i>`
    }</div>`;
  return html`<section class="fact" data-fact="links">${list("inputs", inputs)}${list("users", users)}</section>`;
}

/** Whether derivatives pass: said in the text, and turned round there. */
function freezeSection(_: InspectorInput, node: GraphNode): Shown {
  const current = shownRequest.value?.source === sourceText.value;
  const found = current ? freezing(sourceText.value, node) : null;
  if (!found) return nothing;
  const kind = node.op === "leaf" ? "freeze" : "detach";
  const act = () => {
    setText(found.source, kind);
    endEdit();
  };
  return html`<div class="freeze"><button type="button" class="link" aria-pressed=${found.frozen} title=${t(`${kind}.hint`)}
    @click=${act}>${t(kind)}</button></div>`;
}
