// The local Jacobian of an edge with room to be read: its entries, its pattern, and how it is held. It stays open
// while one steps, as long as a backward pass has it.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { icon } from "../canvas/icons.ts";
import { math } from "../canvas/face.ts";
import type { Nested, Structured } from "../events.ts";
import { number, scaleOf, shapeText } from "../format.ts";
import { has, t } from "../i18n.ts";
import { sheetView } from "../inspector/sheet.ts";
import { pointed } from "../scene/entry.ts";
import type { EdgeMark, NodeMark, Picture } from "./marks.ts";
import { opened } from "./store.ts";
import { pattern, tensorOf } from "./values.ts";

export function renderLocal(host: HTMLElement, { nodes, edges }: Picture, symbols: boolean): void {
  const mark = edges.find(({ key }) => key === opened.value);
  const ends = mark && [mark.from, mark.to].map((id) => nodes.find(({ node }) => node.node === id));
  const shown = mark?.structure && ends?.[0] && ends[1] ? mark : null;
  host.hidden = !shown;
  render(shown ? panel(shown, ends![0]!, ends![1]!, symbols) : nothing, host);
}

function panel(mark: EdgeMark, from: NodeMark, to: NodeMark, symbols: boolean): TemplateResult {
  const structure = mark.structure!;
  const close = () => (opened.value = null);
  const title = symbols
    ? math(`J_{${from.index}\\to ${to.index}}`)
    : html`<code>${named(to)}</code> ← <code>${named(from)}</code>`;
  return html`<header><h3>${title}</h3><button type="button" class="tool" aria-label=${t("help.close")} title=${t("help.close")} @click=${close}>${icon("close")}</button></header>
    ${mark.jacobian ? entries(mark, from, to) : html`<p class="counts">${t("ag.local.many")}</p>${counts(structure)}`}`;
}

function named({ node, tensor }: NodeMark): string {
  return tensor?.names[0] ?? node.variable ?? node.name;
}

function counts({ structure, shape, nonzero, stored }: Structured): TemplateResult {
  const total = shape.reduce((product, side) => product * side, 1);
  const why = `why.${structure}`;
  return html`<p class="counts"><b>${t(`structure.${structure}`)}</b> ${shapeText(shape)}
    · ${t("jacobian.entries", { nonzero, total })} · ${t("jacobian.stored", { count: stored })}</p>
    ${has(why) ? html`<p class="counts">${t(why)}</p>` : nothing}`;
}

function entries(
  { key, jacobian, structure }: EdgeMark,
  from: NodeMark,
  to: NodeMark,
): TemplateResult {
  const rows = jacobian as Nested[][];
  const shape = [rows.length, rows[0]!.length];
  const tensor = tensorOf(rows, shape);
  const nameOf = (place: number) =>
    `∂${named(to)}[${Math.floor(place / shape[1]!)}] / ∂${named(from)}[${place % shape[1]!}]`;
  const label = t("ag.local.entries", { rows: shape[0]!, cols: shape[1]! });
  const scale = scaleOf([{ kind: "value", seq: 0, node: "", value: tensor }]);
  const sheet = {
    what: "jacobian" as const,
    node: key,
    tensor,
    whole: shape,
    shape,
    nameOf,
    label,
    scale,
  };
  const at = pointed.value;
  const read = at?.node === key && at.value !== null ? `${at.name} = ${number(at.value)}` : "";
  return html`<div class="sheets">${sheetView(sheet)}<div class="told">${pattern(rows, 110, 110)}
    ${counts(structure!)}<p class="counts read" role="status">${read}</p></div></div>`;
}
