// The canvas: keeps layout and window size up to date, draws the current frame, and turns gestures into views.

import { batch, effect, signal } from "@preact/signals-core";
import { meet, within } from "../scene/buckets.ts";
import { fitZoom, windowOf, zoomAbout, type View } from "../scene/camera.ts";
import { boxesOf, cardBox, focusOf } from "../scene/geometry.ts";
import { framing, FRAMING, isHeld, isOverview, LEGIBLE, viewAt } from "../scene/framing.ts";
import { listenToGround } from "./gestures.ts";
import { createLayoutWorker, type Ask } from "../layout/ask.ts";
import { follow, followAgain } from "./follow.ts";
import { gradually } from "./gradual.ts";
import { closeGroup, openGroup } from "./opening.ts";
import { furnitureOf, renderPlate } from "./plate.ts";
import { formulaOf, sceneOf, type Detail } from "../scene.ts";
import { birthsOf, showFrame, steadyView, withSeeds } from "../scene/steady.ts";
import { indexOf, type Frame } from "../timeline.ts";
import { METRICS, sizesOf, type Sizes } from "../scene/size.ts";
import { isDrawnAlike, isKin, isSameProgram, programOf, type Program } from "../trace/program.ts";
import { calmly, isQuick } from "../pace.ts";
import { renderWorld, type Picture } from "../render.ts";
import type { CardEvents } from "./card.ts";
import { scrubOnCard } from "../leaf/card.ts";
import type { Layout, Point } from "../layout.ts";
import { lights } from "../scene/entry.ts";
import type { GraphEvent } from "../events.ts";
import { scaleOf } from "../format.ts";
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
} from "../state.ts";

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
const WHOLE = 250;
/** Below these zooms a node is its name, then a dot; a dot, too, where so many are in view. */
const DETAIL = { full: LEGIBLE, name: 0.12, most: 300 };
/** How long nodes take to their new places. */
const MOVING = 420;

let shown: View = { x: 0, y: 0, zoom: 1 };
/** The view of the picture as it was drawn last. */
export const shownView = signal<View>(shown);
/** New nodes on their way, until the picture is at rest. */
const births = signal<ReadonlyMap<string, Point> | null>(null);
/** The picture as it was drawn last; its formula is put in its place after it. */
const drawn = signal<Picture | null>(null);
let landing: ReturnType<typeof setTimeout> | undefined;

/** What draws thousands of nodes; loaded when there are as many. */
type Underlay = typeof import("./underlay.ts");
const underlay = signal<Underlay | null>(null);
let underlayAsked = false;
/** Whether nodes are dots at the moment. */
let dots = false;

export function startStage(stage: HTMLElement, workerUrl: string): void {
  const ask = createLayoutWorker(workerUrl);
  const measure = createMeasure(stage);
  watchSize(stage);
  document.fonts.addEventListener("loadingdone", () => fontsSeen.value++);
  effect(() => plan(ask, measure));
  const host = stage.querySelector<HTMLElement>("[data-picture]")!;
  effect(() => draw(host));
  calmly(() => {
    if (drawn.value) renderPlate(host, { ...drawn.value, furniture: furnitureOf(stage) });
  });
  listenToGround(stage, host, { pan, zoom, press, over });
  host.addEventListener("focusin", ({ target }) => reveal(target as HTMLElement));
}

/** Asks for the layout of what is to be shown, unless it is what is shown. */
function plan(ask: Ask, measure: Measure): void {
  const [events, mode] = [trace.value, field.mode.value];
  const known = drawing.peek();
  if (!events.length || (known !== null && known.graph === events[0] && known.mode === mode))
    return;
  const { graph } = indexOf(events);
  const same = known !== null && isSameProgram(known.graph, graph);
  const program = same ? known.program : programOf(graph);
  // A value that is dragged moves nothing: the picture stays where it is, and follows at once.
  if (known && known.mode === mode && isDrawnAlike(known.graph, graph)) {
    drawing.value = { ...known, graph, program, scale: scaleOf(events) };
    return;
  }
  const isWanted = () => trace.peek() === events && place.peek().mode === mode;
  // Measured in the fonts they are drawn in, or formulas with brackets are cut off.
  void loadBrackets(program).then(() => {
    if (isWanted()) layOut({ graph, program, mode }, ask, measure, isWanted);
  });
}

/** Measures the cards, asks where they stand, and shows that if it is still wanted. */
function layOut(
  shown: Pick<Drawing, "graph" | "program" | "mode">,
  ask: Ask,
  measure: Measure,
  isWanted: () => boolean,
): void {
  const [{ program, mode }, known] = [shown, drawing.peek()];
  const widthOf = program.nodes.size > WHOLE ? guess : measure(mode);
  const sizes = sizesOf(program, (node) => formulaOf(program, node), METRICS[mode], widthOf);
  const before = known && isKin(known.program, program) ? known : null;
  const question = withSeeds(sizes.input, program, before?.mode === mode ? before : null);
  void ask(question).then((layout) => {
    if (!isWanted()) return;
    const next = { ...shown, sizes, layout, scale: scaleOf(trace.peek()) };
    batch(() => {
      if (before?.mode === mode) change(before, next);
      drawing.value = next;
    });
  });
}

/** Nodes travel to their new places, and where the graph is larger than the window one keeps looking at the same. */
function change(before: Drawing, next: Drawing): void {
  const { manual } = camera.peek();
  const fits = (known: Drawing) => fitZoom(framing(known)) >= FRAMING[known.mode].least;
  const now = frame.peek();
  if (manual || !(fits(next) || (now && isOverview(framing(next), next, now)))) {
    const active = frame.peek()?.activeNode;
    const named = [...birthPlaces(next), place.peek().selection, active, ...before.program.names];
    const names = named.filter((name): name is string => typeof name === "string");
    const steady = steadyView(before, next, shown, names);
    const seen = showFrame(next, birthPlaces(next)[0], steady, viewport.peek());
    camera.value = { manual: seen, step: step.peek() };
  }
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  births.value = birthsOf(before, next);
  clearTimeout(landing);
  landing = setTimeout(() => (births.value = null), MOVING);
}

function birthPlaces({ program }: Drawing): string[] {
  const known = new Set(drawing.peek()?.program.grouping.frames.map(({ name }) => name));
  return program.grouping.frames.flatMap(({ name, node }) => (known.has(name) ? [] : node));
}

const EVENTS: CardEvents = {
  pick,
  hover: (name) => (hovered.value = name),
  scrub,
  open: openGroup,
  close: closeGroup,
};

function draw(host: HTMLElement): void {
  const now = frame.value;
  const known = drawing.value;
  // Notes are measured: a font that arrives late changes their size.
  void fontsSeen.value;
  void followAgain.value;
  if (!now || !known || !viewport.value.width || indexOf(trace.value).graph !== known.graph) return;
  const quick = isQuick();
  shown = follow(viewAt(known, now), { now, known, quick });
  shownView.value = shown;
  const detail = detailOf(known);
  dots = detail === "dots";
  const picture = pictureOf(known, now, detail, quick);
  renderWorld(host, picture, EVENTS);
  drawn.value = picture;
  const below = dots ? { ...known, frame: now, events: trace.value } : null;
  underlay.value?.drawUnderlay(host, below, shown, viewport.value, attended());
}

/** The node whose edges stand out. */
function attended(): string | null {
  return hovered.value ?? field.selection.value;
}

function pictureOf(known: Drawing, now: Frame, detail: Detail, quick: boolean): Picture {
  const { layout, mode } = known;
  // A small graph is drawn whole, so that nothing pops up while one pans.
  const window = layout.nodes.length > WHOLE ? windowOf(shown, viewport.value) : null;
  const selection = field.selection.value;
  const [pointed, lit, attention] = [hovered.value, caretNode.value, attended()];
  const whole = sceneOf({
    ...known,
    ...{ frame: now, selection, attention, pointed, lit, window, detail, lights: lights.value },
  });
  const before = drawn.peek()?.scene;
  const at = quick ? focusOf(known, now) : null;
  const scene = at && before ? gradually(whole, before, at) : whole;
  const size = { width: layout.width, height: layout.height, viewport: viewport.value };
  return { scene, view: shown, ...size, mode, held: isHeld(now), quick, births: births.value };
}

/** From how far away one looks; many nodes at once are dots. */
function detailOf(known: Drawing): Detail {
  const { zoom } = shown;
  if (zoom >= DETAIL.full && known.layout.nodes.length <= DETAIL.most) return "full";
  const crowd = zoom < DETAIL.name || isCrowded(known);
  if (crowd && !underlayAsked) {
    underlayAsked = true;
    void import("./underlay.ts").then((loaded) => (underlay.value = loaded));
  }
  return crowd && underlay.value ? "dots" : zoom >= DETAIL.full ? "full" : "name";
}

function isCrowded(known: Drawing): boolean {
  if (known.layout.nodes.length <= DETAIL.most) return false;
  return within(boxesOf(known).cards, windowOf(shown, viewport.value)).length > DETAIL.most;
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

/** Looks at a node where it is, at a size at which it can be read. */
export function lookAt(name: string): void {
  const known = drawing.peek();
  const at = known?.program.at.get(name);
  if (!known || at === undefined) return;
  const box = cardBox(known, name, known.layout.nodes[at]!);
  const scale = Math.max(shown.zoom, known.mode === "lecture" ? 1.4 : 0.9);
  lookAtPoint({ x: box.x + box.width / 2, y: box.y + box.height / 2 }, scale);
}

/** A node that gets the focus by the keyboard comes into view. */
function reveal(target: HTMLElement): void {
  const name = target.dataset["name"];
  const known = drawing.peek();
  const at = name === undefined ? undefined : known?.program.at.get(name);
  if (!known || at === undefined || !target.matches(":focus-visible")) return;
  const seen = windowOf(shown, viewport.peek());
  const box = cardBox(known, name!, known.layout.nodes[at]!);
  if (!meet(seen, { ...box, width: box.width * 0.6, height: box.height * 0.6 })) lookAt(name!);
}

/** Puts a point of the picture in the middle of the window. */
export function lookAtPoint(at: Point, scale = shown.zoom): void {
  const { width, height } = viewport.peek();
  const manual = { zoom: scale, x: width / 2 - at.x * scale, y: height / 2 - at.y * scale };
  camera.value = { manual, step: step.peek() };
}

/** The node under the pointer, where nodes are dots. */
function dotAt(at: Point): string | null {
  const known = drawing.peek();
  return known && dots && underlay.peek() ? underlay.peek()!.nodeAt(known, shown, at) : null;
}

function press(at: Point): void {
  const name = dotAt(at);
  update({ selection: name });
}

function over(at: Point | null): void {
  // Cards tell by themselves that they are pointed at.
  if (!dots) return;
  const name = at && dotAt(at);
  if (name !== hovered.peek()) hovered.value = name;
}

function pan(x: number, y: number): void {
  camera.value = { manual: { ...shown, x: shown.x + x, y: shown.y + y }, step: step.peek() };
}

function watchSize(stage: HTMLElement): void {
  const read = () => (viewport.value = { width: stage.clientWidth, height: stage.clientHeight });
  new ResizeObserver(read).observe(stage);
  read();
}
