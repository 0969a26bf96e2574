// Forward mode beside reverse mode: the whole Jacobian takes one sweep for each entry of the leaves. The sweeps are
// traces of their own; here they become one run on the clock that both modes share. Pure.

import type { GraphEvent, TraceEvent } from "../events.ts";
import { sizeOf } from "./program.ts";
import { unit } from "./request.ts";
import { frameAt, type Frame } from "../timeline.ts";
import type { TraceRequest } from "../wire.ts";

/** What the server says a mode takes. */
export interface ModeCost {
  passes: number;
  multiplications: number;
  bytes: number;
}

export type Cost = Record<"reverse" | "forward", ModeCost>;

/** One entry of one leaf, moved. */
export interface Direction {
  leaf: string;
  entry: number;
  shape: readonly number[];
}

export function directionsOf(graph: GraphEvent): Direction[] {
  const leaves = graph.nodes.filter((node) => node.op === "leaf" && node.reached);
  return leaves.flatMap(({ name, shape }) =>
    Array.from({ length: sizeOf(shape) }, (_, entry) => ({ leaf: name, entry, shape })),
  );
}

/** The name of an entry: `x`, or `W[1, 0]`. */
export function directionName({ leaf, entry, shape }: Direction): string {
  let rest = entry;
  const index = shape.toReversed().map((length) => {
    const at = rest % length;
    rest = (rest - at) / length;
    return at;
  });
  return index.length ? `${leaf}[${index.reverse().join(", ")}]` : leaf;
}

export function passRequest(
  request: TraceRequest,
  { leaf, entry, shape }: Direction,
): TraceRequest {
  return { ...request, gradient: null, mode: "forward", tangents: { [leaf]: unit(shape, entry) } };
}

const isTangent = (event: TraceEvent) => event.kind === "tangent";

/** Values and Jacobians once, then the tangents of each sweep. */
export function joined(passes: readonly TraceEvent[][]): TraceEvent[] {
  const [first = []] = passes;
  const last = passes.at(-1)?.at(-1);
  const before = first.filter((event) => !isTangent(event) && event.kind !== "finished");
  return [...before, ...passes.flatMap((pass) => pass.filter(isTangent)), ...(last ? [last] : [])];
}

/** Which sweep a step of the joined run belongs to, and how many are done by then. */
export function sweepAt(passes: readonly TraceEvent[][], step: number) {
  const first = passes[0]!;
  const start = first.findIndex(isTangent);
  const length = first.filter(isTangent).length;
  const sweeps = length ? (step - start) / length : 0;
  const pass = Math.min(Math.max(0, Math.floor(sweeps)), passes.length - 1);
  const done = Math.min(Math.max(0, Math.floor((step - start + 1) / length)), passes.length);
  const within = step - pass * length;
  return { pass, done, within: Math.min(within, passes[pass]!.length - 1) };
}

export function rivalFrame(passes: readonly TraceEvent[][], step: number): Frame {
  const { pass, within } = sweepAt(passes, step);
  return frameAt(passes[pass]!, within);
}

/** Sweeps that reverse mode has done by a step: all rows of P travel together. */
export function reverseDone(events: readonly TraceEvent[], step: number, { passes }: ModeCost) {
  const last = events.findLastIndex((event) => event.kind === "adjoint");
  return last >= 0 && step >= last ? passes : 0;
}
