// Thousands of nodes as boxes with a name, or as dots, on a canvas under the picture. The same phases in the same
// colours; what one is busy with wears a ring that keeps its size at every zoom.

import { within } from "../scene/buckets.ts";
import { windowOf, type View } from "../scene/camera.ts";
import type { TraceEvent } from "../events.ts";
import { boxesOf, type Plan } from "../scene/geometry.ts";
import type { Point } from "../layout.ts";
import type { Program } from "../trace/program.ts";
import { edgeKey, type Frame } from "../timeline.ts";

export interface UnderlayInput extends Plan {
  frame: Frame;
  events: readonly TraceEvent[];
}

interface Size {
  width: number;
  height: number;
}

/** The step from which on a node has its value, some of its P, all of it; an edge its value, its term. */
interface Known {
  program: Program;
  value: Int32Array;
  partial: Int32Array;
  final: Int32Array;
  term: Int32Array;
}

const NEVER = 2 ** 30;
const knowledge = new WeakMap<readonly TraceEvent[], Known>();

function knownOf(events: readonly TraceEvent[], program: Program): Known {
  const found = knowledge.get(events);
  if (found?.program === program) return found;
  const made = (length: number) => new Int32Array(length).fill(NEVER);
  const [nodes, edges] = [program.names.length, program.lines.length];
  const known: Known = {
    ...{ program, value: made(nodes), partial: made(nodes), final: made(nodes), term: made(edges) },
  };
  events.forEach((event, step) => note(known, event, step));
  knowledge.set(events, known);
  return known;
}

function note(known: Known, event: TraceEvent, step: number): void {
  const first = (steps: Int32Array, at: number | undefined) => {
    if (at !== undefined && steps[at] === NEVER) steps[at] = step;
  };
  const { program } = known;
  if (event.kind === "value") first(known.value, program.at.get(event.node));
  if (event.kind === "accumulate") first(known.partial, program.at.get(event.node));
  if (event.kind === "adjoint" || event.kind === "tangent")
    first(known.final, program.at.get(event.node));
  if (event.kind === "term") first(known.term, program.lineAt.get(edgeKey(event.via)));
}

const COLOURS = {
  idle: "--border",
  ground: "--surface",
  value: "--forward-line",
  partial: "--backward-line",
  final: "--backward",
  line: "--forward-line",
  back: "--backward-line",
  ink: "--ink",
  forward: "--forward",
} as const;
type Colours = Record<keyof typeof COLOURS, string>;

let canvas: HTMLCanvasElement | null = null;
let colours: { theme: string; of: Colours } | null = null;

function themeNow(): string {
  return `${document.documentElement.dataset["theme"]} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
}

/** Colours have their names in the style sheet; a canvas wants them worked out. */
function coloursOf(sheet: HTMLCanvasElement): Colours {
  const theme = themeNow();
  if (colours?.theme === theme) return colours.of;
  const read = (name: string) => {
    sheet.style.color = `var(${name})`;
    return getComputedStyle(sheet).color;
  };
  const of = Object.fromEntries(
    Object.entries(COLOURS).map(([key, name]) => [key, read(name)]),
  ) as Colours;
  colours = { theme, of };
  return of;
}

/** Draws what is in view; nothing where there is no input. */
export function drawUnderlay(
  host: HTMLElement,
  input: UnderlayInput | null,
  view: View,
  viewport: Size,
  attention: string | null,
): void {
  if (!input) {
    if (canvas) canvas.hidden = true;
    return;
  }
  canvas ??= insertCanvas(host);
  canvas.hidden = false;
  const context = scaled(canvas, viewport);
  const seen = {
    ...input,
    view,
    colours: coloursOf(canvas),
    known: knownOf(input.events, input.program),
  };
  const window = windowOf(view, viewport);
  const boxes = boxesOf(input);
  drawEdges(context, seen, within(boxes.edges, window));
  drawNodes(context, seen, within(boxes.cards, window));
  drawRing(context, seen, input.frame.activeNode, seen.colours.ink, 3);
  drawRing(context, seen, attention, seen.colours.forward, 2);
}

function insertCanvas(host: HTMLElement): HTMLCanvasElement {
  const made = document.createElement("canvas");
  made.className = "underlay";
  made.setAttribute("aria-hidden", "true");
  host.before(made);
  return made;
}

function scaled(sheet: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D {
  const ratio = Math.min(2, devicePixelRatio);
  if (sheet.width !== Math.round(width * ratio) || sheet.height !== Math.round(height * ratio)) {
    sheet.width = Math.round(width * ratio);
    sheet.height = Math.round(height * ratio);
  }
  const context = sheet.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

type Seen = UnderlayInput & { view: View; colours: Colours; known: Known };

/** One path for each colour: idle, run forward, run back. */
function drawEdges(context: CanvasRenderingContext2D, seen: Seen, shown: readonly number[]): void {
  const { layout, program, view, known, frame, colours } = seen;
  const paths = { idle: new Path2D(), line: new Path2D(), back: new Path2D() };
  for (const index of shown) {
    const done = known.value[program.at.get(program.lines[index]!.to)!]! <= frame.step;
    const back = known.term[index]! <= frame.step;
    trace(paths[back ? "back" : done ? "line" : "idle"], layout.edges[index]!.points, view);
  }
  context.lineWidth = Math.min(1.5, Math.max(0.5, view.zoom * 6));
  for (const name of ["idle", "line", "back"] as const) {
    context.strokeStyle = colours[name];
    // Dashes are the second cue, where there are not too many to be told apart.
    context.setLineDash(name === "back" && shown.length < 1500 ? [5, 4] : []);
    context.stroke(paths[name]);
  }
  context.setLineDash([]);
}

function trace(path: Path2D, points: readonly Point[], { x, y, zoom }: View): void {
  let last = NaN;
  points.forEach((point, index) => {
    const [across, down] = [point.x * zoom + x, point.y * zoom + y];
    if (index === 0) path.moveTo(across, down);
    // From afar the bends of one run are one.
    else if (zoom > 0.06 || index === points.length - 1 || Math.abs(down - last) > 1)
      path.lineTo(across, down);
    last = down;
  });
}

function phaseOf({ known, frame }: Seen, index: number): "idle" | "value" | "partial" | "final" {
  if (known.final[index]! <= frame.step) return "final";
  if (known.partial[index]! <= frame.step) return "partial";
  return known.value[index]! <= frame.step ? "value" : "idle";
}

/** Sizes of text below which it is a smudge. */
const LEGIBLE = 9;

function drawNodes(context: CanvasRenderingContext2D, seen: Seen, shown: readonly number[]): void {
  const { program, view, colours } = seen;
  const boxes = boxesOf(seen).cards.boxes;
  const size = Math.min(15, 90 * view.zoom);
  context.font = `500 ${size}px "Geist Variable", system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const index of shown) {
    const box = boxes[index]!;
    const [x, y] = [box.x * view.zoom + view.x, box.y * view.zoom + view.y];
    const [width, height] = [
      Math.max(2, box.width * view.zoom),
      Math.max(2, box.height * view.zoom),
    ];
    const phase = phaseOf(seen, index);
    if (size < LEGIBLE || width < 4) {
      context.fillStyle = colours[phase];
      context.fillRect(x, y, width, height);
      continue;
    }
    context.fillStyle = colours.ground;
    context.strokeStyle = colours[phase];
    context.lineWidth = phase === "idle" ? 1 : 2;
    context.fillRect(x, y, width, height);
    context.strokeRect(x, y, width, height);
    context.fillStyle = colours.ink;
    context.fillText(program.names[index]!, x + width / 2, y + height / 2, width - 4);
  }
}

function drawRing(
  context: CanvasRenderingContext2D,
  seen: Seen,
  name: string | null,
  colour: string,
  width: number,
): void {
  const index = name === null ? undefined : seen.program.at.get(name);
  if (index === undefined) return;
  const box = boxesOf(seen).cards.boxes[index]!;
  const { x, y, zoom } = seen.view;
  const [across, down] = [(box.x + box.width / 2) * zoom + x, (box.y + box.height / 2) * zoom + y];
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(across, down, Math.max(9, (Math.hypot(box.width, box.height) / 2) * zoom), 0, 7);
  context.stroke();
}

/** How far from a dot, in pixels, it is still meant. */
const REACH = 8;

/** The node at a point of the window. */
export function nodeAt(plan: Plan, { x, y, zoom }: View, at: Point): string | null {
  const reach = REACH / zoom;
  const spot = { x: (at.x - x) / zoom, y: (at.y - y) / zoom };
  const area = { x: spot.x - reach, y: spot.y - reach, width: 2 * reach, height: 2 * reach };
  const { cards } = boxesOf(plan);
  let [best, least] = [-1, Infinity];
  for (const index of within(cards, area)) {
    const box = cards.boxes[index]!;
    const away = Math.hypot(box.x + box.width / 2 - spot.x, box.y + box.height / 2 - spot.y);
    if (away < least) [best, least] = [index, away];
  }
  return best < 0 ? null : plan.program.names[best]!;
}
