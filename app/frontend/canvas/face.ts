// How the face of a tensor is drawn in HTML: the same on a card, in a ledger, on an edge and in the inspector.

import { html, nothing, type TemplateResult } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { shapeText, type Sign } from "../format.ts";
import { t } from "../i18n.ts";
import type { Cell, Face } from "../scene/cells.ts";
import { typeset } from "../formulas/tex.ts";

export function math(tex: string): TemplateResult {
  return html`<span class="math">${unsafeHTML(typeset(tex))}</span>`;
}

/** A formula that is only to be seen, in a part of the page whose words are said elsewhere. */
export function ink(tex: string): TemplateResult {
  return html`<span class="math">${unsafeHTML(typeset(tex, "html"))}</span>`;
}

/** The space a tensor lives in: a bare "2" beside a value would pass for the value. */
export function space(shape: readonly number[]): TemplateResult | typeof nothing {
  if (!shape.length) return nothing;
  return html`<span class="space">ℝ<sup>${shapeText(shape)}</sup></span>`;
}

/** The strength of paint past which the other ink reads better (contrast 4.5), in either theme. */
const FLIPS: Record<Sign, { light: number; dark: number }> = {
  pos: { light: 89, dark: 52 },
  neg: { light: 75, dark: 58 },
  zero: { light: Infinity, dark: Infinity },
  bad: { light: 0, dark: 0 },
};

/** A number in a column stands right or left of the middle, so that decimal points meet. */
function aside(shift: number): string {
  return shift > 0
    ? `;padding-left:${2 * shift}em`
    : shift < 0
      ? `;padding-right:${-2 * shift}em`
      : "";
}

/** Ink that reads on paint of this strength. */
export function inkOn(sign: Sign, strength: number): "" | "mid" | "deep" {
  const flip = FLIPS[sign];
  return strength >= flip.light ? "deep" : strength >= flip.dark ? "mid" : "";
}

function cell({ sign, strength, text, exact, shift, lit }: Cell, written: boolean): TemplateResult {
  const style = `--s:${strength}%${written ? aside(shift) : ""}`;
  return html`<i class="${sign} ${lit ? `${inkOn(sign, strength)} lit-${lit}` : inkOn(sign, strength)}" style=${style} data-value=${exact} title=${exact}>${written ? text : nothing}</i>`;
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
      return html`<span class="number" style="--fit:${mark.fit}" data-value=${mark.exact} title=${mark.exact}>${mark.text}</span>`;
    default: {
      const written = mark.kind === "grid";
      return html`<span class="map ${mark.kind}" data-shape=${mark.shape}
        style="--rows:${mark.rows};--cols:${mark.cols};--fit:${mark.fit};width:${mark.width}px;height:${mark.height}px"
        >${mark.cells.map((entry) => cell(entry, written))}</span>`;
    }
  }
}
