// The sheet of keys and signs; loaded when it is asked for.

import { html, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { t } from "../i18n.ts";
import { tool } from "./switches.ts";
import { characterKeys, field, helpOpen, update } from "../state.ts";

/** Keys as they are listed: message id, and what to press. */
const KEYS: Record<string, [string, string[][]][]> = {
  "help.time": [
    ["keys.step", [["→"], ["←"], ["PageDown"], ["PageUp"]]],
    [
      "keys.node",
      [
        ["Alt", "→"],
        ["Alt", "←"],
      ],
    ],
    [
      "keys.phase",
      [
        ["Shift", "→"],
        ["Shift", "←"],
      ],
    ],
    ["keys.stride", [["S"]]],
    ["keys.ends", [["Home"], ["End"]]],
    ["keys.play", [["Space"]]],
    ["keys.speed", [["+"], ["−"]]],
    ["keys.mark", [["M"]]],
    ["keys.recall", [["1"], ["…"], ["9"]]],
  ],
  "help.picture": [
    ["keys.fit", [["0"]]],
    ["keys.open", [["O"]]],
    ["keys.find", [["/"]]],
    ["keys.pin", [["Enter"]]],
    ["keys.release", [["Esc"]]],
    ["keys.value", [["F2"]]],
    [
      "keys.undo",
      [
        ["Ctrl", "Z"],
        ["Ctrl", "Y"],
      ],
    ],
  ],
  "help.lecture": [
    ["keys.next", [["PageDown"], ["Space"]]],
    ["keys.blank", [["."], ["B"]]],
    ["keys.spotlight", [["L"]]],
    ["keys.speaker", [["N"]]],
    ["keys.full", [["F"]]],
    ["keys.terms", [["G"]]],
    ["keys.help", [["?"]]],
  ],
};

const close = () => (helpOpen.value = false);

export function renderHelp(dialog: HTMLDialogElement): void {
  render(
    html`<div class="sheet">
    <header><h2>${t("help.title")}</h2>${tool("close", t("help.close"), close)}</header>
    ${Object.keys(KEYS).map((part) => html`<h3>${t(part)}</h3><dl>${KEYS[part]!.map(listed)}</dl>`)}
    ${check(t("keys.characters"), characterKeys.value, (on) => (characterKeys.value = on))}
    ${check(t("keys.terms"), field.terms.value === "both", (on) => update({ terms: on ? "both" : "one" }))}
    <h3>${t("help.reading")}</h3>
    <ul class="signs">
      <li><i class="line forward"></i>${t("help.forward")}</li>
      <li><i class="line backward"></i>${t("help.backward")}</li>
      <li><span class="pending">—</span>${t("help.pending")}</li>
      <li><span class="zero">0</span>${t("help.zero")}</li>
      <li><span class="unreached">${t("face.unreached")}</span>${t("help.unreached")}</li>
    </ul></div>`,
    dialog,
  );
  dialog.onclose = close;
  dialog.onclick = (event) => {
    if (event.target === dialog) close();
  };
  if (helpOpen.value && !dialog.open) dialog.showModal();
  if (!helpOpen.value && dialog.open) dialog.close();
}

function listed([key, combinations]: [string, string[][]]): TemplateResult {
  const pressed = combinations.map(
    (keys) => html`<span>${keys.map((name) => html`<kbd>${name}</kbd>`)}</span>`,
  );
  return html`<dt>${pressed}</dt><dd>${t(key)}</dd>`;
}

function check(label: string, on: boolean, change: (on: boolean) => unknown): TemplateResult {
  return html`<label class="check"><input type="checkbox" .checked=${live(on)}
    @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}>${label}</label>`;
}
