// A map of the whole graph in a corner, where the graph does not fit the window: what is in view, and where the
// action is. Press or drag to look elsewhere.

import { windowOf } from "../scene/camera.ts";
import { boxesOf } from "../scene/geometry.ts";
import { t } from "../i18n.ts";
import { calmly } from "../pace.ts";
import { mapStands } from "./plate.ts";
import { drawing, lookAtPoint, shownView, type Drawing } from "./stage.ts";
import { field, frame, viewport } from "../state.ts";

const SIZE = { width: 188, height: 116, pad: 8 };
/** In a smaller window the map would cover what it is a map of. */
const ROOM = { width: 480, height: 3 * SIZE.height };

interface Mapping {
  scale: number;
  left: number;
  top: number;
}

export function startMinimap(stage: HTMLElement): void {
  const canvas = document.createElement("canvas");
  canvas.className = "minimap";
  canvas.setAttribute("role", "img");
  stage.append(canvas);
  listen(canvas);
  calmly(() => {
    canvas.setAttribute("aria-label", t("map.label"));
    void field.theme.value;
    draw(canvas, drawing.value);
  });
}

function mappingOf({ layout }: Drawing): Mapping {
  const [width, height] = [SIZE.width - 2 * SIZE.pad, SIZE.height - 2 * SIZE.pad];
  const scale = Math.min(width / Math.max(1, layout.width), height / Math.max(1, layout.height));
  const left = (SIZE.width - layout.width * scale) / 2;
  return { scale, left, top: (SIZE.height - layout.height * scale) / 2 };
}

function draw(canvas: HTMLCanvasElement, known: Drawing | null): void {
  const view = shownView.value;
  const size = viewport.value;
  const { layout } = known ?? { layout: { width: 0, height: 0 } };
  const fits = layout.width * view.zoom <= size.width && layout.height * view.zoom <= size.height;
  canvas.hidden = !known || fits || size.width < ROOM.width || size.height < ROOM.height;
  mapStands.value = !canvas.hidden;
  if (!known || canvas.hidden) return;
  const mapping = mappingOf(known);
  const context = fresh(canvas);
  const at = (x: number, y: number) =>
    [mapping.left + x * mapping.scale, mapping.top + y * mapping.scale] as const;
  context.drawImage(ground(canvas, known, mapping), 0, 0, SIZE.width, SIZE.height);
  const active = known.program.at.get(frame.value?.activeNode ?? "");
  if (active !== undefined) {
    const box = boxesOf(known).cards.boxes[active]!;
    context.fillStyle = colour(canvas, frame.value?.sweeping ? "--backward" : "--forward");
    context.beginPath();
    context.arc(...at(box.x + box.width / 2, box.y + box.height / 2), 3.5, 0, 7);
    context.fill();
  }
  const window = windowOf(view, size);
  context.strokeStyle = colour(canvas, "--ink");
  context.lineWidth = 1.5;
  const [x, y] = at(window.x, window.y);
  context.strokeRect(x, y, window.width * mapping.scale, window.height * mapping.scale);
}

function fresh(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ratio = Math.min(2, devicePixelRatio);
  canvas.width = SIZE.width * ratio;
  canvas.height = SIZE.height * ratio;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

const colours = new Map<string, string>();

/** What a colour of the style sheet is in this theme; asked for once, as asking costs more than drawing. */
function colour(canvas: HTMLCanvasElement, name: string): string {
  const key = `${document.documentElement.dataset["theme"]} ${DARK.matches} ${name}`;
  let found = colours.get(key);
  if (!found) {
    canvas.style.color = `var(${name})`;
    colours.set(key, (found = getComputedStyle(canvas).color));
  }
  return found;
}

const DARK = matchMedia("(prefers-color-scheme: dark)");

let drawn: { layout: object; colour: string; sheet: HTMLCanvasElement } | null = null;

/** The nodes, which are drawn once for a layout. */
function ground(canvas: HTMLCanvasElement, known: Drawing, mapping: Mapping): HTMLCanvasElement {
  const ink = colour(canvas, "--ink-3");
  if (drawn?.layout === known.layout && drawn.colour === ink) return drawn.sheet;
  const sheet = document.createElement("canvas");
  const context = fresh(sheet);
  context.fillStyle = ink;
  context.globalAlpha = 0.55;
  for (const { x, y, width, height } of boxesOf(known).cards.boxes) {
    const size = [Math.max(1, width * mapping.scale), Math.max(1, height * mapping.scale)] as const;
    context.fillRect(mapping.left + x * mapping.scale, mapping.top + y * mapping.scale, ...size);
  }
  drawn = { layout: known.layout, colour: ink, sheet };
  return sheet;
}

function listen(canvas: HTMLCanvasElement): void {
  const look = (event: PointerEvent) => {
    const known = drawing.peek();
    if (!known || !event.buttons) return;
    event.stopPropagation();
    const { left, top, scale } = mappingOf(known);
    lookAtPoint({ x: (event.offsetX - left) / scale, y: (event.offsetY - top) / scale });
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    look(event);
  });
  canvas.addEventListener("pointermove", look);
}
