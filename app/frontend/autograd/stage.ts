// The graph in its window: what is in view follows the step, unless the reader has moved it.

import { computed, effect, signal } from "@preact/signals-core";
import { listenToGround } from "../canvas/gestures.ts";
import { viewOf, zoomAbout, type View } from "../scene/camera.ts";
import { renderMap } from "./map.ts";
import { pictureOf, type Picture } from "./marks.ts";
import { renderPicture, type Words } from "./picture.ts";
import { indices, layout, opened, pointed, snapshot, spot, words } from "./store.ts";

const viewport = signal({ width: 0, height: 0 });
const manual = signal<View | null>(null);
const whole = signal(false);
const EMPTY: Picture = { width: 1, height: 1, nodes: [], edges: [], focus: null };

/** How far the picture is shrunk to fit, and how far blown up; projected it is read from the last row. */
const ZOOM = { study: { least: 0.86, most: 1.3 }, lecture: { least: 2.25, most: 2.5 } };
/** The page itself scrolls here, so the wheel is the page's. */
const NARROW = matchMedia("(max-width: 860px)");

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

function pan(x: number, y: number): void {
  manual.value = { ...current, x: current.x + x, y: current.y + y };
}

/** Brings a point of the picture into the middle of the window. */
function lookAt({ x, y }: { x: number; y: number }): void {
  const { width, height } = viewport.peek();
  const { zoom } = current;
  manual.value = { zoom, x: width / 2 - x * zoom, y: height / 2 - y * zoom };
}

const picture = computed<Picture>(() =>
  layout.value ? pictureOf(snapshot.value, layout.value, indices.value) : EMPTY,
);

export function startStage(host: HTMLElement, map: HTMLElement): void {
  const look = () => (viewport.value = { width: host.clientWidth, height: host.clientHeight });
  new ResizeObserver(look).observe(host);
  look();
  grip(host);
  effect(() => {
    current = viewOf({
      layout: picture.value,
      viewport: viewport.value,
      manual: manual.value,
      focus: manual.value ? null : picture.value.focus,
      whole: whole.value,
      ...ZOOM[spot.value.mode],
      margin: { x: 28, y: 18 },
    });
    renderPicture(host, picture.value, current, wordsNow());
    renderMap(map, {
      picture: picture.value,
      view: current,
      viewport: viewport.value,
      look: lookAt,
    });
  });
}

function wordsNow(): Words {
  return {
    symbols: words.value === "symbols",
    pointed: pointed.value,
    held: manual.value !== null,
    opened: opened.value,
    point: (node) => (pointed.value = node),
    open: (key) => (opened.value = opened.peek() === key ? null : key),
  };
}

/** The local Jacobian that was opened; what shows it is loaded with the first one. */
export function startLocal(host: HTMLElement): void {
  const stop = effect(() => {
    if (opened.value === null) return;
    void import("./local.ts").then(({ renderLocal }) => {
      stop();
      effect(() => renderLocal(host, picture.value, words.value === "symbols"));
    });
  });
}

/** As in the laboratory: drag and wheel pan, Ctrl with the wheel and a pinch zoom; a double click follows again. */
function grip(host: HTMLElement): void {
  listenToGround(host, host, {
    pan,
    zoom: (factor, at) => (manual.value = zoomAbout(current, factor, at)),
    press: () => undefined,
    over: () => undefined,
  });
  const wheel = () => host.toggleAttribute("data-own-wheel", NARROW.matches);
  NARROW.addEventListener("change", wheel);
  wheel();
  host.addEventListener("dblclick", () => (manual.value = null));
}
