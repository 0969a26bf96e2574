// The address of the page: read once, then kept up to date. The text travels in the fragment, packed where it is long.

import { effect } from "@preact/signals-core";
import { packed, unpacked } from "../link/link.ts";
import { createThrottle } from "../link/throttle.ts";
import { decodeSource, encodeSource, FIELDS } from "../place.ts";
import { STRIDES } from "./moments.ts";
import { damaged, FIRST, spot, unread, type Spot } from "./store.ts";

const known = <T extends string>(value: string | null, values: readonly T[], otherwise: T): T =>
  values.includes(value as T) ? (value as T) : otherwise;

export function spotFromUrl(url: URL): Spot {
  const query = url.searchParams;
  const code = new URLSearchParams(url.hash.slice(1)).get("code");
  const lang = query.get("lang");
  return {
    lesson: query.get("lesson") ?? FIRST.lesson,
    code: code === null ? null : decodeSource(code),
    step: Math.max(0, Math.trunc(Number(query.get("step"))) || 0),
    stride: known(query.get("stride"), STRIDES, FIRST.stride),
    mode: known(query.get("mode"), ["study", "lecture"], FIRST.mode),
    marks: query.get("marks") ? FIELDS.marks.read(query.get("marks")!) : FIRST.marks,
    words: known(query.get("words"), ["torch", "symbols"], FIRST.words),
    lang: lang === "en" || lang === "zh-CN" ? lang : null,
    theme: known(query.get("theme"), ["auto", "light", "dark"], FIRST.theme),
  };
}

/** Only what differs from a first visit is said. */
export function urlOf(here: Spot, base: URL): string {
  const query = new URLSearchParams();
  const { code, marks, ...rest } = here;
  for (const [name, value] of Object.entries(rest))
    if (value !== null && value !== FIRST[name as keyof Spot]) query.set(name, String(value));
  if (marks.length) query.set("marks", FIELDS.marks.write(marks));
  const tail = query.size ? `?${query}` : "";
  return base.pathname + tail + (code === null ? "" : `#code=${encodeSource(code)}`);
}

/** Whether a link carries a text that cannot be read. */
export function unreadable(url: URL): boolean {
  const fragment = new URLSearchParams(url.hash.slice(1));
  const code = fragment.get("code");
  return fragment.has("packed") || (code !== null && decodeSource(code) === null);
}

export async function spotHere(chosen: string | undefined): Promise<Spot> {
  const url = await unpacked(new URL(location.href));
  const found = spotFromUrl(url);
  damaged.value = unreadable(url) ? found : null;
  const theme = chosen === "light" || chosen === "dark" ? chosen : found.theme;
  return found.theme === "auto" ? { ...found, theme } : found;
}

function show(address: string): void {
  if (address !== location.pathname + location.search + location.hash)
    history.replaceState(null, "", address);
}

/** The history is not filled with steps. */
export function mirrorToAddress(): void {
  const write = createThrottle(() => {
    const address = urlOf(spot.peek(), new URL(location.href));
    // A lost character can still be put back.
    if (unread.peek()) show(address + location.hash);
    else void packed(address).then(show);
  });
  effect(() => {
    void [spot.value, unread.value];
    write();
  });
  addEventListener("hashchange", () => {
    void spotHere(undefined).then((found) => (spot.value = found));
  });
}
