// What is wrong, in the reader's words.

import type { Problem } from "../events.ts";
import { has, t } from "../i18n.ts";

/** Params of a problem that are themselves words of a language are left as the server wrote them. */
export function problemText(found: Problem): { sentence: string; hint: string } {
  const params = Object.fromEntries(
    Object.entries(found.params ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const key = `error.${found.code}`;
  return {
    sentence: has(key) ? t(key, params) : found.detail,
    hint: has(`${key}.hint`) ? t(`${key}.hint`, params) : (found.hint ?? ""),
  };
}
