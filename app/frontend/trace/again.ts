// A trace that is read again: a value that is dragged changes only what follows from it.

import type { TraceEvent } from "../events.ts";

interface Read {
  lines: string[];
  events: TraceEvent[];
}

/** So many lines of a trace are worth keeping. */
const KEPT = 4000;
let before: Read = { lines: [], events: [] };

/** Reads the lines of one trace in their order; what the trace before said in the same place is the very same event. */
export function eventReader(): (line: string) => TraceEvent {
  const old = before;
  const { lines, events } = (before = { lines: [], events: [] } as Read);
  return (line) => {
    const at = lines.length;
    const event = old.lines[at] === line ? old.events[at]! : (JSON.parse(line) as TraceEvent);
    if (at < KEPT) {
      lines.push(line);
      events.push(event);
    }
    return event;
  };
}
