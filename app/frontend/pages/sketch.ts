// The picture of any step, drawn whole in a box of its own: for what stands beside the laboratory's picture.

import { viewOf } from "../scene/camera.ts";
import { FRAMING } from "../scene/framing.ts";
import { contextOf, focusOf, type Plan } from "../scene/geometry.ts";
import { renderPicture } from "../render.ts";
import { sceneOf } from "../scene.ts";
import type { Frame } from "../timeline.ts";

const FRAMINGS = {
  study: { least: 0.4, most: 1.1, margin: { x: 20, y: 44 }, manual: null },
  lecture: { ...FRAMING.lecture, manual: null },
};

type Drawn = Plan & { scale: number; mode: "study" | "lecture" };

export function sketch(host: HTMLElement, plan: Drawn, frame: Frame): void {
  const { layout } = plan;
  const viewport = { width: host.clientWidth, height: host.clientHeight };
  if (!viewport.width || !viewport.height) return;
  const projected = plan.mode === "lecture" && {
    context: contextOf(plan, frame),
    whole: frame.phase === "start" || frame.phase === "finished",
  };
  const focus = focusOf(plan, frame);
  const view = viewOf({ layout, viewport, focus, ...projected, ...FRAMINGS[plan.mode] });
  const scene = sceneOf({ ...plan, frame, selection: null, attention: null, window: null });
  const size = { width: layout.width, height: layout.height, viewport };
  const nothing = () => undefined;
  const picture = { scene, view, ...size, mode: plan.mode, held: false };
  renderPicture(host, picture, { pick: nothing, hover: nothing });
}
