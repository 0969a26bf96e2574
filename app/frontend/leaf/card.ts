// A number on the card of a leaf can be dragged where it stands.

import type { GraphNode } from "../events.ts";
import { leafOf, setEntry } from "./value.ts";
import { startScrub } from "./scrub.ts";

const HANDLE = ".pane.value .number, .pane.value .map.grid > i";

export function scrubOnCard(node: GraphNode, event: PointerEvent): void {
  const number = (event.target as HTMLElement).closest<HTMLElement>(HANDLE);
  const leaf = leafOf(node);
  if (!number || !leaf) return;
  const place = number.matches("i") ? [...number.parentElement!.children].indexOf(number) : 0;
  const change = (value: number) => {
    const now = leafOf(node);
    if (now) setEntry(now, place, value);
  };
  startScrub(event, { value: leaf.entries[place]!, change });
}

/** From anywhere: to the value of the node in question. */
export function focusValue(): void {
  document.querySelector<HTMLElement>("[data-leaf] .value-field")?.focus();
}
