// CSS as SVG: colours, boxes, borders, stripes. What an element's style says becomes marks that any program can draw.

import type { Box } from "../scene/camera.ts";

export interface Paint {
  color: string;
  opacity: number;
}

const paints = new Map<string, Paint | null>();
let dot: CanvasRenderingContext2D | null = null;

/** Any CSS colour as one that every program knows, with its opacity; null for none at all. */
export function paintOf(css: string): Paint | null {
  let paint = paints.get(css);
  if (paint === undefined) paints.set(css, (paint = resolve(css)));
  return paint;
}

function resolve(css: string): Paint | null {
  dot ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext(
    "2d",
    { willReadFrequently: true },
  )!;
  dot.clearRect(0, 0, 1, 1);
  dot.fillStyle = "transparent";
  dot.fillStyle = css;
  dot.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = dot.getImageData(0, 0, 1, 1).data as unknown as number[];
  if (!alpha) return null;
  const hex = [red!, green!, blue!].map((part) => part.toString(16).padStart(2, "0")).join("");
  return { color: `#${hex}`, opacity: round(alpha / 255) };
}

export function round(x: number): number {
  return Math.round(x * 100) / 100;
}

export function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export type Attributes = Record<string, string | number | undefined>;

export function tag(name: string, attributes: Attributes, content = ""): string {
  const said = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(
      ([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escape(value!)}"`,
    );
  return content ? `<${name}${said.join("")}>${content}</${name}>` : `<${name}${said.join("")}/>`;
}

export function filled(css: string): Attributes | null {
  const paint = paintOf(css);
  return paint && { fill: paint.color, "fill-opacity": solid(paint) };
}

export function stroked(css: string): Attributes | null {
  const paint = paintOf(css);
  return paint && { fill: "none", stroke: paint.color, "stroke-opacity": solid(paint) };
}

function solid({ opacity }: Paint): number | undefined {
  return opacity === 1 ? undefined : opacity;
}

/** Radii of the corners, from the upper left with the clock. */
export function cornersOf(style: CSSStyleDeclaration, { width, height }: Box): number[] {
  const { borderTopLeftRadius, borderTopRightRadius } = style;
  const { borderBottomRightRadius, borderBottomLeftRadius } = style;
  const written = [
    borderTopLeftRadius,
    borderTopRightRadius,
    borderBottomRightRadius,
    borderBottomLeftRadius,
  ];
  const most = Math.min(width, height) / 2;
  return written.map((text) => {
    const length = parseFloat(text) || 0;
    return Math.min(most, text.includes("%") ? (length / 100) * width : length);
  });
}

/** A box with round corners, grown on each side. */
export function outlineOf({ x, y, width, height }: Box, corners: number[], grow = 0): string {
  const [left, top, right, bottom] = [x - grow, y - grow, x + width + grow, y + height + grow];
  const radii = corners.map((radius) => (radius ? Math.max(0, radius + grow) : 0));
  const [a, b, c, d] = radii as [number, number, number, number];
  const arc = (r: number, toX: number, toY: number) =>
    r ? `A${round(r)} ${round(r)} 0 0 1 ${round(toX)} ${round(toY)}` : "";
  return (
    `M${round(left + a)} ${round(top)}H${round(right - b)}${arc(b, right, top + b)}` +
    `V${round(bottom - c)}${arc(c, right - c, bottom)}H${round(left + d)}${arc(d, left, bottom - d)}` +
    `V${round(top + a)}${arc(a, left + a, top)}Z`
  );
}

const SIDES = ["Top", "Right", "Bottom", "Left"] as const;

interface Side {
  width: number;
  style: string;
  color: string;
}

function sideOf(style: CSSStyleDeclaration, side: (typeof SIDES)[number]): Side {
  const kind = style[`border${side}Style`];
  const width = kind === "none" ? 0 : parseFloat(style[`border${side}Width`]);
  return { width, style: kind, color: style[`border${side}Color`] };
}

export function borders(style: CSSStyleDeclaration, box: Box, corners: number[]): string {
  const sides = SIDES.map((side) => sideOf(style, side));
  const first = sides[0]!;
  const shown = sides.filter(({ width }) => width > 0);
  if (!shown.length) return "";
  const alike = sides.every((side) => side.width === first.width && side.color === first.color);
  if (alike) return line(first, outlineOf(box, corners, -first.width / 2));
  return open(sides, box, corners);
}

function line({ width, style, color }: Side, d: string): string {
  const paint = stroked(color);
  const dash = style === "dashed" ? `${3 * width} ${2 * width}` : undefined;
  return paint ? tag("path", { ...paint, "stroke-width": width, "stroke-dasharray": dash, d }) : "";
}

/** A border that lacks a side: its other sides one by one, and the corners between two of them. */
function open(sides: Side[], { x, y, width, height }: Box, corners: number[]): string {
  const half = sides.map((side) => side.width / 2);
  const [top, right] = [y + half[0]!, x + width - half[1]!];
  const [bottom, left] = [y + height - half[2]!, x + half[3]!];
  const points = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;
  return sides
    .map((side, index) => {
      if (!side.width) return "";
      const next = (index + 1) % 4;
      const [fromX, fromY] = points[index]!;
      const [toX, toY] = points[next]!;
      const [dx, dy] = [Math.sign(toX - fromX), Math.sign(toY - fromY)];
      const before = corners[index]! && sides[(index + 3) % 4]!.width ? corners[index]! : 0;
      const after = corners[next]! && sides[next]!.width ? corners[next]! : 0;
      const start = `M${round(fromX + dx * before)} ${round(fromY + dy * before)}`;
      const end = `L${round(toX - dx * after)} ${round(toY - dy * after)}`;
      const turn = `A${after} ${after} 0 0 1 ${round(toX - dy * after)} ${round(toY + dx * after)}`;
      return line(side, start + end + (after ? turn : ""));
    })
    .join("");
}

interface Shadow {
  color: string;
  x: number;
  spread: number;
  inset: boolean;
}

/** Shadows with hard edges; soft ones are only there for depth. */
function hardShadows({ boxShadow }: CSSStyleDeclaration): Shadow[] {
  if (boxShadow === "none") return [];
  return boxShadow.split(/,(?![^(]*\))/).flatMap((text) => {
    const [x, y, blur, spread] = (text.match(/-?[\d.]+px/g) ?? []).map(parseFloat);
    const color = text.replace(/(-?[\d.]+px|inset)/g, "").trim();
    const hard = !blur && !y;
    return hard ? [{ color, x: x ?? 0, spread: spread ?? 0, inset: text.includes("inset") }] : [];
  });
}

/** Rings around a box, the first on top. */
export function rings(style: CSSStyleDeclaration, box: Box, corners: number[]): string {
  return hardShadows(style)
    .filter(({ inset, spread }) => !inset && spread > 0)
    .toReversed()
    .map(({ color, spread }) => {
      const d = outlineOf(box, corners, spread / 2);
      return tag("path", { ...stroked(color), "stroke-width": spread, d });
    })
    .join("");
}

/** Bars along the left edge, inside. */
export function bars(style: CSSStyleDeclaration, { x, y, height }: Box): string {
  return hardShadows(style)
    .filter((shadow) => shadow.inset && shadow.x > 0)
    .map((shadow) => tag("rect", { ...filled(shadow.color), x, y, width: shadow.x, height }))
    .join("");
}

export interface Stripes {
  /** Where each colour begins and ends, across the stripes. */
  bands: { color: string; from: number; to: number }[];
  period: number;
  degrees: number;
}

/** Reads `repeating-linear-gradient(135deg, …)` with hard edges. */
export function stripesOf(image: string): Stripes | null {
  const [, degrees, rest] = /^repeating-linear-gradient\((-?[\d.]+)deg, (.*)\)$/.exec(image) ?? [];
  if (!rest) return null;
  const stops = rest.split(/,(?![^(]*\))/).flatMap((stop) => {
    const lengths = (stop.match(/-?[\d.]+px/g) ?? []).map(parseFloat);
    const color = stop.replace(/-?[\d.]+px/g, "").trim();
    return lengths.map((at) => ({ at, color }));
  });
  const bands = stops.slice(1).flatMap(({ at, color }, index) => {
    const before = stops[index]!;
    return before.color === color && at > before.at ? [{ color, from: before.at, to: at }] : [];
  });
  return bands.length ? { bands, period: stops.at(-1)!.at, degrees: Number(degrees) } : null;
}
