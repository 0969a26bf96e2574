// The account of a node: each term with the edge it came by, the sum after it, and P once nothing is missing.

import { html, nothing, type TemplateResult } from "lit-html";
import { adjointSymbol, productTex, symbolOf, termSymbol } from "../formulas/equation.ts";
import type { GraphEdge, GraphNode, Tensor } from "../events.ts";
import { face, math } from "../canvas/face.ts";
import { scalarOf, shapeText } from "../format.ts";
import { t } from "../i18n.ts";
import { chosenEntry } from "./check.ts";
import { section, type InspectorInput, type Panel, type Shown } from "./parts.ts";
import { sheetView, type Sheet } from "./sheet.ts";
import { NOTATIONS, sampleOf, signs } from "../formulas/notation.ts";
import { field, hovered, update } from "../state.ts";
import { edgeKey } from "../timeline.ts";
import { entryName } from "../trace/trail.ts";

/** Of more terms than this the latest are shown: a leaf of a long loop has thousands. */
const MOST = 40;

export const accountPanel: Panel = (input, node) => {
  if (node.op === "const") return nothing;
  const { program, frame } = input;
  const edges = program.users.get(node.name) ?? [];
  const sums = frame.sumsOf(node.name);
  const symbol = html` <span class="sign">${math(adjointSymbol(program, node.name))}</span>${chooser()}`;
  const above = Math.min(Math.max(0, sums.length - MOST), Math.max(0, edges.length - MOST));
  const rows = edges
    .slice(above, above + MOST)
    .map((edge, index) => entry(input, edge, sums[above + index]?.value, edges.length > 1));
  const count = edges.length - MOST;
  const more = count > 0 ? html`<p class="counts">${t("ledger.more", { count })}</p>` : nothing;
  return section(
    "adjoint",
    html`<div class="account" role="list">${seedRow(input, node)}${rows}</div>${more}${total(input, node)}`,
    symbol,
  );
};

/** The signs for P, to choose from. */
function chooser(): TemplateResult {
  return html`<span class="segments small" role="group" aria-label=${t("symbols")}>${NOTATIONS.map(
    (name) =>
      html`<button type="button" aria-pressed=${field.symbols.value === name} title=${t(`symbols.${name}`)}
        @click=${() => update({ symbols: name })}>${math(sampleOf(name))}<span class="heard">${t(`symbols.${name}`)}</span></button>`,
  )}</span>`;
}

/** The output starts from its seed, not from zero. */
function seedRow({ program, frame }: InspectorInput, node: GraphNode): Shown {
  if (node.name !== program.output) return nothing;
  const known = frame.sweeping;
  return html`<div class="entry seed" role="listitem"><span class="via">${t("account.seed")}</span>
    <span>${math(program.m > 1 ? "I" : node.shape.length ? "v^{\\mathsf T}" : "1")}</span>${known ? nothing : face({ kind: "pending" })}</div>`;
}

function entry(
  input: InspectorInput,
  edge: GraphEdge,
  sum: Tensor | undefined,
  several: boolean,
): TemplateResult {
  const { program, frame } = input;
  const key = edgeKey(edge);
  const term = frame.termOf(key)?.value;
  const product = term && scalarOf(term) !== null ? productTex(frame, edge) : null;
  const active =
    (frame.event.kind === "term" || frame.event.kind === "accumulate") &&
    (frame.activeEdge === key ||
      (frame.activeNode === edge.from && sum !== undefined && isLast(input, edge)));
  return html`<div class="entry" role="listitem" data-entry=${key} ?data-active=${active}>
    <button type="button" class="via" title=${t("account.go", { name: edge.to })} aria-label=${t("account.go", { name: edge.to })}
      @click=${() => update({ selection: edge.to })} @pointerenter=${() => (hovered.value = null)}>${math(`${symbolOf(program, edge.to)}`)}</button>
    <span class="wide">${math(termSymbol(program, edge, true) + (product ? ` = ${product}` : ""))}</span>
    <span class="term">${term ? small(input, edge, term, "term") : face({ kind: "pending" })}</span>
    ${several ? html`<span class="sum" title=${t("account.sum")}><i aria-hidden="true">Σ</i><span class="heard">${t("account.sum")}</span>${sum ? small(input, edge, sum, "sum") : face({ kind: "pending" })}</span>` : nothing}</div>`;
}

/** The edge whose term was added last. */
function isLast({ program, frame }: InspectorInput, edge: GraphEdge): boolean {
  const edges = program.users.get(edge.from) ?? [];
  return edges[frame.sumsOf(edge.from).length - 1] === edge;
}

/** A row vector of the ledger: its own sheet, where each entry can be read. */
function small(
  { program, scale }: InspectorInput,
  edge: GraphEdge,
  tensor: Tensor,
  which: "term" | "sum",
): TemplateResult {
  const node = program.nodes.get(edge.from)!;
  const { shape } = tensor;
  const label = t(`sheet.${which}`, { name: node.name, user: edge.to, shape: shapeText(shape) });
  const nameOf = (place: number) => `${label.split(",")[0]} [${place}]`;
  return sheetView({
    ...base(node, tensor, scale),
    part: `${which} ${edgeKey(edge)}`,
    shape,
    label,
    nameOf,
  });
}

function base(node: GraphNode, tensor: Tensor, scale: number): Sheet {
  const name = `${signs().adjointText(node.id)}`;
  return {
    what: "adjoint",
    node: node.name,
    tensor,
    whole: tensor.shape,
    shape: tensor.shape,
    nameOf: (place) =>
      `${name}[${Math.floor(place / (tensor.shape[1] ?? 1))}, ${place % (tensor.shape[1] ?? 1)}]`,
    label: t("sheet.adjoint", { name, shape: shapeText(tensor.shape) }),
    scale,
  };
}

function total(input: InspectorInput, node: GraphNode): TemplateResult {
  const { program, frame, scale } = input;
  const final = frame.adjointOf(node.name)?.value;
  const found = final ?? frame.sumOf(node.name)?.value;
  const columns = Math.max(1, found?.shape[1] ?? 1);
  const pick = (place: number) =>
    (chosenEntry.value = {
      node: node.name,
      place: place % columns,
      row: Math.floor(place / columns),
    });
  const sheet = found && { ...base(node, found, scale), pick };
  const gradient = found && program.m === 1 && node.shape.length > 0;
  return html`<div class="total" ?data-final=${Boolean(final)}>
    <span>${math(adjointSymbol(program, node.name))} <i class="state">${state(input, node)}</i></span>
    ${sheet ? sheetView(sheet) : face(frame.sweeping && !node.reached ? { kind: "unreached" } : { kind: "pending" })}</div>
    ${gradient ? html`<div class="total gradient"><span>${t("inspector.gradient")}</span>${sheetView(gradientSheet(node, sheet!, pick))}</div>` : nothing}`;
}

function gradientSheet(node: GraphNode, sheet: Sheet, pick: (place: number) => void): Sheet {
  const name = `∂/∂${node.name}`;
  return {
    ...sheet,
    part: "gradient",
    shape: node.shape,
    label: t("sheet.gradient", { name: node.name, shape: shapeText(node.shape) }),
    nameOf: (place) => entryName(name, node.shape, place),
    pick,
  };
}

/** Final, so many terms missing, or nothing yet: in words, as — is not 0. */
function state({ program, frame }: InspectorInput, node: GraphNode): string {
  if (frame.adjointOf(node.name)) return t("account.final");
  if (frame.sweeping && !node.reached) return t("account.unreached");
  const missing = (program.users.get(node.name)?.length ?? 0) - frame.sumsOf(node.name).length;
  return missing > 0 ? t("account.missing", { count: missing }) : "";
}
