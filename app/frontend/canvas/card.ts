// A node as HTML: its title, its two faces, and the ledger that hangs below.

import { html, nothing, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { repeat } from "lit-html/directives/repeat.js";
import type { Face } from "../scene/cells.ts";
import { face, ink, space } from "./face.ts";
import { number } from "../format.ts";
import { currentLanguage, t } from "../i18n.ts";
import { icon } from "./icons.ts";
import type { Point } from "../layout.ts";
import { signs } from "../formulas/notation.ts";
import type { LedgerRow } from "../scene/ledger.ts";
import type { CardMark } from "../scene.ts";

export interface CardEvents {
  pick(name: string): void;
  hover(name: string | null): void;
  /** A press on the value of a leaf, which may become a drag; absent where values are fixed. */
  scrub?(name: string, event: PointerEvent): void;
  /** Looks into a group, and closes it; absent where a picture stays as it is. */
  open?(group: string): void;
  close?(group: string): void;
}

export function card(mark: CardMark, events: CardEvents, birth?: Point): TemplateResult {
  const { node } = mark;
  const pick = (event: Event) => {
    event.stopPropagation();
    events.pick(node.name);
  };
  const press = (event: KeyboardEvent) => {
    if (!isPress(event)) return;
    event.preventDefault();
    pick(event);
  };
  const grasp = (event: PointerEvent) => {
    event.stopPropagation();
    if (mark.role === "leaf") events.scrub?.(node.name, event);
  };
  const open = (event: Event) => {
    event.stopPropagation();
    events.open?.(mark.opens!.name);
  };
  return html`<div
    class="card" role="group" tabindex="0" aria-roledescription=${t("card.node")}
    aria-current=${mark.selected} aria-label=${spoken(mark)}
    data-node=${node.id} data-name=${node.name} data-phase=${mark.phase} data-role=${mark.role} data-lit=${mark.lit}
    style=${spotOf(mark, birth)} ?data-opens=${mark.opens !== null} ?data-dim=${mark.dim} ?data-born=${birth !== undefined} ?data-tangent=${mark.tangent} ?data-grown=${!node.span} data-active=${mark.active ?? nothing}
    @dblclick=${mark.opens ? open : nothing}
    @click=${pick} @pointerdown=${grasp} @keydown=${press}
    @pointerenter=${() => events.hover(node.name)} @pointerleave=${() => events.hover(null)}
  >
    ${sheet(mark)}${mark.opens ? opener(mark, open) : nothing}</div>`;
}

/** Keys of the node itself; its button has its own. */
function isPress({ key, target, currentTarget }: KeyboardEvent): boolean {
  return (key === "Enter" || key === " ") && target === currentTarget;
}

function sheet(mark: CardMark): TemplateResult {
  const whole = mark.detail === "full";
  // Values change by themselves: what a drag leaves alone is not looked at again.
  const head = guard([mark.node, mark.formula, mark.role, currentLanguage()], () => title(mark));
  return html`<div class="sheet" aria-hidden="true" style="height:${mark.size.height}px">${whole ? html`${head}${faces(mark)}` : far(mark)}</div>
    ${mark.ledgerOpen && whole ? ledger(mark) : nothing}`;
}

function spotOf({ x, y, size }: CardMark, birth: Point | undefined): string {
  const from = birth ? `;--from-x:${birth.x - x}px;--from-y:${birth.y - y}px` : "";
  return `left:${x}px;top:${y}px;width:${size.width}px;--height:${size.height}px${from}`;
}

/** From far away a node is a box with its name. */
function far({ node, size }: CardMark): TemplateResult {
  const most = Math.round(size.width / (0.62 * Math.max(1, node.name.length)));
  return html`<div class="far" style="--most:${most}px">${ink(node.symbol)}</div>`;
}

/** The mark of a node that can be looked into. */
function opener({ node, opens }: CardMark, open: (event: Event) => void): TemplateResult {
  const label = t("group.look", { name: node.name, count: opens!.members.length });
  return html`<button type="button" class="fold" aria-label=${label} title=${label} @click=${open}
    @pointerdown=${(event: Event) => event.stopPropagation()} @dblclick=${(event: Event) => event.stopPropagation()}>${icon("plus")}</button>`;
}

function title(mark: CardMark): TemplateResult {
  const { node, formula } = mark;
  const shape = node.shape.length ? space(node.shape) : t("card.scalar");
  const index = showsIndex(mark) ? html`<span class="index">${ink(`u_{${node.id}}`)}</span>` : "";
  const role = html`<span class="role">${t(`card.role.${mark.role}`)}</span>`;
  return html`<div class="title">
      <span class="symbol">${ink(node.symbol)}</span>${index}<span class="shape">${shape}</span>
    </div>
    <div class="formula">${formula ? ink(formula) : role}</div>`;
}

function faces(mark: CardMark): TemplateResult {
  const { node, size } = mark;
  const kept = (shown: Face) => guard([shown, currentLanguage()], () => face(shown));
  const dims = html`<span class="dims">${space(node.shape)}</span>`;
  const adjoint = html`<div class="pane adjoint">
    <span class="tag">${ink(mark.adjointTex)}${progress(mark)}</span>${kept(mark.adjoint)}
  </div>`;
  const style = `grid-template-columns:${columns(size)}`;
  return html`<div class="faces" style=${style} ?data-stacked=${size.stacked}>
    <div class="pane value">
      <span class="tag">${t("card.value")}${dims}</span>${kept(mark.value)}
    </div>
    ${mark.adjoint.kind === "constant" ? nothing : adjoint}
  </div>`;
}

/** Value and P share a card in proportion to their widths. */
function columns({ value, adjoint }: CardMark["size"]): string {
  return adjoint ? `minmax(0,${value.width}fr) minmax(0,${adjoint.width}fr)` : "minmax(0,1fr)";
}

/** A node the tutorial calls u_3 needs no second name. */
function showsIndex({ node }: CardMark): boolean {
  return node.symbol.replaceAll(/[{}\s]/g, "") !== `u_${node.id}`;
}

function progress(mark: CardMark): TemplateResult | typeof nothing {
  const total = mark.rows.length + mark.hidden;
  return mark.phase === "partial"
    ? html`<span class="count">${mark.arrived}/${total}</span>`
    : nothing;
}

function ledger(mark: CardMark): TemplateResult {
  return html`<div class="ledger" aria-hidden="true">
    ${repeat(
      mark.rows,
      (row) => row.key,
      (row, place) =>
        ledgerRow(row, mark.rows.length + mark.hidden > 1 ? mark.above + place + 1 : 0),
    )}
    ${mark.hidden > 0 ? html`<div class="row more">${t("ledger.more", { count: mark.hidden })}</div>` : nothing}
  </div>`;
}

/** Terms are counted as the edges that bring them are. */
function ledgerRow(row: LedgerRow, branch: number): TemplateResult {
  return html`<div class="row" data-term=${row.key} ?data-active=${row.active}>
    ${branch ? html`<span class="branch">${branch}</span>` : nothing}<span class="name">${ink(row.tex)}</span>
    <span class="product">${row.product ?? nothing}</span>
    ${guard([row.face, currentLanguage()], () => face(row.face))}
  </div>`;
}

/** "u4 = u2 * u3, value 15, P 1" */
export function spoken({ node, value, adjoint, phase }: CardMark): string {
  const said = [node.source || node.name, t("spoken.value", { value: faceText(value) })];
  if (adjoint.kind !== "constant") {
    const partial = phase === "partial" ? "spoken.partial" : "spoken.adjoint";
    said.push(t(partial, { symbol: signs().word, value: faceText(adjoint) }));
  }
  return said.join(t("spoken.comma"));
}

function faceText(mark: Face): string {
  if (mark.kind === "number") return number(Number(mark.exact));
  if (mark.kind === "grid" || mark.kind === "map") {
    const entries =
      mark.cells.length <= 12 ? ` ${mark.cells.map((entry) => entry.text).join(" ")}` : "";
    return t("spoken.array", { shape: mark.shape }) + entries;
  }
  return t(`spoken.${mark.kind}`);
}
