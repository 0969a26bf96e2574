// The current step as a picture of its own: drawn whole and out of sight by the renderer of the page, then written
// down. Very large graphs are shown as far as they are in view.

import { narrate, type Term } from "../formulas/narrate.ts";
import { parts, t } from "../i18n.ts";
import { renderPicture } from "../render.ts";
import { sceneOf } from "../scene.ts";
import { drawing, type Drawing } from "../canvas/stage.ts";
import { field, frame } from "../state.ts";
import { pictureOf } from "./picture.ts";
import type { Frame } from "../timeline.ts";

/** Beyond this many nodes only what is in view is saved. */
const WHOLE = 400;
/** Room around the graph, for rings and for the formula of the step. */
const ROOM = { x: 48, y: 76 };
/** Pixels of a bitmap for one of the picture, unless it would be larger than browsers can make. */
const SHARP = 2;
const LARGEST = 12_000;

/** The step on screen as an SVG that needs nothing else; null while there is none. */
export async function stillSvg(): Promise<string | null> {
  const [plan, now] = [drawing.peek(), frame.peek()];
  if (!plan || !now) return null;
  const own = plan.layout.nodes.length <= WHOLE;
  const host = own ? drawApart(plan, now) : document.querySelector<HTMLElement>("[data-picture]")!;
  try {
    return await pictureOf(host, {
      title: `Backprop Lab · ${t("share.step", { step: now.step })}`,
      description: sentence(plan, now),
      background: getComputedStyle(document.querySelector(".stage")!).backgroundColor,
    });
  } finally {
    if (own) host.remove();
  }
}

function drawApart(plan: Drawing, now: Frame): HTMLElement {
  const { layout, mode } = plan;
  const host = document.createElement("div");
  host.className = "still";
  host.setAttribute("aria-hidden", "true");
  host.inert = true;
  const viewport = { width: layout.width + 2 * ROOM.x, height: layout.height + 2 * ROOM.y };
  host.style.cssText = `width:${viewport.width}px;height:${viewport.height}px`;
  document.body.append(host);
  const view = { ...ROOM, zoom: 1 };
  const selection = field.selection.peek();
  const scene = sceneOf({ ...plan, frame: now, selection, attention: null, window: null });
  const nothing = () => undefined;
  const size = { width: layout.width, height: layout.height, viewport };
  renderPicture(
    host,
    { scene, view, ...size, mode, held: true },
    { pick: nothing, hover: nothing },
  );
  return host;
}

/** What the picture shows, for those who cannot see it: the program, and the sentence of the step. */
function sentence({ program }: Drawing, now: Frame): string {
  const { key, terms, counts } = narrate(program, now);
  const said = parts<Term>(key, terms, counts)
    .map((part) => (typeof part === "string" ? part : part.text))
    .join("");
  const lines = [...program.nodes.values()].map(({ source }) => source).filter(Boolean);
  return `${said}\n${lines.slice(0, WHOLE).join("\n")}`;
}

/** The same as a bitmap, twice as fine as the page. */
export async function stillPng(): Promise<Blob | null> {
  const svg = await stillSvg();
  if (svg === null) return null;
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const scale = Math.min(SHARP, LARGEST / picture.width, LARGEST / picture.height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
