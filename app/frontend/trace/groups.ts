// Groups of a graph: which nodes can be opened, which frames are open, and what stands in which.

import type { GraphEvent, GraphGroup } from "../events.ts";

export interface Grouping {
  /** Open groups that hold something on the picture, outer ones first. */
  frames: GraphGroup[];
  /** The frame around a frame, by its place in `frames`; -1 at the top. */
  parents: number[];
  /** The innermost frame that a node stands in; nodes in none are left out. */
  frameOf: Map<string, number>;
  /** The closed group that a node stands for. */
  closedAt: Map<string, GraphGroup>;
}

export function groupingOf({ groups, nodes }: GraphEvent): Grouping {
  const shown = new Set(nodes.map(({ name }) => name));
  const grouping: Grouping = { frames: [], parents: [], frameOf: new Map(), closedAt: new Map() };
  const place = new Map<string, number>();
  for (const group of groups) {
    const parent = group.parent === "" ? -1 : place.get(group.parent);
    // What is inside a closed group is not seen.
    if (parent === undefined) continue;
    if (!group.open) {
      if (!shown.has(group.node)) continue;
      grouping.closedAt.set(group.node, group);
      if (parent >= 0) grouping.frameOf.set(group.node, parent);
      continue;
    }
    place.set(group.name, grouping.frames.push(group) - 1);
    grouping.parents.push(parent);
    for (const { name, op } of group.members)
      if (op !== "group" && shown.has(name)) grouping.frameOf.set(name, grouping.frames.length - 1);
  }
  return grouping;
}

/** All names that must be open for this group to be looked into: one that holds a group alone opens with it. */
export function openedWith(groups: readonly GraphGroup[], name: string): string[] {
  const opened = [];
  for (let at = groups.find((group) => group.name === name); at;) {
    opened.push(at.name);
    const [only, ...others]: GraphGroup["members"] = at.members;
    at =
      only?.op === "group" && !others.length
        ? groups.find((group) => group.name === only.name)
        : undefined;
  }
  return opened;
}

/** What is left open when a group is closed: nothing in it. */
export function withoutGroup(
  groups: readonly GraphGroup[],
  open: readonly string[],
  name: string,
): string[] {
  const closed = new Set([name]);
  for (const group of groups) if (closed.has(group.parent)) closed.add(group.name);
  return open.filter((each) => !closed.has(each));
}

/** The node that stands for `name` where a group that it is in is closed; itself where it is seen. */
export function standIn(graph: GraphEvent, name: string): string | null {
  if (graph.nodes.some((node) => node.name === name)) return name;
  const inside = graph.groups.find(({ members }) => members.some((member) => member.name === name));
  return inside ? standIn(graph, inside.node) : null;
}
