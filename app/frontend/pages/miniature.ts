// A graph at the size of a stamp: the layout and the scene of the laboratory, drawn with names only.

import { html, render, svg, type TemplateResult } from "lit-html";
import type { GraphEvent, GraphNode } from "../events.ts";
import { runLayout } from "../layout.ts";
import { programOf } from "../trace/program.ts";
import { sceneOf, type CardMark, type EdgeMark, type Scene } from "../scene.ts";
import { METRICS, sizesOf, type CardSize, type Sizes } from "../scene/size.ts";
import { frameAt } from "../timeline.ts";

/** Lengths in the units of the laboratory's layout: large, so that its gaps become small. */
const HEIGHT = 54;
const LETTER = 17;
/** Units a pixel, at the least: a graph of two nodes must not fill its frame. */
const LEAST = 1.4;
/** Beyond this many units a pixel names could not be read and are left out. */
const LEGIBLE = 4.6;

export interface Label {
  base: string;
  /** Digits at the end of a name are its index, as in u3. */
  index: string;
  /** A single letter is a symbol, a word is a word. */
  upright: boolean;
}

export function labelOf(name: string): Label {
  const [, base, index] = /^(.*?)_?([0-9₀-₉]*)$/u.exec(name.split(".").at(-1)!)!;
  if (!base) return { base: name, index: "", upright: true };
  const short = base.length > 9 ? `${base.slice(0, 8)}…` : base;
  return { base: short, index: index!, upright: [...base.normalize("NFC")].length > 1 };
}

function widthOf(node: GraphNode): number {
  const { base, index } = labelOf(node.name);
  return Math.max(HEIGHT + 10, 34 + LETTER * base.length + 11 * index.length);
}

export interface Miniature {
  scene: Scene;
  width: number;
  height: number;
}

export function miniatureOf(graph: GraphEvent): Miniature {
  const program = programOf(graph);
  const unmeasured = () => 0;
  const sizes = compact(sizesOf(program, () => "", METRICS.study, unmeasured));
  sizes.cards.forEach((card, name) => (card.width = widthOf(program.nodes.get(name)!)));
  sizes.input.nodes.forEach((node, at) => (node.width = widthOf([...program.nodes.values()][at]!)));
  const layout = runLayout(sizes.input);
  const frame = frameAt([graph], 0);
  const still = { scale: 1, selection: null, attention: null, window: null };
  const scene = sceneOf({ program, sizes, layout, frame, ...still });
  return { scene, width: layout.width, height: layout.height };
}

/** Without faces, ledgers and labels nothing but the name needs room. */
function compact(sizes: Sizes): Sizes {
  const box = { height: HEIGHT, ledger: 0, rows: 0 };
  const cards = [...sizes.cards].map(([name, card]): [string, CardSize] => [
    name,
    { ...card, ...box },
  ]);
  const nodes = sizes.input.nodes.map((node) => ({
    ...node,
    above: HEIGHT / 2,
    below: HEIGHT / 2,
    dock: HEIGHT / 2 - 14,
  }));
  const label = { width: 0, height: 0 };
  const edges = sizes.input.edges.map((edge) => ({ ...edge, label }));
  return { ...sizes, cards: new Map(cards), input: { nodes, edges } };
}

export function renderMiniature(host: HTMLElement, { scene, width, height }: Miniature): void {
  const scale = Math.max(width / host.clientWidth, height / host.clientHeight, LEAST);
  const pad = 6;
  const box = `${-pad} ${-pad} ${width + 2 * pad} ${height + 2 * pad}`;
  render(
    html`<svg viewBox=${box} style="--stroke:${(1.2 * scale).toFixed(2)};max-height:${Math.ceil((height + 2 * pad) / LEAST)}px">
      ${scene.edges.map(edge)}${scene.cards.map((mark) => card(mark, scale < LEGIBLE))}</svg>`,
    host,
  );
}

function edge({ path, head, plain }: EdgeMark): TemplateResult {
  const tip = `M${head.x - 15} ${head.y - 7}L${head.x - 1} ${head.y}L${head.x - 15} ${head.y + 7}Z`;
  return svg`<path class=${plain ? "plain" : ""} d=${path}></path>${plain ? "" : svg`<path class="tip" d=${tip}></path>`}`;
}

function card({ node, role, x, y, size }: CardMark, named: boolean): TemplateResult {
  const { base, index, upright } = labelOf(node.name);
  const radius = role === "leaf" ? HEIGHT / 2 : 10;
  const text = svg`<text class=${upright ? "upright" : ""} x=${x + size.width / 2} y=${y + HEIGHT / 2 + 10}>${base}${index ? svg`<tspan dy="7">${index}</tspan>` : ""}</text>`;
  return svg`<g data-role=${role}><rect x=${x} y=${y} width=${size.width} height=${HEIGHT} rx=${radius}></rect>${named ? text : ""}</g>`;
}
