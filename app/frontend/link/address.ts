// The address of the page: read once, then kept up to date, so that a reload or a shared link lands on the same picture.

import { effect } from "@preact/signals-core";
import { placeFromUrl, unreadable, urlOf, type Place } from "../place.ts";
import { damaged, place, unread } from "../state.ts";
import { isQuick } from "../pace.ts";
import { createThrottle } from "./throttle.ts";

/** A fragment up to this long is left as it is. */
const SHORT = 200;

/** What packs and unpacks is loaded when there is something to pack. */
async function plain(address: URL): Promise<URL> {
  if (!address.hash.includes("packed=")) return address;
  return (await import("./link.ts")).unpacked(address);
}

const KEY = "backprop-lab.here";

/** The address lags a moment behind quick steps: after a reload the page knows better. */
function leftAt(): URL {
  const here = new URL(location.href);
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (entry?.type === "reload" && kept) return new URL(kept, here);
  } catch {
    // A browser that keeps nothing has the address.
  }
  return here;
}

/** What cannot be read of a link stays in the address: a lost character can still be put back. */
function addressHere(): string {
  const address = urlOf(place.peek(), new URL(location.href));
  return unread.peek() ? address.split("#", 1)[0] + location.hash : address;
}

function remember(): void {
  try {
    sessionStorage.setItem(KEY, addressHere());
  } catch {
    // The address has to do.
  }
}

/** Where the address leads. A theme that was chosen on an earlier page holds here too. */
export async function placeHere(chosen?: string, address = leftAt()): Promise<Place> {
  const url = await plain(address);
  const found = placeFromUrl(url);
  const part = unreadable(url);
  damaged.value = part && { part, found };
  const theme = chosen === "light" || chosen === "dark" ? chosen : found.theme;
  return found.theme === "auto" ? { ...found, theme } : found;
}

function show(address: string): void {
  const current = location.pathname + location.search + location.hash;
  if (address !== current) history.replaceState(null, "", address);
}

/** While steps are quick or a value changes the address waits: to change it takes longer. */
const WAIT = 250;

/** The history is not filled with steps. */
export function mirrorToAddress(): void {
  const write = createThrottle(() => {
    const address = addressHere();
    const short = address.length - address.indexOf("#") <= SHORT || !address.includes("#");
    if (short || unread.peek()) show(address);
    else void import("./link.ts").then(({ packed }) => packed(address).then(show));
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let { inputs } = place.peek();
  effect(() => {
    const dragged = place.value.inputs !== inputs;
    inputs = place.value.inputs;
    clearTimeout(timer);
    if (dragged || isQuick()) timer = setTimeout(write, WAIT);
    else write();
  });
  addEventListener("pagehide", remember);
  addEventListener("hashchange", () => {
    void placeHere(undefined, new URL(location.href)).then((found) => (place.value = found));
  });
}
