// Looking into groups: what is open is part of the place, so a link shows it and the trace is asked for anew.

import type { GraphGroup } from "../events.ts";
import { openedWith, withoutGroup } from "../trace/groups.ts";
import { FIELDS } from "../place.ts";
import { frame, hovered, place, trace, update } from "../state.ts";

function groups(): readonly GraphGroup[] {
  const graph = trace.peek()[0];
  return graph?.kind === "graph" ? graph.groups : [];
}

function setOpen(open: string[]): void {
  update({ open: open.length ? open.toSorted() : FIELDS.open.initial });
}

export function openGroup(name: string): void {
  setOpen([...new Set([...place.peek().open, ...openedWith(groups(), name)])]);
}

export function closeGroup(name: string): void {
  setOpen(withoutGroup(groups(), place.peek().open, name));
}

export function openAll(): void {
  setOpen(groups().flatMap(({ name, node }) => (node ? name : [])));
}

export function closeAll(): void {
  setOpen([]);
}

/** Opens the node one is at, or closes the frame around it where there is nothing to open. */
export function toggleHere(): void {
  const { selection } = place.peek();
  const focused = document.activeElement?.closest<HTMLElement>("[data-name]")?.dataset["name"];
  const name = focused ?? hovered.peek() ?? selection ?? frame.peek()?.activeNode ?? null;
  const found = groups();
  const byName = new Map(found.map((group) => [group.name, group]));
  const isSeen = ({ parent }: GraphGroup): boolean =>
    parent === "" || Boolean(byName.get(parent)?.open && isSeen(byName.get(parent)!));
  const closed = found.find((group) => !group.open && group.node === name && isSeen(group));
  if (closed) return openGroup(closed.name);
  const around = found.findLast(
    (group) => group.open && group.node && group.members.some((member) => member.name === name),
  );
  if (around) closeGroup(around.name);
}
