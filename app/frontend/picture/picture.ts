// What is drawn on the page as an SVG that stands for itself: boxes as paths, formulas as outlines, plain text as text
// with its font inside. It needs no page, no style sheet and no `foreignObject`, which only browsers can show.

import type { Box } from "../scene/camera.ts";
import { fontAttributes, text } from "./letters.ts";
import { textFont } from "./outline.ts";
import {
  bars,
  borders,
  cornersOf,
  escape,
  filled,
  outlineOf,
  rings,
  round,
  stripesOf,
  stroked,
  tag,
} from "./paint.ts";

export interface PictureWords {
  title: string;
  description: string;
  background: string;
}

interface Sheet {
  origin: { x: number; y: number };
  /** Patterns and clips; their number makes their names. */
  defs: string[];
}

export async function pictureOf(root: HTMLElement, words: PictureWords): Promise<string> {
  const { left, top, width, height } = root.getBoundingClientRect();
  const sheet: Sheet = { origin: { x: left, y: top }, defs: [] };
  const drawn = await children(sheet, root);
  const size = { width: Math.ceil(width), height: Math.ceil(height) };
  const frame = { x: 0, y: 0, ...size };
  const style = tag("style", {}, await textFont());
  const about = tag("title", {}, escape(words.title)) + tag("desc", {}, escape(words.description));
  const ground = tag("path", { ...filled(words.background), d: outlineOf(frame, [0, 0, 0, 0]) });
  return tag(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      ...size,
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
    },
    about + tag("defs", {}, style + sheet.defs.join("")) + ground + drawn,
  );
}

function boxOf({ origin }: Sheet, rect: DOMRect): Box {
  return {
    x: rect.left - origin.x,
    y: rect.top - origin.y,
    width: rect.width,
    height: rect.height,
  };
}

/** In the order of painting: what has a z-index lies above its siblings. */
async function children(sheet: Sheet, parent: Element): Promise<string> {
  const level = (node: Node) =>
    node instanceof Element ? Number(getComputedStyle(node).zIndex) || 0 : 0;
  const nodes = [...parent.childNodes].sort((a, b) => level(a) - level(b));
  let drawn = "";
  for (const node of nodes) {
    if (node instanceof Text) drawn += await text(node, sheet.origin);
    else if (node instanceof SVGSVGElement) drawn += vector(sheet, node);
    else if (node instanceof HTMLCanvasElement) drawn += image(sheet, node);
    else if (node instanceof HTMLElement) drawn += await element(sheet, node);
  }
  return drawn;
}

/** Words that are only there for screen readers have their place in the description. */
function isUnseen(node: HTMLElement, style: CSSStyleDeclaration): boolean {
  return style.display === "none" || node.hidden || node.classList.contains("katex-mathml");
}

async function element(sheet: Sheet, node: HTMLElement): Promise<string> {
  const style = getComputedStyle(node);
  if (isUnseen(node, style) || Number(style.opacity) === 0) return "";
  const box = boxOf(sheet, node.getBoundingClientRect());
  const corners = cornersOf(style, box);
  let inner = await children(sheet, node);
  const edge = -parseFloat(style.borderTopWidth);
  if (inner && style.overflowX !== "visible")
    inner = clipped(sheet, outlineOf(box, corners, edge), inner);
  const seen = box.width > 0 && box.height > 0;
  const drawn = (seen ? ground(sheet, style, box, corners) : "") + inner + mark(node, box);
  const opacity = Number(style.opacity);
  return opacity < 1 && drawn ? tag("g", { opacity }, drawn) : drawn;
}

function ground(sheet: Sheet, style: CSSStyleDeclaration, box: Box, corners: number[]): string {
  const d = outlineOf(box, corners);
  const paint = filled(style.backgroundColor);
  const pattern = stripes(sheet, style.backgroundImage);
  return (
    rings(style, box, corners) +
    (paint ? tag("path", { ...paint, d }) : "") +
    (pattern ? tag("path", { fill: pattern, d }) : "") +
    bars(style, box) +
    borders(style, box, corners) +
    chosen(style, box, corners)
  );
}

/** The outline that marks what is selected. */
function chosen(style: CSSStyleDeclaration, box: Box, corners: number[]): string {
  const paint = style.outlineStyle === "none" ? null : stroked(style.outlineColor);
  const width = parseFloat(style.outlineWidth);
  const d = outlineOf(box, corners, parseFloat(style.outlineOffset) + width / 2);
  return paint ? tag("path", { ...paint, "stroke-width": width, d }) : "";
}

function stripes(sheet: Sheet, image: string): string | null {
  const found = stripesOf(image);
  if (!found) return null;
  const id = `p${sheet.defs.length}`;
  const bands = found.bands.map(({ color, from, to }) =>
    tag("rect", {
      ...(filled(color) ?? { fill: "none" }),
      x: 0,
      y: from,
      width: 8,
      height: to - from,
    }),
  );
  const turned = {
    patternTransform: `rotate(${found.degrees - 180})`,
    patternUnits: "userSpaceOnUse",
  };
  sheet.defs.push(
    tag("pattern", { id, ...turned, width: 8, height: found.period }, bands.join("")),
  );
  return `url(#${id})`;
}

function clipped(sheet: Sheet, d: string, inner: string): string {
  const id = `c${sheet.defs.length}`;
  sheet.defs.push(tag("clipPath", { id }, tag("path", { d })));
  return tag("g", { "clip-path": `url(#${id})` }, inner);
}

/** A badge that the style sheet hangs on an element, such as the sign of a kink. */
function mark(node: HTMLElement, at: Box): string {
  const style = getComputedStyle(node, "::after");
  const said = /^"(.+)"$/.exec(style.content)?.[1];
  if (!said || style.position !== "absolute") return "";
  const [left, top, width, height] = [style.left, style.top, style.width, style.height].map(
    parseFloat,
  );
  const box = { x: at.x + left!, y: at.y + top!, width: width!, height: height! };
  const d = outlineOf(box, cornersOf(style, box));
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2, "text-anchor": "middle" };
  const letter = { ...fontAttributes(style), ...middle, dy: "0.35em" };
  return tag("path", { ...filled(style.backgroundColor), d }) + tag("text", letter, escape(said));
}

const DRAWN = ["path", "line", "rect", "circle", "polyline", "polygon"];

/** A drawing keeps its geometry; what the style sheet says of it is written out. */
function vector(sheet: Sheet, node: SVGSVGElement): string {
  const box = boxOf(sheet, node.getBoundingClientRect());
  if (!box.width || !box.height) return "";
  const parts = [...node.querySelectorAll<SVGGraphicsElement>(DRAWN.join(","))].map(shape).join("");
  const viewBox = node.getAttribute("viewBox");
  if (!viewBox) return tag("g", { transform: `translate(${round(box.x)} ${round(box.y)})` }, parts);
  const fit = node.getAttribute("preserveAspectRatio") ?? undefined;
  return tag("svg", { ...box, viewBox, preserveAspectRatio: fit }, parts);
}

function shape(node: SVGGraphicsElement): string {
  const style = getComputedStyle(node);
  const opacity = groupOpacity(node);
  const geometry = Object.fromEntries(
    [...node.attributes]
      .filter(({ name }) => !["class", "style"].includes(name) && !name.startsWith("data-"))
      .map(({ name, value }) => [name, value]),
  );
  const stroke = style.stroke === "none" ? null : stroked(style.stroke);
  const dash =
    style.strokeDasharray === "none" ? undefined : style.strokeDasharray.replaceAll("px", "");
  return tag(node.localName, {
    ...geometry,
    ...(stroke && {
      ...stroke,
      "stroke-width": parseFloat(style.strokeWidth),
      "stroke-dasharray": dash,
      "stroke-linecap": style.strokeLinecap,
    }),
    ...(style.fill === "none" ? { fill: "none" } : filled(style.fill)),
    ...(opacity < 1 && { opacity }),
  });
}

function groupOpacity(node: Element): number {
  const group = node.closest("g");
  const own = Number(getComputedStyle(node).opacity);
  return group ? own * Number(getComputedStyle(group).opacity) : own;
}

function image(sheet: Sheet, node: HTMLCanvasElement): string {
  const box = boxOf(sheet, node.getBoundingClientRect());
  return box.width && box.height ? tag("image", { ...box, href: node.toDataURL() }) : "";
}
