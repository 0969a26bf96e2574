// The formula of a node, its neighbours, and whether derivatives pass.

import { html, nothing } from "lit-html";
import { endEdit, setText } from "../editor/edit.ts";
import { numeric, symbolic, symbolOf } from "../formulas/equation.ts";
import type { GraphNode } from "../events.ts";
import { math } from "../canvas/face.ts";
import { freezing } from "../leaf/freeze.ts";
import { t } from "../i18n.ts";
import { section, type InspectorInput, type Shown } from "./parts.ts";
import { shownRequest, sourceText, update } from "../state.ts";

export function formulaPanel({ program, frame }: InspectorInput, node: GraphNode): Shown {
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

/** So many neighbours are listed: the others are found on the picture. */
const MOST = 60;

export function linksPanel({ program }: InspectorInput, node: GraphNode): Shown {
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
        ? names.slice(0, MOST).map(
            (name) => html`<button type="button" class="link" aria-label=${name}
      @click=${() => update({ selection: name })}>${math(symbolOf(program, name))}</button>`,
          )
        : html`<i>${t("inspector.none")}</i>`
    }${names.length > MOST ? html`<i>+${names.length - MOST}</i>` : nothing}</div>`;
  return html`<section class="fact" data-fact="links">${list("inputs", inputs)}${list("users", users)}</section>`;
}

/** Whether derivatives pass: said in the text, and turned round there. */
export function freezePanel(_: InspectorInput, node: GraphNode): Shown {
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
