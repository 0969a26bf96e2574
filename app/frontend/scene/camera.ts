// Where the picture stands in the window: a pure function of its size, the window and what must be in view, so
// that the same step always gives the same view.

import type { Layout } from "../layout.ts";

export interface View {
  x: number;
  y: number;
  zoom: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface CameraInput {
  layout: Pick<Layout, "width" | "height">;
  viewport: { width: number; height: number };
  /** Chosen by the reader; null lets the picture choose. */
  manual: View | null;
  focus: Box | null;
  /** What of the focus must be seen where the window has no room for all of it. */
  core?: Box | null;
  /** What is best seen with the focus, where there is room for both. */
  context?: Box | null;
  /** All of the picture is to be seen, however small. */
  whole?: boolean;
  /** Below the first the picture is not shrunk to fit; above the second it is not blown up. */
  least: number;
  most: number;
  margin: { x: number; y: number };
  /** The height at the bottom that is the formula's where the picture goes on beyond the window. */
  dock?: number;
}

export const ZOOM = { least: 0.02, most: 4 };

export function viewOf(input: CameraInput): View {
  return input.manual ? keepInView(input, input.manual) : automatic(input);
}

export function fitZoom({ layout, viewport, margin, most }: CameraInput): number {
  const across = (viewport.width - 2 * margin.x) / Math.max(1, layout.width);
  const down = (viewport.height - 2 * margin.y) / Math.max(1, layout.height);
  return Math.max(ZOOM.least, Math.min(across, down, most));
}

/** Whether a picture is higher than the window, so that its foot can be the formula's. */
export function goesOn({ height }: { height: number }, zoom: number, viewport: { height: number }) {
  return height * zoom > viewport.height;
}

/** The height that is the picture's. */
function heightFor({ layout, viewport, dock = 0 }: CameraInput, zoom: number): number {
  return goesOn(layout, zoom, viewport) ? viewport.height - dock : viewport.height;
}

/** All of the picture where that is legible; else the active node in the middle, the picture's edge at the window's. */
function automatic(input: CameraInput): View {
  const zoom = input.whole ? fitZoom(input) : Math.max(fitZoom(input), input.least);
  const { layout, viewport, margin } = input;
  const focus = focusIn(input, zoom) ?? { x: 0, y: 0, width: 0, height: 0 };
  const context = input.context ?? focus;
  const axis = (size: number, room: number, pad: number, near: Span, wide: Span) => {
    const drawn = size * zoom;
    if (drawn <= room - 2 * pad + 0.5) return (room - drawn) / 2;
    const middle = room / 2 - (wide.at + wide.size / 2) * zoom;
    return Math.min(pad, Math.max(room - pad - drawn, shown(near, zoom, room, middle)));
  };
  const across = (box: Box) => ({ at: box.x, size: box.width });
  const down = (box: Box) => ({ at: box.y, size: box.height });
  return {
    zoom,
    x: axis(layout.width, viewport.width, margin.x, across(focus), across(context)),
    y: axis(layout.height, heightFor(input, zoom), margin.y, down(focus), down(context)),
  };
}

/** The focus, along each axis no more of it than its core where the window is too small. */
function focusIn(input: CameraInput, zoom: number): Box | null {
  const { focus, core, viewport } = input;
  if (!focus || !core) return focus;
  const fits = (size: number, room: number) => size * zoom <= room - 24;
  const { x, width } = fits(focus.width, viewport.width) ? focus : core;
  const { y, height } = fits(focus.height, heightFor(input, zoom)) ? focus : core;
  return { x, y, width, height };
}

interface Span {
  at: number;
  size: number;
}

/** The offset nearest to the one that is wished for at which a span is in the window. */
function shown({ at, size }: Span, zoom: number, room: number, wished: number): number {
  const pad = Math.max(12, Math.min(40, (room - size * zoom) / 2));
  const [least, most] = [pad - at * zoom, room - pad - (at + size) * zoom];
  return least < most ? Math.min(Math.max(wished, least), most) : least;
}

/** The reader's view, moved by as little as shows the focus. */
function keepInView(input: CameraInput, view: View): View {
  const [{ viewport }, focus] = [input, focusIn(input, view.zoom)];
  if (!focus) return view;
  const pad = 24;
  const axis = (offset: number, start: number, size: number, room: number) => {
    const [low, high] = [start * view.zoom + offset, (start + size) * view.zoom + offset];
    if (low < pad) return offset + pad - low;
    return high > room - pad ? offset - Math.min(high - (room - pad), low - pad) : offset;
  };
  return {
    zoom: view.zoom,
    x: axis(view.x, focus.x, focus.width, viewport.width),
    y: axis(view.y, focus.y, focus.height, heightFor(input, view.zoom)),
  };
}

/** Zooms about a point of the window. */
export function zoomAbout(view: View, factor: number, at: { x: number; y: number }): View {
  const zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, view.zoom * factor));
  const ratio = zoom / view.zoom;
  return { zoom, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

export interface Note {
  x: number;
  y: number;
  side: "above" | "below" | "left" | "right";
  /** Distance from the anchor: beyond the first gap a leader ties the note to it. */
  distance: number;
}

/** What a note should not cover; of some things more than of others. */
export interface Obstacle extends Box {
  weight?: number;
}

export const NOTE_GAP = 12;
/** A pixel further away counts as much as this many covered pixels. */
const REMOTE = 7;
/** A pixel of its leader that crosses something counts as much as this many covered ones. */
const LED = 3;

/** The line that ties a note to its anchor. */
export function leaderOf(note: Note, size: { width: number; height: number }, anchor: Box): Box {
  const x = anchor.x + anchor.width / 2 - 3;
  const y = note.side === "above" ? note.y + size.height : anchor.y + anchor.height;
  const away = note.side === "above" || note.side === "below";
  return { x, y: y + 2, width: 6, height: away ? Math.max(0, note.distance + NOTE_GAP - 4) : 0 };
}

/** Where a note of this size stands best: near its anchor, in the window, covering as little as possible. */
export function placeNote(
  size: { width: number; height: number },
  anchor: Box,
  obstacles: readonly Obstacle[],
  viewport: { width: number; height: number },
): Note {
  const candidates = candidatesOf(size, anchor, viewport);
  let [best, least] = [candidates[0]!, Infinity];
  for (const note of candidates) {
    // What is too far away already need not be compared with all that it could cover.
    let cost = remoteness(note, size, anchor, viewport);
    const [box, leader] = [{ ...note, ...size }, leaderOf(note, size, anchor)];
    for (let at = 0; cost < least && at < obstacles.length; at++) {
      const other = obstacles[at]!;
      cost += (other.weight ?? 1) * overlap(box, other);
      cost += LED * overlap(leader, other);
    }
    if (cost < least) [best, least] = [note, cost];
  }
  const y = Math.min(
    Math.max(NOTE_GAP, best.y),
    Math.max(NOTE_GAP, viewport.height - size.height - NOTE_GAP),
  );
  return { ...best, y };
}

/** What a place costs by itself, whatever it covers. */
function remoteness(
  note: Note,
  size: { width: number; height: number },
  anchor: Box,
  viewport: { width: number; height: number },
): number {
  const outside =
    beyond(note.x, size.width, viewport.width) + beyond(note.y, size.height, viewport.height);
  const beside = note.side === "left" || note.side === "right";
  const off = beside ? 400 : Math.abs(note.x + size.width / 2 - anchor.x - anchor.width / 2);
  return outside * size.width * 4 + off * 0.5 + note.distance * REMOTE;
}

function beyond(at: number, size: number, room: number): number {
  return Math.max(0, NOTE_GAP - at) + Math.max(0, at + size + NOTE_GAP - room);
}

function candidatesOf(
  size: { width: number; height: number },
  anchor: Box,
  viewport: { width: number },
): Note[] {
  const middle = anchor.x + anchor.width / 2 - size.width / 2;
  const centre = anchor.x + anchor.width / 2;
  const ends = [centre - 28, centre + 28 - size.width];
  const columns = [middle, anchor.x, anchor.x + anchor.width - size.width, ...ends].map((x) =>
    Math.min(Math.max(NOTE_GAP, x), Math.max(NOTE_GAP, viewport.width - size.width - NOTE_GAP)),
  );
  const rows = [
    anchor.y + anchor.height / 2 - size.height / 2,
    anchor.y,
    anchor.y + anchor.height - size.height,
  ];
  const beside = rows.flatMap((y): Note[] => [
    { side: "right", x: anchor.x + anchor.width + NOTE_GAP, y, distance: 0 },
    { side: "left", x: anchor.x - size.width - NOTE_GAP, y, distance: 0 },
  ]);
  return beside.concat(
    [0, 24, 48, 72, 96, 120, 160, 200, 240, 290, 340].flatMap((distance) =>
      columns.flatMap((x): Note[] => [
        { side: "above", x, distance, y: anchor.y - size.height - NOTE_GAP - distance },
        { side: "below", x, distance, y: anchor.y + anchor.height + NOTE_GAP + distance },
      ]),
    ),
  );
}

export function union(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** The part of the picture that a view shows. */
export function windowOf(view: View, viewport: { width: number; height: number }): Box {
  return {
    x: -view.x / view.zoom,
    y: -view.y / view.zoom,
    width: viewport.width / view.zoom,
    height: viewport.height / view.zoom,
  };
}

export function overlap(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return across > 0 && down > 0 ? across * down : 0;
}
