// Marks of open groups: the frame around what they hold, with its name.

import { meet } from "./buckets.ts";
import type { Box } from "./camera.ts";
import type { Program } from "../trace/program.ts";
import type { GraphGroup } from "../events.ts";
import type { SceneInput } from "../scene.ts";

export interface FrameMark extends Box {
  name: string;
  label: string;
  /** How many frames are around it. */
  depth: number;
  /** A call with several values has no node that could stand for it. */
  closable: boolean;
}

export function framesOf({ program, layout, window }: SceneInput): FrameMark[] {
  const { frames, parents } = program.grouping;
  const depths: number[] = [];
  return frames.flatMap((group, index) => {
    depths.push(parents[index]! < 0 ? 0 : depths[parents[index]!]! + 1);
    const box = layout.groups[index];
    if (!box || (window && !meet(window, box))) return [];
    const { name, node } = group;
    return {
      name,
      ...box,
      label: labelOf(program, group),
      depth: depths[index]!,
      closable: node !== "",
    };
  });
}

/** The statement that was opened, or what a call returns. */
function labelOf({ nodes }: Program, { name, node, block }: GraphGroup): string {
  if (name.endsWith(".return")) return "return";
  return nodes.get(node)?.source || (block ? `${block}(…)` : name);
}
