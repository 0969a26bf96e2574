// What a rounded number and a large tensor say beside themselves.

import { html, nothing, type TemplateResult } from "lit-html";
import { problemText } from "../editor/problem.ts";
import type { Problem, Tensor } from "../events.ts";
import { math } from "../canvas/face.ts";
import { exact, number, numberTex, scalarOf } from "../format.ts";
import { t } from "../i18n.ts";
import type { Shown } from "./parts.ts";

/** All digits, where the number shown is rounded. */
export function exactly(value: Tensor): Shown {
  const scalar = scalarOf(value);
  if (
    scalar === null ||
    !Number.isFinite(scalar) ||
    Number(number(scalar).replace("\u2212", "-")) === scalar
  )
    return nothing;
  return html`<p class="exactly">${exact(scalar).replace("-", "\u2212")}</p>`;
}

export function summary({ summary: found }: Tensor): Shown {
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

/** Why the server would not answer a question, in its own words. */
export function refusal(problem: Problem | null): TemplateResult {
  const told = problem ? problemText(problem).sentence : t("ask.failed");
  return html`<p class="counts refused" role="alert">${told}</p>`;
}
