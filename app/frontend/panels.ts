// The small panels: switches, the legend and the help.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { toggleFullScreen } from "./actions.ts";
import { number } from "./format.ts";
import { currentLanguage, t } from "./i18n.ts";
import { icon, type Icon } from "./icons.ts";
import { KEYS } from "./keys.ts";
import { rememberTheme } from "./page.ts";
import type { Program } from "./program.ts";
import { fit, zoom } from "./stage.ts";
import { characterKeys, field, helpOpen, update } from "./state.ts";

export function tool(
  name: Icon,
  label: string,
  act: () => void,
  pressed?: boolean,
): TemplateResult {
  return html`<button type="button" class="tool" aria-label=${label} title=${label}
    aria-pressed=${pressed ?? nothing} @click=${act}>${icon(name)}</button>`;
}

export function isDark(): boolean {
  const theme = field.theme.value;
  return (
    theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches)
  );
}

function chooseTheme(theme: "light" | "dark"): void {
  rememberTheme(theme);
  update({ theme });
}

export function renderSettings(host: HTMLElement): void {
  const dark = isDark();
  const lecture = field.mode.value === "lecture";
  const other = currentLanguage() === "en" ? "zh-CN" : "en";
  render(
    html`
    <button type="button" class="tool wordy" lang=${other} @click=${() => update({ lang: other })}>${other === "en" ? "English" : "中文"}</button>
    ${tool(dark ? "sun" : "moon", t(dark ? "settings.light" : "settings.dark"), () => chooseTheme(dark ? "light" : "dark"))}
    ${tool("lecture", t("settings.lecture"), () => update({ mode: lecture ? "study" : "lecture" }), lecture)}
    ${tool("full", t("settings.full"), toggleFullScreen)}
    ${tool("help", t("settings.help"), () => (helpOpen.value = true))}`,
    host,
  );
}

export function renderZoom(host: HTMLElement): void {
  render(
    html`
    ${tool("minus", t("zoom.out"), () => zoom(1 / 1.25))}
    ${tool("plus", t("zoom.in"), () => zoom(1.25))}
    ${tool("fit", t("zoom.fit"), fit)}`,
    host,
  );
}

/** The colour scale, once for the whole run; only where something is painted with it. */
export function renderLegend(host: HTMLElement, program: Program | null, scale: number): void {
  const painted = program && [...program.nodes.values()].some((node) => node.shape.length > 0);
  const ticks = [-1, -0.25, 0, 0.25, 1];
  render(
    painted
      ? html`
    <div class="ramp"></div>
    <div class="ticks">${ticks.map((tick) => html`<span>${number(tick * scale)}</span>`)}</div>`
      : nothing,
    host,
  );
}

export function renderHelp(dialog: HTMLDialogElement): void {
  const close = () => (helpOpen.value = false);
  render(
    html`<div class="sheet">
    <header><h2>${t("help.title")}</h2>${tool("close", t("help.close"), close)}</header>
    <dl>${KEYS.map(
      ([key, combinations]) =>
        html`<dt>${combinations.map(
          (keys) => html`<span>${keys.map((name) => html`<kbd>${name}</kbd>`)}</span>`,
        )}</dt><dd>${t(key)}</dd>`,
    )}</dl>
    <label class="check"><input type="checkbox" .checked=${live(characterKeys.value)}
      @change=${(event: Event) => (characterKeys.value = (event.target as HTMLInputElement).checked)}>${t("keys.characters")}</label>
    <h3>${t("help.reading")}</h3>
    <ul class="reading">
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
