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

/** The other language, where both are asked for. */
const companion = signal<{ language: Language; messages: Catalogue } | null>(null);

export function setCompanion(language: Language, messages: Catalogue | null): void {
  companion.value = messages && { language, messages };
}

/** Terms of the field: these are said in both languages on request. */
const TERM =
  /^(phase|structure|node\.phase)\.|^inspector\.(formula|value|jacobians|adjoint|inputs|users)$/;

export function setCatalogue(language: Language, messages: Catalogue): void {
  catalogue.value = { language, messages };
}

export function currentLanguage(): Language {
  return catalogue.value.language;
}

export function has(key: string): boolean {
  return key in catalogue.value.messages;
}

/** The keys of a part of the catalogue, in the order of the alphabet. */
export function keysUnder(prefix: string): string[] {
  return Object.keys(catalogue.value.messages)
    .filter((key) => key.startsWith(prefix))
    .sort();
}

/** The message with its parameters in place; `count` chooses between `.one` and `.other`. */
export function t(key: string, params: Params = {}): string {
  const said = fill(template(key, params), (name) => String(params[name] ?? `{${name}}`)).join("");
  const other = companion.value && TERM.test(key) ? companion.value.messages[key] : undefined;
  return other && other !== said ? `${said} ${other}` : said;
}

/** The message where there is little room: a shorter one, if there is one. */
export function brief(key: string): string {
  return t(has(`${key}.short`) ? `${key}.short` : key);
}

/** The message as parts, so that a page can typeset the parameters. */
export function parts<T>(
  key: string,
  params: Record<string, T>,
  counts: Params = {},
): (string | T)[] {
  return filled(template(key, counts), params, counts);
}

/** The same parts in the other language, and which it is; null where one language is enough. */
export function otherParts<T>(
  key: string,
  params: Record<string, T>,
  counts: Params = {},
): { lang: Language; parts: (string | T)[] } | null {
  const other = companion.value;
  if (!other) return null;
  return { lang: other.language, parts: filled(template(key, counts, other), params, counts) };
}

function filled<T>(text: string, params: Record<string, T>, counts: Params): (string | T)[] {
  return fill(text, (name) => params[name] ?? String(counts[name] ?? `{${name}}`));
}

function template(key: string, params: Params, book = catalogue.value): string {
  const { language, messages } = book;
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
