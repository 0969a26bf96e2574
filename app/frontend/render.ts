// Marks -> the page, joined by key. The only module that draws the picture.

import { html, nothing, render, svg, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { repeat } from "lit-html/directives/repeat.js";
import type { Point } from "./layout.ts";
import type { Box, View } from "./scene/camera.ts";
import { card, type CardEvents } from "./canvas/card.ts";
import { face } from "./canvas/face.ts";
import { currentLanguage, t } from "./i18n.ts";
import { icon } from "./canvas/icons.ts";
import { renderPlate } from "./canvas/plate.ts";
import { signs } from "./formulas/notation.ts";
import type { ChipMark, EdgeMark, FrameMark, Scene } from "./scene.ts";

export interface Picture {
  scene: Scene;
  view: View;
  width: number;
  height: number;
  viewport: { width: number; height: number };
  mode: "study" | "lecture";
  /** The reader moves the picture by hand: then it follows at once. */
  held: boolean;
  /** Steps follow each other so quickly that nothing could be seen on its way. */
  quick?: boolean;
  /** What stands on the picture, in the window; the formula leaves it free. */
  furniture?: readonly Box[];
  /** Where nodes that have just come to be grow from; null while the picture is at rest. */
  births?: ReadonlyMap<string, Point> | null;
}

/** The picture with the formula of its step. */
export function renderPicture(host: HTMLElement, picture: Picture, events: CardEvents): void {
  renderWorld(host, picture, events);
  renderPlate(host, picture);
}

/** The picture without its formula, which is put in its place when the rest is laid out. */
export function renderWorld(host: HTMLElement, picture: Picture, events: CardEvents): void {
  const { scene, view } = picture;
  const transform = `transform:translate(${view.x}px,${view.y}px) scale(${view.zoom})`;
  const far = `--far:${Math.round(Math.min(72, Math.max(20, 14 / view.zoom)))}px;--line:${lineOf(view)}`;
  const moving = (picture.births ?? null) !== null;
  render(
    html`
    <div class="world" style="${transform};${far}" data-mode=${picture.mode} ?data-moving=${moving}>
      <div class="frames">${repeat(
        scene.frames,
        (mark) => mark.name,
        (mark) => frame(mark, events),
      )}</div>
      <svg class="edges" width=${picture.width} height=${picture.height} aria-hidden="true">
        ${repeat(scene.edges, keyOf, (mark) => guard([mark], () => edge(mark)))}
      </svg>
      <div class="chips">${repeat(scene.chips, keyOf, (mark) => guard([mark], () => chip(mark)))}</div>
      <div class="cards">${cards(picture, events)}</div>
    </div>
    <div class="beside"></div>`,
    host,
  );
  glide(host, picture);
}

const keyOf = ({ key }: { key: string }) => key;

/** A card is made anew only where its mark, its words or its way changed. */
function cards({ scene, births }: Picture, events: CardEvents) {
  const words = [currentLanguage(), signs()];
  return repeat(
    scene.cards,
    (mark) => mark.node.name,
    (mark) => {
      const birth = births?.get(mark.node.name);
      return guard([mark, birth, ...words], () => card(mark, events, birth));
    },
  );
}

const zooms = new WeakMap<HTMLElement, number>();

/** At rest the picture is a layer of its own, which one moves by hand without painting it anew. Quick steps want no
 * such layer: what changes in it is written down again with all that it holds. */
function glide(host: HTMLElement, { scene, view, held, quick }: Picture): void {
  host.dataset["quick"] = String(quick ?? false);
  host.dataset["held"] = String(held);
  host.dataset["gliding"] = String(!quick && zooms.get(host) === view.zoom);
  host.dataset["many"] = String(scene.cards.length > MANY);
  zooms.set(host, view.zoom);
}

/** Lines keep about their width on the screen. */
function lineOf({ zoom }: View): number {
  return Math.min(6, Math.max(1, Math.round(8 / zoom) / 10));
}

/** So many cards cast no shadows. */
const MANY = 60;

// An attribute that comes and goes is the last of its element: so the same picture is the same text.

function edge(mark: EdgeMark): TemplateResult {
  const { head, tail } = mark;
  return svg`<g class="edge" data-edge=${mark.key} data-forward=${mark.forward} data-backward=${mark.backward}
      ?data-plain=${mark.plain} ?data-dim=${mark.dim} ?data-lit=${mark.lit}>
    <path class="lane forward" d=${mark.path}></path>
    <path class="head forward" d=${arrow(head, -1)}></path>
    ${
      mark.backward === "idle"
        ? nothing
        : svg`
      <path class="lane backward" d=${mark.back}></path>
      <path class="head backward" d=${arrow(tail, 1)}></path>`
    }${
      mark.branch
        ? svg`<text class="branch" x=${tail.x + 21} y=${tail.y - 11}>${mark.branch}</text>`
        : nothing
    }
  </g>`;
}

/** An open group: a frame with the statement that it is, and the button that closes it. */
function frame(mark: FrameMark, events: CardEvents): TemplateResult {
  const close = () => events.close?.(mark.name);
  const label = t("group.close", { name: mark.name });
  return html`<div class="frame" role="group" aria-label=${t("group.open", { name: mark.label })} data-frame=${mark.name} data-depth=${mark.depth}
    style="left:${mark.x}px;top:${mark.y}px;width:${mark.width}px;height:${mark.height}px" @dblclick=${close}>
    <header>${
      mark.closable
        ? html`<button type="button" class="fold" aria-label=${label} title=${label} @click=${close} @pointerdown=${quiet}>${icon("minus")}</button>`
        : nothing
    }<code aria-hidden="true">${mark.label}</code></header></div>`;
}

/** A press on a button is no grip of the ground. */
export function quiet(event: Event): void {
  event.stopPropagation();
}

/** A head that points at a card from outside the ring an active card wears. */
function arrow({ x, y }: { x: number; y: number }, outward: 1 | -1): string {
  const [tip, base] = [x + 5 * outward, x + 14 * outward];
  return `M${base} ${y - 5}L${tip} ${y}L${base} ${y + 5}Z`;
}

function chip(mark: ChipMark): TemplateResult {
  const { x, y, size } = mark;
  return html`<div class="chip ${mark.face.kind === "number" ? "" : "thumb"}" data-chip=${mark.key} ?data-kink=${mark.kink}
    style="left:${x - size.width / 2}px;top:${y - size.height / 2}px;width:${size.width}px;height:${size.height}px" data-active=${mark.active ?? nothing}
    >${face(mark.face)}${stretch(mark)}</div>`;
}

/** A smaller value is stretched on the way forward; on the way back what its copies receive is added up. */
function stretch(mark: ChipMark): TemplateResult | typeof nothing {
  if (mark.stretch < 2) return nothing;
  const back = mark.active === "backward";
  const text = back ? `Σ ${mark.stretch}` : `× ${mark.stretch}`;
  return html`<span class="stretch" title=${t("edge.stretch", { count: mark.stretch })}>${text}</span>`;
}
