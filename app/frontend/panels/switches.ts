// The small panels: switches, the legend and the help.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { toggleFullScreen } from "./screen.ts";
import { number } from "../format.ts";
import { currentLanguage, t } from "../i18n.ts";
import { icon, type Icon } from "../canvas/icons.ts";
import { rememberTheme } from "../pages/page.ts";
import type { Program } from "../trace/program.ts";
import { closeAll, openAll } from "../canvas/opening.ts";
import { fit, zoom } from "../canvas/stage.ts";
import { field, helpOpen, update } from "../state.ts";

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

export function renderZoom(host: HTMLElement, program: Program | null): void {
  const { frames, closedAt } = program?.grouping ?? { frames: [], closedAt: new Map() };
  const open = frames.some(({ node }) => node !== "");
  const openFind = () => void import("../later.ts").then((later) => later.openFind());
  render(
    html`
    ${closedAt.size ? tool("unfold", t("group.all"), openAll) : nothing}
    ${open ? tool("refold", t("group.none"), closeAll) : nothing}
    ${tool("find", t("find.open"), openFind)}
    ${tool("minus", t("zoom.out"), () => zoom(1 / 1.25))}
    ${tool("plus", t("zoom.in"), () => zoom(1.25))}
    ${tool("fit", t("zoom.fit"), fit)}`,
    host,
  );
}

/** The colour scale, once for the whole run; only where something is painted with it. */
export function renderLegend(host: HTMLElement, program: Program | null, scale: number): void {
  const painted = program && [...program.nodes.values()].some((node) => node.shape.length > 0);
  const between = Number((scale / 4).toPrecision(2));
  const ticks = [-scale, -between, 0, between, scale];
  render(
    painted
      ? html`
    <div class="ramp"></div>
    <div class="ticks">${ticks.map((tick) => html`<span>${number(tick)}</span>`)}</div>`
      : nothing,
    host,
  );
}
