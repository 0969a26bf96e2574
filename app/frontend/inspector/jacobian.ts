// The local Jacobians of a node: each in full, as a structure, and as the product in which it is never formed.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { faceOf, ROOMY } from "../scene/cells.ts";
import {
  idOf,
  jacobianSymbol,
  numeric,
  productTex,
  symbolic,
  termSymbol,
} from "../formulas/equation.ts";
import type { GraphEdge, JacobianEvent, Tensor } from "../events.ts";
import { face, math } from "../canvas/face.ts";
import { entriesOf, number, scalarOf, shapeText } from "../format.ts";
import { has, t } from "../i18n.ts";
import { answerOf } from "./ask.ts";
import { section, type InspectorInput, type Panel, type Shown } from "./parts.ts";
import { sheetView } from "./sheet.ts";
import { productOf } from "../formulas/never-formed.ts";
import { patternPath } from "./pattern.ts";
import { signs } from "../formulas/notation.ts";
import { sizeOf, type Program } from "../trace/program.ts";
import { operandTex, substitute, tensorTex } from "../formulas/tex.ts";
import { edgeKey, type Frame } from "../timeline.ts";
import { entryName } from "../trace/trail.ts";
import { fetchEntries } from "../wire.ts";

const FACES = ["full", "structure", "never"] as const;
type FaceName = (typeof FACES)[number];
const chosen = signal<Record<string, FaceName>>({});

/** A matrix of so many entries is drawn whole; of a larger one, its corner of SIDE × SIDE. */
const WHOLE = 65_536;
const SIDE = 256;

export const jacobianPanel: Panel = (input, node) => {
  const edges = input.program.inputs.get(node.name) ?? [];
  if (!edges.length) return nothing;
  return section("jacobians", html`${edges.map((edge) => jacobian(input, edge))}`);
};

function jacobian(input: InspectorInput, edge: GraphEdge): TemplateResult {
  const { program, frame, scale } = input;
  const key = edgeKey(edge);
  const found = frame.jacobianOf(key);
  const single = found?.dense && scalarOf(found.dense) !== null ? found.dense : null;
  const formula = edge.formula ? ` = ${symbolic(program, edge.formula)}` : "";
  return html`<div class="jacobian" data-jacobian=${key} ?data-active=${frame.activeEdge === key}>
    <div class="row"><span class="wide">${math(`${jacobianSymbol(program, edge, true)}${formula}`)}</span>
      ${single ? face(faceOf(single, [], ROOMY, scale)) : found ? nothing : face({ kind: "pending" })}</div>
    ${found ? numbersOf(program, frame, edge) : nothing}
    ${found && !single ? faces(input, edge, found) : nothing}
    ${found?.kink ? html`<p class="counts kink">${t("jacobian.kink")}</p>` : nothing}</div>`;
}

/** The formula with this step's numbers, where they say more than the number itself. */
function numbersOf(program: Program, frame: Frame, edge: GraphEdge): Shown {
  const numbers = worthIt(edge.formula) ? numeric(program, frame, edge.formula) : null;
  return numbers && !/^\{[^{}\\]*\}$/.test(numbers)
    ? html`<div class="lines numbers">${math(`= ${numbers}`)}</div>`
    : nothing;
}

/** A lone symbol stands for the matrix that is shown below anyway. */
function worthIt(formula: string): boolean {
  return formula.includes("\\node") && !/^\{?\\node\{[^{}]*\}\}?$/.test(formula);
}

function faces(input: InspectorInput, edge: GraphEdge, found: JacobianEvent): TemplateResult {
  const key = edgeKey(edge);
  const now = chosen.value[key] ?? "full";
  const choose = (name: FaceName) => () => (chosen.value = { ...chosen.value, [key]: name });
  const label = t("faces.of", {
    edge: signs().jacobianText(idOf(input.program, edge.from), idOf(input.program, edge.to)),
  });
  return html`<div class="segments" role="group" aria-label=${label}>${FACES.map(
    (name) =>
      html`<button type="button" aria-pressed=${now === name} @click=${choose(name)}>${t(`faces.${name}`)}</button>`,
  )}</div>${SHOW[now](input, edge, found)}`;
}

const SHOW: Record<
  FaceName,
  (input: InspectorInput, edge: GraphEdge, found: JacobianEvent) => TemplateResult
> = { full, structure, never };

function full(
  { program, scale }: InspectorInput,
  edge: GraphEdge,
  found: JacobianEvent,
): TemplateResult {
  const { shape } = found;
  const [from, to] = [program.nodes.get(edge.from)!, program.nodes.get(edge.to)!];
  const nameOf = (place: number) =>
    `∂${entryName(to.name, to.shape, Math.floor(place / shape[1]))} / ∂${entryName(from.name, from.shape, place % shape[1])}`;
  const text = signs().jacobianText(from.id, to.id);
  const label = t("sheet.jacobian", { name: text, shape: shapeText(shape) });
  const tensor: Tensor = found.dense ?? { shape: [...shape], dtype: "float64" };
  const plain = { from: edge.from, to: edge.to, slot: edge.slot };
  return html`${sheetView({ what: "jacobian", node: edge.to, edge: plain, tensor, whole: shape, shape, nameOf, label, scale })}
    ${counts(found)}`;
}

function counts({ structure: kind, shape, nonzero, stored }: JacobianEvent): TemplateResult {
  return html`<p class="counts"><b>${t(`structure.${kind}`)}</b> ${shapeText(shape)}
    · ${t("jacobian.entries", { nonzero, total: sizeOf(shape) })} · ${t("jacobian.stored", { count: stored })}</p>`;
}

/** Entries to draw the pattern of: all that came, or a window of them. */
function patternOf(
  edge: GraphEdge,
  { dense, shape }: JacobianEvent,
): { entries: ArrayLike<number>; rows: number; cols: number } | null {
  const entries = dense && entriesOf(dense);
  if (entries) return { entries, rows: shape[0], cols: shape[1] };
  const whole = sizeOf(shape) <= WHOLE;
  const [rows, cols] = whole ? shape : shape.map((side) => Math.min(SIDE, side));
  const name = { from: edge.from, to: edge.to, slot: edge.slot };
  const ranges = [
    [0, rows],
    [0, cols],
  ];
  const answer = answerOf("entries", { what: "jacobian", edge: name, ranges }, fetchEntries);
  return answer.state === "ready" ? { entries: answer.value.data, rows: rows!, cols: cols! } : null;
}

function structure(_: InspectorInput, edge: GraphEdge, found: JacobianEvent): TemplateResult {
  const pattern = patternOf(edge, found);
  const { shape } = found;
  const part = pattern && (pattern.rows < shape[0] || pattern.cols < shape[1]);
  const why = `why.${found.structure}`;
  return html`${pattern ? drawing(pattern) : html`<p class="counts">${t("sheet.loading")}</p>`}
    ${part ? html`<p class="counts">${t("pattern.part", { rows: pattern.rows, cols: pattern.cols })}</p>` : nothing}
    ${counts(found)}${has(why) ? html`<p class="counts">${t(why)}</p>` : nothing}`;
}

const PATTERN = { width: 286, height: 200, cell: 20 };

function drawing(pattern: {
  entries: ArrayLike<number>;
  rows: number;
  cols: number;
}): TemplateResult {
  const { rows, cols } = pattern;
  const cell = Math.min(PATTERN.cell, PATTERN.width / cols, PATTERN.height / rows);
  const size = { width: Math.max(4, cols * cell), height: Math.max(4, rows * cell) };
  return html`<svg class="pattern" role="img" aria-label=${t("pattern.label", { rows, cols })} viewBox="0 0 ${cols} ${rows}"
    width=${size.width} height=${size.height} preserveAspectRatio="none"><path d=${patternPath(pattern.entries, cols)}></path></svg>`;
}

function never(
  { program, frame }: InspectorInput,
  edge: GraphEdge,
  found: JacobianEvent,
): TemplateResult {
  const product = productOf(program, edge, found);
  const left = termSymbol(program, edge, true);
  const symbols = product.formula && symbolic(program, product.formula);
  const numbers = product.formula && numbersIn(program, frame, edge, product.formula);
  const plain = product.formula ? null : productTex(frame, edge);
  const line =
    symbols ??
    (edge.formula
      ? `${adjointOf(program, edge)} \\, \\left(${symbolic(program, edge.formula)}\\right)`
      : null);
  return html`<div class="lines"><div>${math(line ? `${left} = ${line}` : left)}</div>
    ${numbers ? html`<div class="numbers backward">${math(`= ${numbers}`)}</div>` : plain ? html`<div class="numbers backward">${math(`= ${plain}`)}</div>` : nothing}</div>
    <p class="counts">${t(has(product.words) ? product.words : "never.other", { symbol: signs().word })}</p>
    <p class="counts cost">${
      product.done === null
        ? t("never.formed", { formed: number(product.formed) })
        : t("never.cost", { done: number(product.done), formed: number(product.formed) })
    }</p>`;
}

function adjointOf(program: Program, edge: GraphEdge): string {
  return signs().adjoint(idOf(program, edge.to));
}

/** The product with this step's numbers, once P of the user is final. */
function numbersIn(
  program: Program,
  frame: Frame,
  edge: GraphEdge,
  formula: string,
): string | null {
  const adjoint = frame.adjointOf(edge.to)?.value;
  const written = adjoint && tensorTex(adjoint);
  if (!written) return null;
  let complete = true;
  const tex = substitute(formula.replaceAll(adjointOf(program, edge), `\\node{ P}`), (name) => {
    if (name === " P") return operandTex(written);
    const value = frame.valueOf(name);
    const told = value && tensorTex(value.value);
    if (!told) complete = false;
    return told ? operandTex(told) : "";
  });
  return complete ? tex : null;
}
