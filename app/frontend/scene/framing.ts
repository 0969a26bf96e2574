// What of the picture is to be in the window: all of it where that is legible, else what the step is about.

import { fitZoom, viewOf, type Box, type CameraInput, type View } from "./camera.ts";
import { cardBox, contextOf, coreOf, focusOf, type Plan } from "./geometry.ts";
import { camera, field, viewport } from "../state.ts";
import type { Frame } from "../timeline.ts";

/** Projected, this share of the window is the formula's where it finds no free place beside its node. */
const DOCK = 0.25;

export interface Framed extends Plan {
  mode: "study" | "lecture";
}

/** Below this zoom a node is no more than its name. */
export const LEGIBLE = 0.4;

/** Two pictures beside each other may be smaller, so that each is seen whole; not so where they are projected. */
const BESIDE = 0.42;

/** Projected, the smallest type of a node (18 units) must be 36 pixels high. */
export const FRAMING = {
  study: { least: 0.66, most: 1.35, margin: { x: 24, y: 64 } },
  lecture: { least: 2, most: 2.4, margin: { x: 32, y: 20 } },
};

/** Whether the view was chosen at this very step, by hand. */
export function isHeld(now: Frame): boolean {
  return camera.value.manual !== null && camera.value.step === now.step;
}

export function framing(known: Framed): CameraInput {
  const { layout, mode } = known;
  const room = mode === "study" && field.sweep.value === "both" ? { least: BESIDE } : {};
  const dock = mode === "lecture" ? DOCK * viewport.value.height : 0;
  const input = { layout, viewport: viewport.value, manual: null, focus: null, dock };
  return { ...input, ...FRAMING[mode], ...room };
}

export function viewAt(known: Framed, now: Frame): View {
  const input = framing(known);
  const focus = focusOf(known, now) ?? outputOf(known);
  return viewOf({
    ...input,
    manual: camera.value.manual,
    focus: isHeld(now) || (camera.value.manual && now.activeNode === null) ? null : focus,
    core: coreOf(known, now),
    context: contextOf(known, now),
    whole: isOverview(input, known, now),
  });
}

/** Before the first step and after the last one sees it all, as long as that shows more than dots. */
export function isOverview(input: CameraInput, { mode }: Framed, now: Frame): boolean {
  if (now.phase === "start") return true;
  return now.phase === "finished" && (mode === "lecture" || fitZoom(input) >= LEGIBLE);
}

function outputOf(known: Framed): Box | null {
  const { program, layout } = known;
  const at = program.at.get(program.output);
  return at === undefined ? null : cardBox(known, program.output, layout.nodes[at]!);
}
