// Marks -> the page. The only module here that draws the graph.

import { html, nothing, render, svg, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { math } from "../canvas/face.ts";
import { t } from "../i18n.ts";
import type { Nested, NodeState, Structured, TensorState } from "../events.ts";
import type { View } from "../scene/camera.ts";
import { CARD, isLeaf } from "./graph.ts";
import type { EdgeMark, NodeMark, Picture } from "./marks.ts";
import { bytes, none, pattern, value, written } from "./values.ts";

export interface Words {
  symbols: boolean;
  pointed: number | null;
  /** The reader moves the picture by hand: then it follows at once. */
  held: boolean;
  point(node: number | null): void;
  /** The edge whose J is looked at, and how to look at one. */
  opened: string | null;
  open(edge: string): void;
}

export function renderPicture(host: HTMLElement, picture: Picture, view: View, words: Words): void {
  const transform = `transform:translate(${view.x}px,${view.y}px) scale(${view.zoom})`;
  render(
    html`<div class="world" style=${transform} data-held=${words.held}>
      <svg class="edges" width=${picture.width} height=${picture.height} aria-hidden="true">
        ${repeat(picture.edges, keyOf, edge)}
      </svg>
      <div class="chips">${repeat(picture.edges, keyOf, (mark) => chip(mark, words))}</div>
      ${picture.nodes.length ? nothing : html`<p class="nothing-yet">${t("ag.graph.empty")}</p>`}
      <ul class="nodes" aria-label=${t("ag.graph.nodes")}>${repeat(
        picture.nodes,
        ({ node }) => node.node,
        (mark) => card(mark, words),
      )}</ul>
    </div>`,
    host,
  );
}

const keyOf = ({ key }: { key: string }) => key;

function edge({ key, path, back, head, tail, flow }: EdgeMark): TemplateResult {
  return svg`<g class="edge" data-edge=${key} data-forward="done" data-backward=${flow}>
    <path class="lane forward" d=${path}></path>
    <path class="head forward" d=${arrow(head, -1)}></path>
    ${
      flow === "idle"
        ? nothing
        : svg`<path class="lane backward" d=${back}></path><path class="head backward" d=${arrow(tail, 1)}></path>`
    }</g>`;
}

function arrow({ x, y }: { x: number; y: number }, outward: 1 | -1): string {
  const [tip, base] = [x + 5 * outward, x + 14 * outward];
  return `M${base} ${y - 5}L${tip} ${y}L${base} ${y + 5}Z`;
}

/** The local Jacobian on its edge, while a backward pass has it: its number, entries or pattern; it opens. */
function chip(mark: EdgeMark, words: Words): TemplateResult | typeof nothing {
  const { key, label, jacobian, structure, flow } = mark;
  if (jacobian === null && (structure === null || flow === "idle")) return nothing;
  const title = t(words.symbols ? "ag.chip.symbols" : "ag.chip.torch");
  const style = `left:${label.x}px;top:${label.y}px`;
  const active = flow === "active" ? "backward" : nothing;
  if (!structure)
    return html`<div class="chip" data-chip=${key} data-active=${active} title=${title} style=${style}>${value(lone(jacobian!), 8, 40, 20)}</div>`;
  const [rows, cols] = structure.shape as [number, number];
  const told = `J ${rows} × ${cols}, ${t(`structure.${structure.structure}`)}`;
  return html`<button type="button" class="chip" data-chip=${key} data-active=${active} title="${title}: ${told}" style=${style}
    aria-label=${told} aria-expanded=${words.opened === key} @pointerdown=${(event: Event) => event.stopPropagation()}
    @click=${() => words.open(key)}>${jacobian && rows * cols <= FEW ? value(jacobian, 8, 40, 20) : large(structure, jacobian)}</button>`;
}

/** So many entries are told apart at the size of a chip. */
const FEW = 64;

/** Of a large J its pattern, or how it is held. */
function large({ structure, shape }: Structured, jacobian: Nested | null): TemplateResult {
  const [rows, cols] = shape as [number, number];
  const drawn = jacobian && pattern(jacobian as Nested[][], 40, 20);
  return html`<span class="large">${drawn ?? html`<b>${t(`structure.${structure}`)}</b>`} ${rows}×${cols}</span>`;
}

/** The number of a matrix of one entry. */
function lone(jacobian: Nested): Nested {
  const row = Array.isArray(jacobian) && jacobian.length === 1 ? jacobian[0]! : null;
  return Array.isArray(row) && row.length === 1 ? row[0]! : jacobian;
}

function card(mark: NodeMark, words: Words): TemplateResult {
  const { node, at, phase, fault, passing } = mark;
  return html`<li class="node" tabindex="0" data-node=${node.node} data-name=${node.name} data-state=${node.state} data-phase=${phase}
    ?data-fault=${fault} ?data-passing=${passing} ?data-lit=${words.pointed === node.node} aria-label=${spoken(mark)}
    style="left:${at.x}px;top:${at.y - CARD.height / 2}px;width:${CARD.width}px;height:${CARD.height}px"
    @pointerenter=${() => words.point(node.node)} @pointerleave=${() => words.point(null)}
    @focus=${() => words.point(node.node)} @blur=${() => words.point(null)}>
    ${title(mark, words)}${keeps(mark)}${arrival(mark, words)}</li>`;
}

function title({ node, index, tensor }: NodeMark, { symbols }: Words): TemplateResult {
  const sign =
    symbols && index ? html`<span class="symbol">${math(`u_{${index}}`)}</span>` : nothing;
  const leaf = html`<code class="tensor">${nameOf(node, tensor) ?? "?"}</code>`;
  return html`<header>${sign}${isLeaf(node) ? leaf : html`<code title=${node.name}>${node.name}</code>`}</header>`;
}

function nameOf(node: NodeState, tensor: TensorState | null): string | undefined {
  return tensor?.names[0] ?? node.variable;
}

/** What a step holds for the way back: held, freed, or nothing from the start; and the tensor it made. */
function keeps({ node, tensor }: NodeMark): TemplateResult {
  if (isLeaf(node)) return html`<p class="keeps leaf"><code>AccumulateGrad</code></p>`;
  const name = nameOf(node, tensor);
  const made = name ? html`<code class="tensor">${name}</code>` : nothing;
  const size = node.state === "held" ? html`<b>${bytes(node.bytes)}</b> ` : nothing;
  return html`<p class="keeps ${node.state}"><span>${size}${t(`ag.state.${node.state}`)}</span>${made}</p>`;
}

/** P, as it arrives; of a leaf its gradient and what is added to it. */
function arrival(mark: NodeMark, words: Words): TemplateResult {
  const { node, index } = mark;
  const torch = html`<code>${isLeaf(node) ? ".grad" : "grad_output"}</code>`;
  const sign = words.symbols && index ? math(`P_{${index}}`) : torch;
  const room = words.symbols || isLeaf(node) ? 13 : 8;
  return html`<div class="arrival"><span class="tag">${sign}</span>${received(mark, room)}</div>`;
}

/** room: signs that can be written out; more are painted. */
function received(mark: NodeMark, room: number): TemplateResult | TemplateResult[] {
  const { node, tensor, cotangent, arrived, phase } = mark;
  const short = Math.floor(room / (1 + arrived.length));
  const pixels = arrived.length > 1 ? 18 : 44;
  const parts = arrived.map(
    (part) => html`<span class="part">+ ${value(part, short, pixels)}</span>`,
  );
  const grad = () => value(tensor!.grad, arrived.length ? short : room, arrived.length ? 30 : 56);
  if (isLeaf(node)) return [tensor?.has_grad ? grad() : none, ...parts];
  if (phase === "now" || phase === "through") return value(cotangent, room, 56);
  if (parts.length) return parts;
  return tensor?.has_grad ? grad() : html`<span class="none">–</span>`;
}

function spoken({ node, tensor, phase, cotangent, fault }: NodeMark): string {
  const name = tensor?.names[0] ?? node.variable ?? "";
  const parts = [name ? `${node.name} ${t("ag.spoken.of")} ${name}` : node.name];
  if (node.state === "held") parts.push(`${bytes(node.bytes)} ${t("ag.state.held")}`);
  else if (!isLeaf(node)) parts.push(t(`ag.state.${node.state}`));
  if (isLeaf(node))
    parts.push(`grad ${tensor?.has_grad && tensor.grad !== null ? written(tensor.grad) : "None"}`);
  if (phase === "now" && cotangent !== null) parts.push(`P ${written(cotangent)}`);
  if (fault) parts.push(t("ag.spoken.fault"));
  return parts.join(t("spoken.comma"));
}
