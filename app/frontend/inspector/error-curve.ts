// The error of a finite difference over its step h, on two logarithmic scales: truncation falls with h², rounding
// rises with 1/h, and between them lies a valley.

import { toNumber } from "../format.ts";
import type { ErrorCurve } from "../wire.ts";

export interface CurvePoint {
  x: number;
  y: number;
  h: number;
  error: number;
  numeric: number;
  /** No error at all: it lies on the floor, as no logarithm of it is. */
  exact: boolean;
}

export interface Chart {
  points: CurvePoint[];
  path: string;
  /** Powers of ten along the axes. */
  across: { x: number; power: number }[];
  down: { y: number; power: number }[];
  best: CurvePoint | null;
}

export const BOX = { width: 286, height: 172, left: 40, right: 8, top: 10, bottom: 34 };

/** Below this no double differs from its neighbour about one. */
const FLOOR = -17;

const power = (x: number) => Math.log10(x);

export function chartOf(curve: ErrorCurve): Chart {
  const found = curve.steps.map((h, at) => ({
    h,
    error: toNumber(curve.errors[at]!),
    numeric: toNumber(curve.numeric[at]!),
  }));
  const finite = found.filter(({ error }) => Number.isFinite(error));
  const heights = finite.map(({ error }) => (error > 0 ? power(error) : FLOOR));
  const low = Math.max(FLOOR, Math.floor(Math.min(...heights, 0)));
  const high = Math.max(low + 2, Math.ceil(Math.max(...heights, low + 2)));
  const steps = finite.map(({ h }) => power(h));
  const [near, far] = [Math.floor(Math.min(...steps, 0)), Math.ceil(Math.max(...steps, -1))];
  const { width, height, left, right, top, bottom } = BOX;
  const x = (at: number) => left + ((at - near) / (far - near)) * (width - left - right);
  const y = (at: number) => top + ((high - at) / (high - low)) * (height - top - bottom);
  const points = finite.map(({ h, error, numeric }) => {
    const exact = error === 0;
    const up = Math.min(high, Math.max(low, exact ? low : power(error)));
    return { x: x(power(h)), y: y(up), h, error, numeric, exact };
  });
  const path = points.map((point, at) => `${at ? "L" : "M"}${round(point.x)} ${round(point.y)}`);
  return {
    points,
    path: path.join(""),
    across: ticks(near, far).map((each) => ({ x: x(each), power: each })),
    down: ticks(low, high).map((each) => ({ y: y(each), power: each })),
    best: points.toSorted((a, b) => a.error - b.error)[0] ?? null,
  };
}

const round = (x: number) => Math.round(x * 10) / 10;

/** At most five whole powers from one to the other. */
function ticks(low: number, high: number): number[] {
  const step = Math.max(1, Math.ceil((high - low) / 4));
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, at) => low + at * step);
}
