// What is known of one node at this step: its heading; the panels below come after the first view.

import { html, nothing, render, type TemplateResult } from "lit-html";
import type { FinishedEvent, GraphNode } from "./events.ts";
import { math, space } from "./canvas/face.ts";
import { number } from "./format.ts";
import { t } from "./i18n.ts";
import { signs } from "./formulas/notation.ts";
import { morePanels, type InspectorInput, type Shown } from "./inspector/parts.ts";
import { editing, hovered, inspected, field } from "./state.ts";
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
function panels(input: InspectorInput, node: GraphNode): Shown[] {
  const table = morePanels.value;
  return ORDER.map((key) => table[key]?.(input, node) ?? nothing);
}
