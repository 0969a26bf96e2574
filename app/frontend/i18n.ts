// The reader's language: one catalogue, the same file the templates read. Messages are looked up by id; a
// message with a count has the keys `id.one` and `id.other`.

import { signal } from "@preact/signals-core";

export type Language = "en" | "zh-CN";
export type Catalogue = Record<string, string>;
export type Params = Record<string, string | number>;

export const LANGUAGES: readonly Language[] = ["en", "zh-CN"];

const catalogue = signal<{ language: Language; messages: Catalogue }>({
  language: "en",
  messages: {},
});

export function setCatalogue(language: Language, messages: Catalogue): void {
  catalogue.value = { language, messages };
}

export function currentLanguage(): Language {
  return catalogue.value.language;
}

export function has(key: string): boolean {
  return key in catalogue.value.messages;
}

/** The message with its parameters in place; `count` chooses between `.one` and `.other`. */
export function t(key: string, params: Params = {}): string {
  return fill(template(key, params), (name) => String(params[name] ?? `{${name}}`)).join("");
}

/** The message as parts, so that a page can typeset the parameters. */
export function parts<T>(
  key: string,
  params: Record<string, T>,
  counts: Params = {},
): (string | T)[] {
  return fill(template(key, counts), (name) => params[name] ?? String(counts[name] ?? `{${name}}`));
}

function template(key: string, params: Params): string {
  const { language, messages } = catalogue.value;
  if (typeof params["count"] === "number") {
    const form = new Intl.PluralRules(language).select(params["count"]);
    const counted = messages[`${key}.${form}`] ?? messages[`${key}.other`];
    if (counted !== undefined) return counted;
  }
  return messages[key] ?? key;
}

function fill<T>(message: string, valueOf: (name: string) => T | string): (string | T)[] {
  return message
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 ? valueOf(part) : part))
    .filter((part) => part !== "");
}

/** Rewrites what the server wrote in its language: text and labels carry the id of their message. */
export function translatePage(root: ParentNode & { documentElement?: HTMLElement }): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-t]")) {
    element.textContent = t(element.dataset["t"]!);
  }
  for (const element of root.querySelectorAll<HTMLElement>("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset["tLabel"]!));
  }
}
