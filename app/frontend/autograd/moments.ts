// The clock of a run: a statement is one moment, and a backward pass inside it has its own: for each node that P
// arrives at one, then one for each J along which a part of it goes on.

import type { AutogradEvent, Pulled } from "../events.ts";

export interface Moment {
  /** The event it shows; -1 before anything ran. */
  event: number;
  /** Of a backward step: the input whose J the part goes along; null where P has arrived. */
  slot: number | null;
}

export type Stride = "moment" | "node" | "statement";
export const STRIDES: readonly Stride[] = ["moment", "node", "statement"];

export function momentsOf(events: readonly AutogradEvent[]): Moment[] {
  const moments: Moment[] = [{ event: -1, slot: null }];
  events.forEach((told, event) => {
    if (told.kind === "ended") return;
    moments.push({ event, slot: null });
    if (told.kind === "pulled") moments.push(...slotsOf(told).map((slot) => ({ event, slot })));
  });
  return moments;
}

/** The inputs that something flows to. */
export function slotsOf({ inputs }: Pulled): number[] {
  return inputs.flatMap((input, slot) => (input === null ? [] : [slot]));
}

/** Where one step of this size leads. */
export function neighbour(
  events: readonly AutogradEvent[],
  moments: readonly Moment[],
  at: number,
  size: Stride,
  direction: 1 | -1,
): number {
  const last = moments.length - 1;
  const stops = (moment: Moment) => isStop(events, moment, size);
  for (let next = at + direction; next > 0 && next < last; next += direction)
    if (stops(moments[next]!)) return next;
  return direction > 0 ? last : 0;
}

function isStop(events: readonly AutogradEvent[], { event, slot }: Moment, size: Stride): boolean {
  if (size === "moment") return true;
  if (slot !== null) return false;
  return size === "node" || events[event]?.kind !== "pulled";
}
