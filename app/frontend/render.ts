// Marks -> the page, joined by key. The only module that draws the picture.

import { html, nothing, render, svg, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { placeNote, type Box, type View } from "./camera.ts";
import { card, type CardEvents } from "./card.ts";
import { face, math } from "./face.ts";
import { shapeText } from "./format.ts";
import { t } from "./i18n.ts";
import type { CardMark, ChipMark, EdgeMark, Scene } from "./scene.ts";

export interface Picture {
  scene: Scene;
  view: View;
  width: number;
  height: number;
  viewport: { width: number; height: number };
  mode: "study" | "lecture";
  /** The reader moves the picture by hand: then it follows at once. */
  held: boolean;
}

export function renderPicture(host: HTMLElement, picture: Picture, events: CardEvents): void {
  const { scene, view } = picture;
  const transform = `transform:translate(${view.x}px,${view.y}px) scale(${view.zoom})`;
  render(
    html`
    <div class="world" style=${transform} data-mode=${picture.mode} data-held=${picture.held}>
      <svg class="edges" width=${picture.width} height=${picture.height} aria-hidden="true">
        ${repeat(scene.edges, (mark) => mark.key, edge)}
      </svg>
      <div class="chips">${repeat(scene.chips, (mark) => mark.key, chip)}</div>
      <div class="cards">${repeat(
        scene.cards,
        (mark) => mark.node.name,
        (mark) => card(mark, events),
      )}</div>
    </div>
    ${plate(scene)}`,
    host,
  );
  settlePlate(host, picture);
}

// An attribute that comes and goes is the last of its element: so the same picture is the same text.

function edge(mark: EdgeMark): TemplateResult {
  const { head, tail } = mark;
  return svg`<g class="edge" data-edge=${mark.key} data-forward=${mark.forward} data-backward=${mark.backward}
      ?data-plain=${mark.plain} ?data-dim=${mark.dim}>
    <path class="lane forward" d=${mark.path}></path>
    <path class="head forward" d=${arrow(head, -1)}></path>
    ${
      mark.backward === "idle"
        ? nothing
        : svg`
      <path class="lane backward" d=${mark.back}></path>
      <path class="head backward" d=${arrow(tail, 1)}></path>`
    }
  </g>`;
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
    >${face(mark.face)}</div>`;
}

function plate({ plate: mark }: Scene): TemplateResult | typeof nothing {
  if (!mark) return nothing;
  const { jacobian } = mark;
  const size = jacobian ? jacobian.shape.reduce((product, length) => product * length, 1) : 0;
  const caption =
    jacobian && size > 1
      ? html`<p class="caption">
      <b>${t(`structure.${jacobian.structure}`)}</b> ${shapeText(jacobian.shape)}
      <span>${t("jacobian.nonzero", { nonzero: jacobian.nonzero, total: size })}</span>
      <span>${t("jacobian.stored", { count: jacobian.stored })}</span></p>`
      : nothing;
  return html`<div class="plate" aria-hidden="true">${math(mark.tex)}${caption}${
    jacobian?.kink ? html`<p class="caption kink">${t("jacobian.kink")}</p>` : nothing
  }<i class="leader"></i></div>`;
}

function onScreen(box: Box, view: View): Box {
  return {
    x: box.x * view.zoom + view.x,
    y: box.y * view.zoom + view.y,
    width: box.width * view.zoom,
    height: box.height * view.zoom,
  };
}

function cardBox({ x, y, size }: CardMark): Box {
  return { x, y, width: size.width, height: size.height + size.ledger };
}

function chipBox({ x, y, size }: ChipMark): Box {
  return { x: x - size.width / 2, y: y - size.height / 2, width: size.width, height: size.height };
}

/** The formula keeps its size at every zoom; once it is known, it is put where it covers nothing. */
function settlePlate(host: HTMLElement, { scene, view, viewport }: Picture): void {
  const element = host.querySelector<HTMLElement>(".plate");
  const anchor = scene.plate && anchorOf(scene);
  if (!element || !anchor) return;
  const size = { width: element.offsetWidth, height: element.offsetHeight };
  const boxes = [
    ...scene.cards.map(visibleBox),
    ...scene.chips.map(chipBox),
    ...scene.edges.flatMap((mark) => mark.runs),
  ];
  const target = onScreen(anchor, view);
  const spot = placeNote(
    size,
    target,
    boxes.map((box) => onScreen(box, view)),
    viewport,
  );
  const across = Math.min(Math.max(16, target.x + target.width / 2 - spot.x), size.width - 16);
  element.style.transform = `translate(${Math.round(spot.x)}px,${Math.round(spot.y)}px)`;
  element.dataset["side"] = spot.side;
  const leader = element.querySelector<HTMLElement>(".leader")!;
  leader.style.cssText = `left:${Math.round(across)}px;height:${spot.distance + 12}px`;
  leader.hidden = spot.side === "left" || spot.side === "right";
}

function visibleBox(mark: CardMark): Box {
  return { ...cardBox(mark), height: mark.size.height + (mark.ledgerOpen ? mark.size.ledger : 0) };
}

function anchorOf({ plate: mark, cards, chips }: Scene): Box | null {
  const cardMark = cards.find(({ node }) => node.name === mark?.node);
  if (cardMark) return visibleBox(cardMark);
  const chipMark = chips.find(({ key }) => key === mark?.edge);
  return chipMark ? chipBox(chipMark) : null;
}
