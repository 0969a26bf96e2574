// The formula of the step: it keeps its size at every zoom, and is put where it covers nothing.

import { signal } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import { meet } from "../scene/buckets.ts";
import {
  NOTE_GAP,
  goesOn,
  leaderOf,
  overlap,
  placeNote,
  windowOf,
  type Box,
  type Note,
  type Obstacle,
  type View,
} from "../scene/camera.ts";
import { ink } from "./face.ts";
import { shapeText } from "../format.ts";
import { t } from "../i18n.ts";
import type { Picture } from "../render.ts";
import type { CardMark, ChipMark, Scene } from "../scene.ts";

export function renderPlate(host: HTMLElement, picture: Picture): void {
  const beside = host.lastElementChild as HTMLElement;
  render(plate(picture.scene), beside);
  settlePlate(beside, picture);
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
  return html`<div class="plate" aria-hidden="true">${ink(mark.tex)}${caption}${
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

/** A formula that is wider than the window is written smaller, but not smaller than this share. */
const LEAST = 0.55;
/** What stands at its sides, in pixels: the plate's padding and border, and the gaps to the window's edges. */
const ASIDE = 60;

function fitFormula(element: HTMLElement, width: number): void {
  element.style.removeProperty("--fit");
  const share = (width - ASIDE) / element.querySelector<HTMLElement>(".math")!.offsetWidth;
  if (share < 1) element.style.setProperty("--fit", String(Math.max(LEAST, share)));
}

/** Once its size is known. */
function settlePlate(beside: HTMLElement, picture: Picture): void {
  const { scene, view, viewport, mode } = picture;
  const element = beside.firstElementChild as HTMLElement | null;
  const anchor = scene.plate && anchorOf(scene);
  beside.style.setProperty("--dock", "0px");
  if (!element || !anchor) return;
  fitFormula(element, viewport.width);
  const size = { width: element.offsetWidth, height: element.offsetHeight };
  const target = onScreen(anchor, view);
  const obstacles = obstaclesOf(picture);
  const near = placeNote(size, target, obstacles, viewport);
  const foot = atFoot(size, target, viewport);
  const seen = foot.distance > -CUT * target.height;
  const free = mode === "lecture" && goesOn(picture, view.zoom, viewport);
  const docked = free && seen && coversAny({ ...near, ...size }, obstacles);
  const spot = docked ? foot : near;
  if (docked) beside.style.setProperty("--dock", `${viewport.height - spot.y + FADE}px`);
  element.style.transform = `translate(${Math.round(spot.x)}px,${Math.round(spot.y)}px)`;
  element.dataset["side"] = spot.side;
  const across = Math.min(Math.max(16, target.x + target.width / 2 - spot.x), size.width - 16);
  lead(element, across, spot, coversAny(leaderOf(spot, size, target), obstacles));
}

/** The line from a formula to what it is about, unless that would cross something. */
function lead(plate: HTMLElement, across: number, { side, distance }: Note, crosses: boolean) {
  const apart = !crosses && (side === "above" || side === "below");
  const length = `left:${Math.round(across)}px;height:${distance + NOTE_GAP}px`;
  plate.querySelector<HTMLElement>(".leader")!.style.cssText = apart ? length : "display:none";
}

/** So far above a formula at the foot of the window the picture has faded away. */
const FADE = 30;

/** So much of a high node may be under such a formula: it is its P that has not come yet, or an edge of a label. */
const CUT = 0.2;

/** Whether something that is read, more than a line, is under it. */
function coversAny(box: Box, obstacles: readonly Obstacle[]): boolean {
  return obstacles.some((other) => (other.weight ?? 1) > 1 && overlap(box, other) > 0);
}

/** At the foot of the window, under its anchor. */
function atFoot(size: Pick<Box, "width" | "height">, anchor: Box, viewport: Picture["viewport"]) {
  const y = viewport.height - size.height - NOTE_GAP;
  const middle = anchor.x + (anchor.width - size.width) / 2;
  const x = Math.min(Math.max(NOTE_GAP, middle), viewport.width - size.width - NOTE_GAP);
  return { x, y, side: "below", distance: y - anchor.y - anchor.height - NOTE_GAP } satisfies Note;
}

/** What a formula that covers it makes worse: lines, labels, more so cards, and most of all what one presses. */
const WEIGHT = { card: 12, chip: 8, furniture: 30, arrow: 8 };
/** An arrow head, and how far before a card it stands. */
const ARROW = 16;

/** All that is in the window, where it is there. */
function obstaclesOf({ scene, view, viewport, mode, furniture = [] }: Picture): Obstacle[] {
  const window = windowOf(view, viewport);
  const found: Obstacle[] = [];
  const add = (box: Box, weight = 1) => {
    if (meet(box, window)) found.push({ ...onScreen(box, view), weight });
  };
  for (const mark of scene.cards) add(visibleBox(mark), WEIGHT.card);
  for (const mark of scene.chips) add(chipBox(mark), WEIGHT.chip);
  for (const { runs, head, tail, backward } of scene.edges) {
    for (const run of runs) add(run);
    add({ x: head.x - ARROW, y: head.y - ARROW / 2, width: ARROW, height: ARROW }, WEIGHT.arrow);
    if (backward !== "idle")
      add({ x: tail.x, y: tail.y - ARROW / 2, width: ARROW, height: ARROW }, WEIGHT.arrow);
  }
  // Projected, nothing stands on the picture unless the pointer is there.
  for (const box of mode === "study" ? furniture : [])
    found.push({ ...box, weight: WEIGHT.furniture });
  return found;
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

/** Whether the map stands on the picture, where the formula should not. */
export const mapStands = signal(false);

/** The buttons and the map that stand on the picture. */
export function furnitureOf(stage: HTMLElement): Box[] {
  void mapStands.value;
  return [...stage.children]
    .filter(
      (child): child is HTMLElement => child instanceof HTMLElement && child.matches(STANDING),
    )
    .map(({ offsetLeft: x, offsetTop: y, offsetWidth: width, offsetHeight: height }) => ({
      ...{ x, y, width, height },
    }))
    .filter(({ width }) => width > 0);
}

const STANDING = ".zoom, .minimap";
