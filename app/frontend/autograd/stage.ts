// The graph in its window: what is in view follows the step, unless the reader has moved it.

import { effect, signal } from "@preact/signals-core";
import { viewOf, zoomAbout, type View } from "../scene/camera.ts";
import { pictureOf } from "./marks.ts";
import { renderPicture } from "./picture.ts";
import { indices, layout, pointed, snapshot, words } from "./store.ts";

const viewport = signal({ width: 0, height: 0 });
const manual = signal<View | null>(null);
const whole = signal(false);
const EMPTY = { width: 1, height: 1, nodes: [], edges: [], focus: null };

/** All of the graph, however small; once more, what the step is about. */
export function fit(): void {
  whole.value = manual.peek() ? whole.peek() : !whole.peek();
  manual.value = null;
}

export function zoom(factor: number): void {
  const { width, height } = viewport.peek();
  manual.value = zoomAbout(current, factor, { x: width / 2, y: height / 2 });
}

let current: View = { x: 0, y: 0, zoom: 1 };

export function startStage(host: HTMLElement): void {
  const look = () => (viewport.value = { width: host.clientWidth, height: host.clientHeight });
  new ResizeObserver(look).observe(host);
  look();
  grip(host);
  effect(() => {
    const placed = layout.value;
    const picture = placed ? pictureOf(snapshot.value, placed, indices.value) : EMPTY;
    current = viewOf({
      layout: picture,
      viewport: viewport.value,
      manual: manual.value,
      focus: picture.focus,
      whole: whole.value,
      least: 0.76,
      most: 1.3,
      margin: { x: 28, y: 18 },
    });
    const point = (node: number | null) => (pointed.value = node);
    renderPicture(host, picture, current, {
      symbols: words.value === "symbols",
      pointed: pointed.value,
      held: manual.value !== null,
      point,
    });
  });
}

/** Dragging moves the picture, the wheel with Ctrl or a pinch zooms, a double click lets it follow again. */
function grip(host: HTMLElement): void {
  host.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    const start = current;
    host.setPointerCapture(down.pointerId);
    const drag = (move: PointerEvent) => {
      const [x, y] = [move.clientX - down.clientX, move.clientY - down.clientY];
      if (Math.hypot(x, y) > 3) manual.value = { ...start, x: start.x + x, y: start.y + y };
    };
    host.addEventListener("pointermove", drag);
    host.addEventListener(
      "lostpointercapture",
      () => host.removeEventListener("pointermove", drag),
      {
        once: true,
      },
    );
  });
  host.addEventListener("dblclick", () => (manual.value = null));
  host.addEventListener("wheel", (event) => turn(host, event), { passive: false });
}

function turn(host: HTMLElement, event: WheelEvent): void {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const { left, top } = host.getBoundingClientRect();
  const at = { x: event.clientX - left, y: event.clientY - top };
  manual.value = zoomAbout(current, Math.exp(-event.deltaY / 300), at);
}
