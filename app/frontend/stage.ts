// The canvas: keeps layout and window size up to date, draws the current frame, and turns gestures into views.

import { effect, signal } from "@preact/signals-core";
import { viewOf, windowOf, zoomAbout, type View } from "./camera.ts";
import { focusOf } from "./geometry.ts";
import { formulaOf, sceneOf } from "./scene.ts";
import { indexOf, type Frame } from "./timeline.ts";
import { METRICS, sizesOf, type Sizes } from "./size.ts";
import { isDrawnAlike, programOf, type Program } from "./program.ts";
import { renderPicture } from "./render.ts";
import { scrubOnCard } from "./leaf-card.ts";
import type { Layout, LayoutInput } from "./layout.ts";
import type { GraphEvent } from "./events.ts";
import { scaleOf } from "./format.ts";
import { createMeasure, guess, loadBrackets, type Measure } from "./measure.ts";
import {
  camera,
  caretNode,
  field,
  frame,
  hovered,
  place,
  step,
  trace,
  update,
  viewport,
} from "./state.ts";

export interface Drawing {
  graph: GraphEvent;
  program: Program;
  sizes: Sizes;
  layout: Layout;
  scale: number;
  mode: "study" | "lecture";
}

/** What the trace on screen looks like: null until its layout has come back from the worker. */
export const drawing = signal<Drawing | null>(null);

const fontsSeen = signal(0);

/** Up to this many nodes all are in the document, and every formula is measured; beyond, only what is seen. */
const WHOLE = 150;

/** Projected, the smallest type of a node (18 units) must be 36 pixels high. */
const FRAMING = {
  study: { least: 0.55, most: 1.35, margin: { x: 32, y: 64 } },
  lecture: { least: 2, most: 2.4, margin: { x: 32, y: 20 } },
};

let shown: View = { x: 0, y: 0, zoom: 1 };

export function startStage(stage: HTMLElement, workerUrl: string): void {
  const ask = createLayoutWorker(workerUrl);
  const measure = createMeasure(stage);
  watchSize(stage);
  document.fonts.addEventListener("loadingdone", () => fontsSeen.value++);
  effect(() => plan(ask, measure));
  const host = stage.querySelector<HTMLElement>("[data-picture]")!;
  effect(() => draw(host));
  listen(stage, host);
}

/** Asks for the layout of what is to be shown, unless it is what is shown. */
function plan(ask: Ask, measure: Measure): void {
  const events = trace.value;
  const mode = field.mode.value;
  const known = drawing.peek();
  if (!events.length || (known !== null && known.graph === events[0] && known.mode === mode))
    return;
  const { graph } = indexOf(events);
  const program = programOf(graph);
  // A value that is dragged moves nothing: the picture stays where it is, and follows at once.
  if (known && known.mode === mode && isDrawnAlike(known.graph, graph)) {
    drawing.value = { ...known, graph, program, scale: scaleOf(events) };
    return;
  }
  const widthOf = program.nodes.size > WHOLE ? guess : measure(mode);
  const sizes = sizesOf(program, (node) => formulaOf(program, node), METRICS[mode], widthOf);
  void Promise.all([ask(sizes.input), loadBrackets(program)]).then(([layout]) => {
    if (trace.peek() !== events || place.peek().mode !== mode) return;
    drawing.value = { graph, program, sizes, layout, scale: scaleOf(events), mode };
  });
}

function draw(host: HTMLElement): void {
  const now = frame.value;
  const known = drawing.value;
  // Notes are measured: a font that arrives late changes their size.
  void fontsSeen.value;
  if (!now || !known || !viewport.value.width || indexOf(trace.value).graph !== known.graph) return;
  const { layout, mode } = known;
  shown = view(known, now);
  // A small graph is drawn whole, so that nothing pops up while one pans.
  const window = layout.nodes.length > WHOLE ? windowOf(shown, viewport.value) : null;
  const selection = field.selection.value;
  const attention = hovered.value ?? selection;
  const lit = caretNode.value;
  const scene = sceneOf({ ...known, frame: now, selection, attention, lit, window });
  const size = { width: layout.width, height: layout.height, viewport: viewport.value };
  renderPicture(
    host,
    { scene, view: shown, ...size, mode, held: isHeld(now) },
    { pick, hover: (name) => (hovered.value = name), scrub },
  );
}

/** Whether the view was chosen at this very step, by hand. */
function isHeld(now: Frame): boolean {
  return camera.value.manual !== null && camera.value.step === now.step;
}

function view(known: Drawing, now: Frame): View {
  return viewOf({
    layout: known.layout,
    viewport: viewport.value,
    manual: camera.value.manual,
    focus: isHeld(now) ? null : focusOf(known, now),
    ...FRAMING[known.mode],
  });
}

function scrub(name: string, event: PointerEvent): void {
  const node = drawing.peek()?.program.nodes.get(name);
  if (node) scrubOnCard(node, event);
}

function pick(name: string): void {
  update({ selection: place.peek().selection === name ? null : name });
}

export function zoom(
  factor: number,
  at = { x: viewport.peek().width / 2, y: viewport.peek().height / 2 },
): void {
  camera.value = { manual: zoomAbout(shown, factor, at), step: step.peek() };
}

export function fit(): void {
  camera.value = { manual: null, step: 0 };
}

function pan(x: number, y: number): void {
  camera.value = { manual: { ...shown, x: shown.x + x, y: shown.y + y }, step: step.peek() };
}

function watchSize(stage: HTMLElement): void {
  const read = () => (viewport.value = { width: stage.clientWidth, height: stage.clientHeight });
  new ResizeObserver(read).observe(stage);
  read();
}

/** Wheel pans, Ctrl+wheel and pinch zoom (a pinch arrives as Ctrl+wheel); dragging the ground pans. */
function listen(stage: HTMLElement, host: HTMLElement): void {
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top } = stage.getBoundingClientRect();
      if (!event.ctrlKey && !event.metaKey) pan(-event.deltaX, -event.deltaY);
      else
        zoom(Math.exp(-event.deltaY * 0.01), { x: event.clientX - left, y: event.clientY - top });
    },
    { passive: false },
  );
  let from: { x: number; y: number; moved: boolean } | null = null;
  host.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY, moved: false };
    host.setPointerCapture(event.pointerId);
  });
  host.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && Math.hypot(x, y) < 4) return;
    pan(x, y);
    from = { x: event.clientX, y: event.clientY, moved: true };
  });
  host.addEventListener("pointerup", () => {
    if (from && !from.moved) update({ selection: null });
    from = null;
  });
}

type Ask = (input: LayoutInput) => Promise<Layout>;

function createLayoutWorker(url: string): Ask {
  const worker = new Worker(url, { type: "module" });
  const waiting = new Map<number, (layout: Layout) => void>();
  let tickets = 0;
  worker.addEventListener(
    "message",
    ({ data }: MessageEvent<{ ticket: number; layout: Layout }>) => {
      waiting.get(data.ticket)?.(data.layout);
      waiting.delete(data.ticket);
    },
  );
  return (input) =>
    new Promise((resolve) => {
      waiting.set(++tickets, resolve);
      worker.postMessage({ ticket: tickets, input });
    });
}
