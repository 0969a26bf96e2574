// What is wrong, in the reader's words.

import type { Problem } from "../events.ts";
import { has, keysUnder, t } from "../i18n.ts";

/** A count with its noun, or a word, in the reader's language; what the program wrote stays. */
function inWords(value: unknown): string {
  const said = String(value);
  const counted = /^(\d+ )?(.+)$/.exec(said);
  const key = `word.${counted?.[2]}`;
  return has(key) ? `${counted?.[1] ?? ""}${t(key)}` : said;
}

/** A sentence of ours around words: its key is what the server writes, with gaps. The first that fits
 * is meant, so that in the order of the alphabet a gap comes after what is said out. */
function inSentence(value: unknown): string {
  const said = String(value);
  for (const key of keysUnder("reason.")) {
    const names = [...key.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!);
    const pattern = key.slice("reason.".length).replace(/[.?*+^$()[\]\\|]/g, "\\$&");
    const found = new RegExp(`^${pattern.replace(/\{\w+\}/g, "(.+)")}$`).exec(said);
    if (found)
      return t(key, Object.fromEntries(names.map((name, at) => [name, inWords(found[at + 1])])));
  }
  return said;
}

/** The names of a program are not words: `entries` may be a variable, so only these are looked up. */
const WORDS = new Set(["expected", "unit", "limit", "remedy"]);

/** Params of a problem that name a thing of the program are left as the server wrote them. */
export function problemText(found: Problem): { sentence: string; hint: string } {
  const params = Object.fromEntries(
    Object.entries(found.params ?? {}).map(([name, value]) => [
      name,
      name === "reason" ? inSentence(value) : WORDS.has(name) ? inWords(value) : String(value),
    ]),
  );
  const key = `error.${found.code}`;
  return {
    sentence: has(key) ? t(key, params) : found.detail,
    hint: has(`${key}.hint`) ? t(`${key}.hint`, params) : (found.hint ?? ""),
  };
}
