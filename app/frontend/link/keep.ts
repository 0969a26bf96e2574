// The last request that was answered, kept for a reload of this tab: beside a text with a mistake in it, the
// picture of the text before is shown again.

import type { TraceRequest } from "../wire.ts";

const NAME = "backprop-lab.good";

interface Kept {
  example: string;
  request: TraceRequest;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** A browser may refuse to store anything: then a reload shows the mistake alone. */
export function keepGood(example: string, request: TraceRequest, store = storage()): void {
  try {
    store?.setItem(NAME, JSON.stringify({ example, request }));
  } catch {
    store?.removeItem(NAME);
  }
}

/** What was kept under this example; another's picture would explain nothing. */
export function keptGood(example: string, store = storage()): TraceRequest | null {
  try {
    const kept = JSON.parse(store?.getItem(NAME) ?? "null") as Kept | null;
    return kept?.example === example ? kept.request : null;
  } catch {
    return null;
  }
}

function storage(): Store | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
