// From this node to another: every path, the product along each, and the accumulation that shares their factors.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { idOf, isIdentity, jacobianSymbol, symbolOf } from "../formulas/equation.ts";
import type { GraphEdge, GraphNode, Tensor } from "../events.ts";
import { face, math } from "../canvas/face.ts";
import { entriesOf } from "../format.ts";
import { t } from "../i18n.ts";
import { answerOf } from "./ask.ts";
import { drawer } from "./drawer.ts";
import { refusal } from "./facts.ts";
import { largeFace, type InspectorInput, type Panel, type Shown } from "./parts.ts";
import { signs } from "../formulas/notation.ts";
import {
  agree,
  pathsBetween,
  productAlong,
  sumOfAll,
  type Numbers,
  type Paths,
} from "../trace/paths.ts";
import type { Program } from "../trace/program.ts";
import { trace } from "../state.ts";
import { edgeKey, frameAt } from "../timeline.ts";
import { fetchEvaluation } from "../wire.ts";

const MOST = 12;
const target = signal<string | null>(null);

export const pathsPanel: Panel = (input, node) => {
  const users = input.program.users.get(node.name);
  return users?.length
    ? drawer("paths", () => content(input, node, reachable(input.program, node.name)))
    : nothing;
};

/** Nodes that this one acts on, the output first. */
function reachable(program: Program, name: string): string[] {
  const found = new Set([name]);
  const nodes = [...program.nodes.values()].toSorted((a, b) => a.id - b.id);
  const before = (node: GraphNode) =>
    (program.inputs.get(node.name) ?? []).some((edge) => found.has(edge.from));
  for (const node of nodes) if (before(node)) found.add(node.name);
  found.delete(name);
  return [...found].toSorted((a, b) => Number(b === program.output) - Number(a === program.output));
}

function content(input: InspectorInput, node: GraphNode, ends: string[]): TemplateResult {
  const { program } = input;
  const to = target.value && ends.includes(target.value) ? target.value : ends[0]!;
  const paths = pathsBetween(program, node.name, to, MOST);
  const choose = (event: Event) => (target.value = (event.target as HTMLSelectElement).value);
  return html`<div class="paths-box"><label class="pair"><span>${t("paths.to", { name: node.name })}</span><select class="small" @change=${choose}>${ends.map(
    (name) => html`<option value=${name} ?selected=${name === to}>${name}</option>`,
  )}</select></label>
    <p class="counts">${t("paths.count", { count: Number(paths.count), paths: big(paths.count) })}</p>
    ${list(input, paths)}${compared(input, node.name, to, paths)}${factored(program, to, paths)}${cost(paths)}</div>`;
}

/** A count that may be astronomical. */
function big(count: bigint): string {
  return count < 1_000_000n ? String(count) : `≈ 10^${String(count).length - 1}`;
}

function denseOf(edge: GraphEdge): Tensor | undefined {
  return frameAt(trace.value, Infinity).jacobianOf(edgeKey(edge))?.dense;
}

function list({ program, scale }: InspectorInput, { listed, count }: Paths): TemplateResult {
  const more = count - BigInt(listed.length);
  return html`<ol class="paths">${listed.map((path) => {
    const names = [path[0]!.from, ...path.map((edge) => edge.to)];
    const product = path
      .toReversed()
      .map((edge) => jacobianSymbol(program, edge))
      .join("\\,");
    const found = productAlong(path, denseOf);
    return html`<li><span class="route">${math(names.map((name) => symbolOf(program, name)).join(" \\to "))}</span>
      <span class="wide">${math(product)}</span>${numbersFace(found, scale)}</li>`;
  })}</ol>${more > 0n ? html`<p class="counts">${t("paths.more", { paths: big(more) })}</p>` : nothing}`;
}

function numbersFace(found: Numbers | null, scale: number): TemplateResult {
  if (!found) return html`<span class="counts">${t("paths.large")}</span>`;
  const shape = [found.rows, found.cols];
  return face(largeFace({ shape, dtype: "float64", data: found.entries }, shape, scale));
}

/** What the paths add up to, beside what the accumulation gave: the same number, got in two ways. */
function compared(
  { scale, program }: InspectorInput,
  from: string,
  to: string,
  { listed, count }: Paths,
): TemplateResult {
  const question = { mode: "reverse", output: to, gradient: null };
  const answer = answerOf("evaluate", question, fetchEvaluation);
  if (answer.state === "refused") return refusal(answer.problem);
  const products = listed.map((path) => productAlong(path, denseOf));
  const whole = BigInt(listed.length) === count && products.every((product) => product !== null);
  const sum = whole ? sumOfAll(products as Numbers[]) : null;
  const found =
    answer.state === "ready"
      ? (answer.value.gradients?.[from] ?? answer.value.adjoints?.[from])
      : null;
  const entries = found && entriesOf(found);
  const rows = sum?.rows ?? 1;
  const shape = [rows, entries ? entries.length / rows : 1];
  const same = sum && entries && agree(sum.entries, entries, 1e-9);
  const name = math(signs().jacobian(idOf(program, from), idOf(program, to)));
  return html`<dl class="both"><dt>${t("paths.sum")}</dt><dd data-part="sum">${sum ? numbersFace(sum, scale) : "…"}</dd>
    <dt>${t("paths.accumulated")} <span hidden>${name}</span></dt><dd data-part="accumulated">${entries ? face(largeFace({ shape, dtype: "float64", data: entries }, shape, scale)) : "…"}</dd></dl>
    ${same ? html`<p class="verdict" data-verdict="ok">${t("paths.same")}</p>` : nothing}`;
}

/** The factored form: each sum is made once, and used by every path through it. */
function factored(program: Program, to: string, { edges }: Paths): Shown {
  const name = namer(program, to);
  const nodes = [...new Set(edges.map((edge) => edge.from))].slice(0, 2 * MOST);
  const lines = nodes.map((node) => {
    const terms = edges
      .filter((edge) => edge.from === node)
      .map(
        (edge) => `${edge.to === to ? "" : `${name(edge.to)}\\,`}${jacobianSymbol(program, edge)}`,
      );
    return `${name(node)} = ${terms.join(" + ")}`;
  });
  return html`<p class="counts lead">${t("paths.factored")}</p><div class="lines factored">${lines.map((line) => html`<div>${math(line)}</div>`)}</div>`;
}

/** P where the seed is the identity; else a letter of its own. */
function namer(program: Program, to: string): (node: string) => string {
  const seed = frameAt(trace.value, Infinity).adjointOf(to)?.value;
  const plain = to === program.output && seed && isIdentity(seed);
  return (node) => (plain ? signs().adjoint(idOf(program, node)) : `D_{${idOf(program, node)}}`);
}

function cost({ apart, factored: once }: Paths): TemplateResult {
  return html`<dl class="both costs"><dt>${t("paths.apart")}</dt><dd data-part="apart">${big(apart)}</dd>
    <dt>${t("paths.once")}</dt><dd data-part="once">${big(once)}</dd></dl>`;
}
