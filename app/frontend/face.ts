// How the face of a tensor is drawn in HTML: the same on a card, in a ledger, on an edge and in the inspector.

import { html, nothing, type TemplateResult } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { shapeText, type Sign } from "./format.ts";
import { t } from "./i18n.ts";
import type { Cell, Face } from "./cells.ts";
import { typeset } from "./tex.ts";

export function math(tex: string, display = false): TemplateResult {
  return html`<span class="math">${unsafeHTML(typeset(tex, display))}</span>`;
}

/** The space a tensor lives in: a bare "2" beside a value would pass for the value. */
export function space(shape: readonly number[]): TemplateResult | typeof nothing {
  if (!shape.length) return nothing;
  return html`<span class="space">ℝ<sup>${shapeText(shape)}</sup></span>`;
}

/** Long numbers are set smaller, so that every number has the same room. */
function fitting(text: string): string {
  const { length } = text;
  return length > 8 ? "xxlong" : length > 6 ? "xlong" : length > 4 ? "long" : "";
}

/** The strength of paint past which the other ink reads better (contrast 4.5), in either theme. */
const FLIPS: Record<Sign, { light: number; dark: number }> = {
  pos: { light: 89, dark: 52 },
  neg: { light: 75, dark: 58 },
  zero: { light: Infinity, dark: Infinity },
  bad: { light: 0, dark: 0 },
};

function cell({ sign, strength, text, exact }: Cell, written: boolean): TemplateResult {
  const flip = FLIPS[sign];
  const depth = strength >= flip.light ? " deep" : strength >= flip.dark ? " mid" : "";
  const small = written && text.length > 6 ? " small" : text.length > 5 ? " snug" : "";
  return html`<i class="${sign}${depth}${small}" style="--s:${strength}%" data-value=${exact}>${written ? text : nothing}</i>`;
}

export function face(mark: Face): TemplateResult {
  switch (mark.kind) {
    case "pending":
      return html`<span class="pending" title=${t("face.pending")}>—</span>`;
    case "unreached":
      return html`<span class="unreached">${t("face.unreached")}</span>`;
    case "constant":
      return html`<span class="constant">${t("face.constant")}</span>`;
    case "number":
      return html`<span class="number ${fitting(mark.text)}" data-value=${mark.exact}>${mark.text}</span>`;
    default: {
      const written = mark.kind === "grid";
      return html`<span class="map ${mark.kind}" data-shape=${mark.shape}
        style="--rows:${mark.rows};--cols:${mark.cols};width:${mark.width}px;height:${mark.height}px"
        >${mark.cells.map((entry) => cell(entry, written))}</span>`;
    }
  }
}
