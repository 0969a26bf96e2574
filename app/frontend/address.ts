// The address of the page: read once, then kept up to date, so that a reload or a shared link lands on the same picture.

import { effect } from "@preact/signals-core";
import { packed, unpacked } from "./link.ts";
import { place, placeFromUrl, urlOf, type Place } from "./state.ts";
import { createThrottle } from "./throttle.ts";

/** Where the address leads. A theme that was chosen on an earlier page holds here too. */
export async function placeHere(chosen?: string): Promise<Place> {
  const found = placeFromUrl(await unpacked(new URL(location.href)));
  const theme = chosen === "light" || chosen === "dark" ? chosen : found.theme;
  return found.theme === "auto" ? { ...found, theme } : found;
}

/** The history is not filled with steps. */
export function mirrorToAddress(): void {
  const write = createThrottle(() => {
    void packed(urlOf(place.peek(), new URL(location.href))).then((address) => {
      const current = location.pathname + location.search + location.hash;
      if (address !== current) history.replaceState(null, "", address);
    });
  });
  effect(() => {
    void place.value;
    write();
  });
  addEventListener("hashchange", () => void placeHere().then((found) => (place.value = found)));
}
