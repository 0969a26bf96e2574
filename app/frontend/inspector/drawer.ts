// A part of the inspector that opens on request: what it shows is asked for only then.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { t } from "../i18n.ts";

const opened = signal<ReadonlySet<string>>(new Set());

export function setDrawer(key: string, open: boolean): void {
  if (opened.peek().has(key) === open) return;
  const next = new Set(opened.peek());
  if (open) next.add(key);
  else next.delete(key);
  opened.value = next;
}

export function drawer(key: string, content: () => unknown): TemplateResult {
  const open = opened.value.has(key);
  return html`<section class="fact drawer" data-fact=${key}><h4><button type="button" class="drawer-switch" aria-expanded=${open}
    @click=${() => setDrawer(key, !open)}>${t(`inspector.${key}`)}</button></h4>${open ? content() : nothing}</section>`;
}
