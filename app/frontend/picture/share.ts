// What one takes along: a link to this very place, the picture of the step, and a frame for another site's page.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { signal } from "@preact/signals-core";
import { currentLanguage, t } from "../i18n.ts";
import { icon, type Icon } from "../canvas/icons.ts";
import { packed } from "../link/link.ts";
import { FIELDS, urlOf, type Place } from "../place.ts";
import { place, sourceText, step, trace } from "../state.ts";

/** What has just been done, for a moment. */
const said = signal("");

/** The place with everything that it rests on, so that it is the same wherever it is opened. */
function whole(): Place {
  const theme = FIELDS.theme.initial;
  return { ...place.peek(), source: sourceText.peek(), lang: currentLanguage(), theme };
}

export async function linkToHere(patch: Partial<Place> = {}): Promise<string> {
  const address = urlOf({ ...whole(), ...patch }, new URL(location.href));
  return location.origin + (await packed(address));
}

/** A name that tells pictures of one lecture apart. */
function fileName(extension: string): string {
  return `${place.peek().example}-${String(step.peek()).padStart(3, "0")}.${extension}`;
}

function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function save(kind: "svg" | "png"): Promise<void> {
  const { stillPng, stillSvg } = await import("./still.ts");
  const svg = kind === "svg" ? await stillSvg() : null;
  const file = svg === null ? await stillPng() : new Blob([svg], { type: "image/svg+xml" });
  if (!file) return;
  download(file, fileName(kind));
  tell("share.saved");
}

async function copy(text: string | Promise<string>, host: HTMLElement): Promise<void> {
  const words = await text;
  try {
    await navigator.clipboard.writeText(words);
    tell("share.copied");
  } catch {
    // Without leave to use the clipboard, the text is there to be copied by hand.
    const box = host.querySelector<HTMLTextAreaElement>("textarea")!;
    box.hidden = false;
    box.value = words;
    box.select();
    tell("share.by-hand");
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;

function tell(key: string): void {
  said.value = key;
  clearTimeout(timer);
  timer = setTimeout(() => (said.value = ""), 4000);
}

/** A frame with the picture, its time line and nothing else: what a text beside it needs. */
async function frameCode(): Promise<string> {
  const address = await linkToHere({ embed: true, hide: ["header", "source", "inspector"] });
  const title = `Backprop Lab: ${place.peek().example}`;
  return `<iframe src="${address.replaceAll("&", "&amp;")}" title="${title}" width="800" height="520" loading="lazy"></iframe>`;
}

function item(name: Icon, key: string, act: () => unknown, ready = true): TemplateResult {
  return html`<button type="button" aria-disabled=${!ready} @click=${() => ready && act()}>${icon(name)}<span>${t(key)}</span></button>`;
}

/** While the menu is open, Escape closes it and does nothing else. */
function keepEscape(event: KeyboardEvent): void {
  const menu = document.getElementById("share");
  if (event.key === "Escape" && menu?.matches(":popover-open")) event.stopPropagation();
}

export function renderShare(host: HTMLElement): void {
  host.onkeydown = keepEscape;
  const drawn = trace.value.length > 0;
  const may = document.documentElement.dataset["embed"] === "true";
  render(
    html`<button type="button" class="tool" popovertarget="share" aria-label=${t("share.title")} title=${t("share.title")}>${icon("share")}</button>
    <div id="share" class="share" popover role="dialog" aria-label=${t("share.title")}>
      ${item("link", "share.link", () => copy(linkToHere(), host))}
      ${item("picture", "share.svg", () => save("svg"), drawn)}
      ${item("picture", "share.png", () => save("png"), drawn)}
      ${may ? item("code", "share.embed", () => copy(frameCode(), host)) : nothing}
      <textarea readonly rows="4" aria-label=${t("share.text")} hidden></textarea>
      <p role="status">${said.value ? t(said.value) : ""}</p>
    </div>`,
    host,
  );
}

/** Inside another site's page: the way to the same place in the laboratory itself. */
export function renderOrigin(host: HTMLElement): void {
  const lead = (event: Event) => {
    const link = event.currentTarget as HTMLAnchorElement;
    link.href = urlOf({ ...whole(), embed: false, hide: [] }, new URL(location.href));
  };
  render(
    html`<a class="origin" target="_blank" rel="noopener" href="/lab" @pointerdown=${lead} @click=${lead}>${t("share.open")}</a>`,
    host,
  );
}
