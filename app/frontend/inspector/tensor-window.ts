// A large matrix, of which the part one looks at is loaded and painted as one scrolls.

import { effect, untracked } from "@preact/signals-core";
import { answerOf } from "./ask.ts";
import { signOf, strength } from "../format.ts";
import { fetchEntries, type Entries } from "../wire.ts";

export interface Subject {
  key: string;
  /** What to ask the API for. */
  source: object;
  /** How many axes the API counts, and where on those that are not seen. */
  axes: number;
  lead: number[];
  rows: number;
  cols: number;
}

const CELL = 14;
const TILE = 64;
const HEIGHT = 252;
/** No element of a page can be higher or wider. */
const LONGEST = 8e6;
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  PageUp: [-16, 0],
  PageDown: [16, 0],
};

/** The ranges that the API is asked for: the axes not seen, then rows and columns. */
export function rangesOf({ axes, lead, rows, cols }: Subject, row: number, col: number): unknown[] {
  const down = [row, Math.min(rows, row + TILE)];
  const across = [col, Math.min(cols, col + TILE)];
  if (axes === 1) return [down];
  return [...lead.map((at) => [at, at + 1]), down, across];
}

class TensorWindow extends HTMLElement {
  scale = 1;
  point: (place: number | null, value: number | null) => void = () => undefined;
  pick: (place: number) => void = () => undefined;
  private now: Subject | null = null;
  private readonly canvas = document.createElement("canvas");
  private readonly space = document.createElement("div");
  private at = -1;
  private told: number | null | undefined;
  private stop = () => {};
  private asked = 0;

  set subject(subject: Subject) {
    const before = this.now;
    this.now = subject;
    const { rows, cols } = subject;
    this.space.style.width = `${cols * this.cell}px`;
    this.space.style.height = `${rows * this.cell}px`;
    this.style.height = `${Math.min(HEIGHT, rows * this.cell + 12)}px`;
    if (before?.key !== subject.key) this.scrollTo(0, 0);
    this.schedule();
  }

  private get cell(): number {
    const { rows, cols } = this.now!;
    return Math.max(1, Math.min(CELL, Math.floor(LONGEST / Math.max(rows, cols))));
  }

  connectedCallback(): void {
    this.canvas.setAttribute("aria-hidden", "true");
    this.append(this.space);
    this.space.append(this.canvas);
    this.addEventListener("scroll", () => this.schedule(), { passive: true });
    this.addEventListener("pointermove", (event) => this.hover(event));
    this.addEventListener("pointerleave", () => this.tell(-1));
    this.addEventListener("blur", () => this.tell(-1));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("click", () => this.at >= 0 && this.pick(this.at));
    this.schedule();
  }

  disconnectedCallback(): void {
    this.stop();
  }

  /** Painted again whenever an answer comes that it waits for. */
  private schedule(): void {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.stop();
      this.stop = effect(() => this.paint());
    });
  }

  private tile(row: number, col: number): Entries | null {
    const { source } = this.now!;
    const [r, c] = [Math.floor(row / TILE) * TILE, Math.floor(col / TILE) * TILE];
    const ranges = rangesOf(this.now!, r, c);
    const answer = answerOf("entries", { ...source, ranges }, fetchEntries);
    return answer.state === "ready" ? answer.value : null;
  }

  private entry(row: number, col: number): number | null {
    const tile = this.tile(row, col);
    const width = Math.min(TILE, this.now!.cols - Math.floor(col / TILE) * TILE);
    return tile ? tile.data[(row % TILE) * width + (col % TILE)]! : null;
  }

  private paint(): void {
    if (!this.now || !this.isConnected) return;
    this.read();
    const [width, height, cell] = [this.clientWidth, this.clientHeight, this.cell];
    const ratio = devicePixelRatio;
    Object.assign(this.canvas, { width: width * ratio, height: height * ratio });
    this.canvas.style.cssText = `width:${width}px;height:${height}px`;
    const context = this.canvas.getContext("2d")!;
    context.scale(ratio, ratio);
    const [top, left] = [Math.floor(this.scrollTop / cell), Math.floor(this.scrollLeft / cell)];
    const { rows, cols } = this.now;
    const colours = palette(this);
    for (let row = top; row < Math.min(rows, top + height / cell + 1); row++)
      for (let col = left; col < Math.min(cols, left + width / cell + 1); col++) {
        const [x, y] = [col * cell - this.scrollLeft, row * cell - this.scrollTop];
        this.cellAt(context, colours, this.entry(row, col), x, y);
        if (row * cols + col === this.at) outline(context, colours.ink, x, y, cell);
      }
  }

  private cellAt(
    context: CanvasRenderingContext2D,
    colours: Palette,
    entry: number | null,
    x: number,
    y: number,
  ): void {
    const size = Math.max(1, this.cell - 1);
    context.fillStyle = entry === null ? colours.waiting : colours.of(entry, this.scale);
    context.fillRect(x, y, size, size);
    // The second cue: a bar in what is negative, a cross in what is no number.
    if (entry === null || this.cell < 10) return;
    context.fillStyle = colours.ground;
    if (entry < 0) context.fillRect(x + 4, y + size / 2 - 0.5, size - 8, 1);
    if (!Number.isFinite(entry)) context.fillRect(x + 4, y + 4, size - 8, size - 8);
  }

  private hover(event: PointerEvent): void {
    const box = this.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top + this.scrollTop) / this.cell);
    const col = Math.floor((event.clientX - box.left + this.scrollLeft) / this.cell);
    const inside = this.now && row < this.now.rows && col < this.now.cols;
    this.tell(inside ? row * this.now!.cols + col : -1);
  }

  private tell(place: number): void {
    if (place === this.at || !this.now) return;
    this.at = place;
    this.told = undefined;
    if (place < 0) this.point(null, null);
    else this.read();
    this.schedule();
  }

  /** Reads out the entry one points at, again once it has come. */
  private read(): void {
    if (this.at < 0) return;
    const { cols } = this.now!;
    const value = this.entry(Math.floor(this.at / cols), this.at % cols);
    if (value === this.told) return;
    this.told = value;
    untracked(() => this.point(this.at, value));
  }

  private key(event: KeyboardEvent): void {
    const move = KEYS[event.key];
    if (!this.now || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!move && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    if (!move) return this.at >= 0 ? this.pick(this.at) : undefined;
    const { rows, cols } = this.now;
    const from = Math.max(0, this.at);
    const [down, across] = this.at < 0 ? [0, 0] : move;
    const row = Math.min(rows - 1, Math.max(0, Math.floor(from / cols) + down));
    const col = Math.min(cols - 1, Math.max(0, (from % cols) + across));
    this.reveal(row, col);
    this.tell(row * cols + col);
  }

  private reveal(row: number, col: number): void {
    const near = (at: number, size: number, from: number) =>
      Math.min(at * this.cell, Math.max(from, (at + 1) * this.cell - size));
    this.scrollTop = near(row, this.clientHeight, this.scrollTop);
    this.scrollLeft = near(col, this.clientWidth, this.scrollLeft);
  }
}

function outline(
  context: CanvasRenderingContext2D,
  ink: string,
  x: number,
  y: number,
  cell: number,
): void {
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.strokeRect(x, y, cell - 1, cell - 1);
}

interface Palette {
  ink: string;
  ground: string;
  waiting: string;
  of(entry: number, scale: number): string;
}

const palettes = new Map<string, Palette>();

/** The colours of the page as the browser computes them, read once for each theme. */
function palette(host: HTMLElement): Palette {
  const theme = getComputedStyle(host).color;
  const known = palettes.get(theme);
  if (known) return known;
  const probe = host.appendChild(document.createElement("i"));
  const read = (colour: string) => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const ramp = (end: string) =>
    Array.from({ length: 101 }, (_, share) =>
      read(`color-mix(in oklab, var(${end}) ${share}%, var(--heat-zero))`),
    );
  const ramps = { pos: ramp("--heat-pos"), neg: ramp("--heat-neg"), zero: ramp("--heat-zero") };
  const bad = read("var(--danger)");
  const found: Palette = {
    ink: read("var(--ink)"),
    ground: read("var(--surface)"),
    waiting: read("var(--sunken)"),
    of(entry, scale) {
      const sign = signOf(entry);
      return sign === "bad" ? bad : ramps[sign][strength(entry, scale)]!;
    },
  };
  probe.remove();
  palettes.set(theme, found);
  return found;
}

customElements.define("tensor-window", TensorWindow);
