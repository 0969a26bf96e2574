// What is known of one node at this step: value, formula, local Jacobians, P and its ledger.

import { html, nothing, render, type TemplateResult } from "lit-html";
import {
  adjointSymbol,
  jacobianSymbol,
  numeric,
  productTex,
  symbolic,
  symbolOf,
  termSymbol,
} from "./equation.ts";
import { endEdit, setText } from "./edit.ts";
import type { FinishedEvent, GraphEdge, GraphNode, Tensor } from "./events.ts";
import { face, math, space } from "./face.ts";
import { exact, gridOf, number, numberTex, scalarOf, shapeText } from "./format.ts";
import { freezing } from "./freeze.ts";
import { t } from "./i18n.ts";
import { leafEditor } from "./leaf-editor.ts";
import { signs } from "./notation.ts";
import { sizeOf, type Program } from "./program.ts";
import { faceOf, ROOMY, type Face } from "./cells.ts";
import { editing, hovered, inspected, field, shownRequest, sourceText, update } from "./state.ts";
import { edgeKey, nodePhase, type Frame } from "./timeline.ts";

export interface InspectorInput {
  program: Program;
  frame: Frame;
  scale: number;
}

/** Room for a matrix, in pixels. */
const WIDTH = 292;

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
  render(html`${heading(input, node)}${SECTIONS.map((section) => section(input, node))}`, host);
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
    <span class="badge" data-phase=${phase}>${t(`node.phase.${phase}`, { symbol: signs().word })}</span>
    <p class="facts">${t(`inspector.op.${["leaf", "const", "group"].includes(node.op) ? node.op : "computed"}`, { op: node.op })}
      · ${node.shape.length ? space(node.shape) : t("card.scalar")} · ${node.dtype}${
        node.name === program.output ? html` · ${t("card.role.output")}` : nothing
      }<span class="why">${t(`inspector.${why}`)}</span></p>
  </header>`;
}

type Section = (input: InspectorInput, node: GraphNode) => TemplateResult | typeof nothing;

const SECTIONS: Section[] = [
  formulaSection,
  valueSection,
  jacobianSection,
  adjointSection,
  linksSection,
  freezeSection,
];

function section(key: string, content: unknown, note: unknown = nothing): TemplateResult {
  return html`<section class="fact" data-fact=${key}><h4>${t(`inspector.${key}`)}${note}</h4>${content}</section>`;
}

/** A tensor with room to be read: numbers where they fit, colours where they do not. */
export function largeFace(tensor: Tensor, shape: readonly number[], scale: number): Face {
  const { rows, cols } = gridOf(shape);
  const written = cols <= 6 && rows <= 12;
  const cell = written ? Math.min(62, WIDTH / cols) : Math.min(18, WIDTH / Math.min(16, cols));
  const [down, across] = written ? [rows, cols] : [Math.min(16, rows), Math.min(16, cols)];
  if (down * across === 1) return faceOf(tensor, shape, ROOMY, scale);
  const kind = written ? "grid" : "map";
  const [width, height] = [across * cell, down * (written ? 26 : cell)];
  return faceOf(tensor, shape, { kind, rows: down, cols: across, width, height, em: 13 }, scale);
}

function formulaSection(
  { program, frame }: InspectorInput,
  node: GraphNode,
): TemplateResult | typeof nothing {
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

/** All digits, where the number shown is rounded. */
function exactly(value: Tensor): TemplateResult | typeof nothing {
  const scalar = scalarOf(value);
  if (
    scalar === null ||
    !Number.isFinite(scalar) ||
    Number(number(scalar).replace("\u2212", "-")) === scalar
  )
    return nothing;
  return html`<p class="exactly">${exact(scalar).replace("-", "\u2212")}</p>`;
}

function summary({ summary: found }: Tensor): TemplateResult | typeof nothing {
  if (!found) return nothing;
  const rows = [
    ["min", found.min],
    ["max", found.max],
    ["mean", found.mean],
    ["norm", found.norm],
  ] as const;
  return html`<dl class="summary">${rows.map(
    ([name, x]) =>
      html`<dt>${t(`summary.${name}`)}</dt><dd>${x === null ? "—" : math(numberTex(x))}</dd>`,
  )}</dl>`;
}

function jacobianSection(
  { program, frame, scale }: InspectorInput,
  node: GraphNode,
): TemplateResult | typeof nothing {
  const edges = program.inputs.get(node.name) ?? [];
  if (!edges.length) return nothing;
  return section(
    "jacobians",
    html`${edges.map((edge) => jacobianFact(program, frame, scale, edge))}`,
  );
}

function jacobianFact(
  program: Program,
  frame: Frame,
  scale: number,
  edge: GraphEdge,
): TemplateResult {
  const found = frame.jacobianOf(edgeKey(edge));
  const shape = [
    sizeOf(program.nodes.get(edge.to)!.shape),
    sizeOf(program.nodes.get(edge.from)!.shape),
  ];
  const formula = edge.formula ? ` = ${symbolic(program, edge.formula)}` : "";
  const tensor = found?.dense ?? found?.window?.entries;
  const entries = sizeOf(shape);
  return html`<div class="jacobian" data-jacobian=${edgeKey(edge)} ?data-active=${frame.activeEdge === edgeKey(edge)}>
    <div class="row"><span>${math(`${jacobianSymbol(program, edge)}${formula}`)}</span>
      ${tensor && scalarOf(tensor) !== null ? face(faceOf(tensor, [], ROOMY, scale)) : found ? nothing : face({ kind: "pending" })}</div>
    ${tensor && scalarOf(tensor) === null ? face(largeFace(tensor, tensor.shape, scale)) : nothing}
    ${
      found && entries > 1
        ? html`<p class="counts"><b>${t(`structure.${found.structure}`)}</b> ${shapeText(shape)}
      · ${t("jacobian.nonzero", { nonzero: found.nonzero, total: entries })} · ${t("jacobian.stored", { count: found.stored })}</p>`
        : nothing
    }
    ${found?.kink ? html`<p class="counts kink">${t("jacobian.kink")}</p>` : nothing}</div>`;
}

function adjointSection(input: InspectorInput, node: GraphNode): TemplateResult | typeof nothing {
  const { program, frame, scale } = input;
  if (node.op === "const") return nothing;
  const symbol = html` <span class="sign">${math(adjointSymbol(program, node.name))}</span>`;
  const found = frame.adjointOf(node.name)?.value ?? frame.sumOf(node.name)?.value;
  const edges = program.users.get(node.name) ?? [];
  const total = html`<div class="total" ?data-final=${Boolean(frame.adjointOf(node.name))}>
    <span>${math(adjointSymbol(program, node.name))}</span>
    ${found ? face(largeFace(found, found.shape, scale)) : face(frame.sweeping && !node.reached ? { kind: "unreached" } : { kind: "pending" })}</div>`;
  const gradient =
    found && program.m === 1 && node.shape.length
      ? html`<div class="total gradient"><span>${t("inspector.gradient")}</span>${face(largeFace(found, node.shape, scale))}</div>`
      : nothing;
  return section(
    "adjoint",
    html`<div class="account">
    ${edges.map((edge) => termFact(program, frame, scale, edge))}${total}${gradient}</div>`,
    symbol,
  );
}

function termFact(program: Program, frame: Frame, scale: number, edge: GraphEdge): TemplateResult {
  const term = frame.termOf(edgeKey(edge))?.value;
  const product = term && scalarOf(term) !== null ? productTex(frame, edge) : null;
  return html`<div class="entry" ?data-active=${frame.event.kind === "term" && frame.activeEdge === edgeKey(edge)}>
    <span>${math(termSymbol(program, edge) + (product ? ` = ${product}` : ""))}</span>
    ${term ? face(largeFace(term, term.shape, scale)) : face({ kind: "pending" })}</div>`;
}

function linksSection(
  { program }: InspectorInput,
  node: GraphNode,
): TemplateResult | typeof nothing {
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
function freezeSection(_: InspectorInput, node: GraphNode): TemplateResult | typeof nothing {
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
