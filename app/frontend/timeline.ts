// The time line: what is known after each event. A frame is a pure function of (events, step), so stepping
// forward, stepping back, jumping and scrubbing are one call. An index of the trace makes that call O(log n).

import type {
  AccumulateEvent,
  AdjointEvent,
  EdgeName,
  GraphEvent,
  JacobianEvent,
  TangentEvent,
  TermEvent,
  TraceEvent,
  ValueEvent,
} from "./events.ts";

export type Phase =
  "start" | "forward" | "jacobian" | "backward" | "tangent" | "finished" | "failed";

/** What a node shows of its own progress; `data-phase` on the page. */
export type NodePhase = "idle" | "value" | "partial" | "final" | "unreached";

export interface Segment {
  phase: Phase;
  /** First and last step of the phase, both inclusive. */
  from: number;
  to: number;
}

export interface Frame {
  readonly step: number;
  readonly phase: Phase;
  readonly mode: GraphEvent["mode"];
  readonly event: TraceEvent;
  readonly activeNode: string | null;
  readonly activeEdge: string | null;
  valueOf(node: string): ValueEvent | undefined;
  jacobianOf(edge: string): JacobianEvent | undefined;
  termOf(edge: string): TermEvent | undefined;
  sumOf(node: string): AccumulateEvent | undefined;
  /** Every running sum so far: one for each term that was added. */
  sumsOf(node: string): AccumulateEvent[];
  adjointOf(node: string): AdjointEvent | undefined;
  tangentOf(node: string): TangentEvent | undefined;
  /** Whether the reverse sweep has begun: only then is "not reached" a fact about the run. */
  readonly sweeping: boolean;
}

export function edgeKey(edge: EdgeName): string {
  return `${edge.from}-${edge.to}-${edge.slot}`;
}

const PHASE_OF: Record<TraceEvent["kind"], Phase> = {
  graph: "start",
  value: "forward",
  jacobian: "jacobian",
  seed: "backward",
  term: "backward",
  accumulate: "backward",
  adjoint: "backward",
  tangent: "tangent",
  finished: "finished",
  failed: "failed",
};

/** What an event is about: the key under which later frames look it up. */
function subjectOf(event: TraceEvent): string {
  switch (event.kind) {
    case "jacobian":
      return edgeKey(event.edge);
    case "term":
      return edgeKey(event.via);
    case "value":
    case "seed":
    case "accumulate":
    case "adjoint":
    case "tangent":
      return event.node;
    default:
      return "";
  }
}

function nodeOf(event: TraceEvent): string | null {
  if (event.kind === "jacobian") return event.edge.to;
  return "node" in event ? event.node : null;
}

function edgeOf(event: TraceEvent): string | null {
  if (event.kind === "jacobian") return edgeKey(event.edge);
  return event.kind === "term" ? edgeKey(event.via) : null;
}

/** Where each fact appears in a trace; grows with the trace. */
export class TraceIndex {
  readonly segments: Segment[] = [];
  /** Steps at which a node is done with what the phase does to it. */
  readonly nodeEnds: number[] = [];
  private readonly stepsOf = new Map<string, number[]>();
  private length = 0;
  private sweepStart = Infinity;

  constructor(readonly events: readonly TraceEvent[]) {}

  extend(): this {
    for (; this.length < this.events.length; this.length++) this.add(this.length);
    return this;
  }

  get graph(): GraphEvent {
    return this.events[0] as GraphEvent;
  }

  private add(step: number): void {
    const event = this.events[step]!;
    const key = `${event.kind} ${subjectOf(event)}`;
    const steps = this.stepsOf.get(key);
    if (steps) steps.push(step);
    else this.stepsOf.set(key, [step]);
    if (event.kind === "seed") this.sweepStart = Math.min(this.sweepStart, step);
    this.addToSegments(step, PHASE_OF[event.kind]);
    this.addToNodeEnds(step, event);
  }

  private addToSegments(step: number, phase: Phase): void {
    const last = this.segments.at(-1);
    if (last?.phase === phase) last.to = step;
    else this.segments.push({ phase, from: step, to: step });
  }

  private addToNodeEnds(step: number, event: TraceEvent): void {
    const before = this.events[step - 1];
    const sameNode =
      before?.kind === "jacobian" && event.kind === "jacobian" && before.edge.to === event.edge.to;
    if (sameNode) this.nodeEnds[this.nodeEnds.length - 1] = step;
    else if (!["seed", "term", "accumulate"].includes(event.kind)) this.nodeEnds.push(step);
  }

  /** The latest event of this kind about this subject, no later than `step`. */
  private latest<T extends TraceEvent>(
    kind: T["kind"],
    subject: string,
    step: number,
  ): T | undefined {
    const steps = this.stepsOf.get(`${kind} ${subject}`);
    if (!steps || steps[0]! > step) return undefined;
    let low = 0;
    let high = steps.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (steps[middle]! <= step) low = middle;
      else high = middle - 1;
    }
    return this.events[steps[low]!] as T;
  }

  /** All of a kind about this subject, no later than `step`. */
  private all<T extends TraceEvent>(kind: T["kind"], subject: string, step: number): T[] {
    const steps = this.stepsOf.get(`${kind} ${subject}`) ?? [];
    return steps.filter((each) => each <= step).map((each) => this.events[each]! as T);
  }

  frame(step: number): Frame {
    const event = this.events[step]!;
    return {
      step,
      event,
      phase: PHASE_OF[event.kind],
      mode: this.graph.mode,
      activeNode: nodeOf(event),
      activeEdge: edgeOf(event),
      sweeping: step >= this.sweepStart,
      valueOf: (node) => this.latest<ValueEvent>("value", node, step),
      jacobianOf: (edge) => this.latest<JacobianEvent>("jacobian", edge, step),
      termOf: (edge) => this.latest<TermEvent>("term", edge, step),
      sumOf: (node) => this.latest<AccumulateEvent>("accumulate", node, step),
      sumsOf: (node) => this.all<AccumulateEvent>("accumulate", node, step),
      adjointOf: (node) => this.latest<AdjointEvent>("adjoint", node, step),
      tangentOf: (node) => this.latest<TangentEvent>("tangent", node, step),
    };
  }
}

const indexes = new WeakMap<readonly TraceEvent[], TraceIndex>();

export function indexOf(events: readonly TraceEvent[]): TraceIndex {
  let index = indexes.get(events);
  if (!index) indexes.set(events, (index = new TraceIndex(events)));
  return index.extend();
}

/** How many steps a trace has: every event after `graph`. */
export function stepCount(events: readonly TraceEvent[]): number {
  return Math.max(0, events.length - 1);
}

export function clampStep(events: readonly TraceEvent[], step: number): number {
  return Math.min(Math.max(0, Math.trunc(step) || 0), stepCount(events));
}

/** The picture after `step` events; step 0 is the bare graph. */
export function frameAt(events: readonly TraceEvent[], step: number): Frame {
  return indexOf(events).frame(clampStep(events, step));
}

export type StepSize = "event" | "node" | "phase";

/** Where one step of this size leads from `step`; `direction` is 1 or -1. */
export function neighbour(
  events: readonly TraceEvent[],
  step: number,
  size: StepSize,
  direction: 1 | -1,
): number {
  const index = indexOf(events);
  if (size === "event") return clampStep(events, step + direction);
  const ends = size === "node" ? index.nodeEnds : index.segments.map((segment) => segment.to);
  const next =
    direction > 0
      ? (ends.find((end) => end > step) ?? stepCount(events))
      : (ends.findLast((end) => end < step) ?? 0);
  return clampStep(events, next);
}

export function nodePhase(frame: Frame, node: { name: string; reached: boolean }): NodePhase {
  if (frame.adjointOf(node.name) ?? frame.tangentOf(node.name)) return "final";
  if (frame.sumOf(node.name)) return "partial";
  if (frame.sweeping && !node.reached) return "unreached";
  return frame.valueOf(node.name) ? "value" : "idle";
}
