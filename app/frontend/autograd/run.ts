// A run of a snippet, and what is known at a moment of it: a pure function of (events, step), so that stepping
// forward, stepping back, jumping and scrubbing are one call.

import type {
  AutogradEvent,
  Executed,
  FailedEvent,
  Nested,
  NodeState,
  Pulled,
  Span,
  Stopped,
  TensorState,
} from "../events.ts";
import { momentsOf, slotsOf, type Moment } from "./moments.ts";

/** What the statements so far have left behind. */
interface Left {
  tensors: ReadonlyMap<string, TensorState>;
  nodes: ReadonlyMap<number, NodeState>;
  recording: boolean;
}

/** A backward pass in the middle of its statement. */
export interface Flow {
  pulled: Pulled;
  slot: number | null;
  /** What has arrived at each node that still waits, or that P is at now. */
  arrived: ReadonlyMap<number, readonly (Nested | null)[]>;
  /** The nodes it has been through, each with its step. */
  through: ReadonlyMap<number, Pulled>;
}

export interface Snapshot {
  step: number;
  event: AutogradEvent | null;
  /** Where the statement stands that runs, or has just run. */
  span: Span | null;
  function: string;
  /** Tensors in the order of their first appearance. */
  tensors: readonly TensorState[];
  /** What this very step changed, by tensor. */
  fresh: ReadonlyMap<string, ReadonlySet<string>>;
  /** Graph and freed buffers as they are now, also in the middle of a backward pass. */
  nodes: ReadonlyMap<number, NodeState>;
  recording: boolean;
  output: string;
  /** What this very step printed. */
  printed: string;
  warnings: readonly string[];
  stopped: Stopped | FailedEvent | null;
  flow: Flow | null;
}

export interface Statement {
  /** Index of its first event. */
  from: number;
  whole: Pulled[];
  closing: Executed | Stopped | null;
}

const NOTHING: Left = { tensors: new Map(), nodes: new Map(), recording: true };
/** So many statements are folded anew at most. */
const STRETCH = 40;

export class Run {
  readonly moments: readonly Moment[];
  /** Index of the event that ends each statement. */
  private readonly ends: number[] = [];
  private readonly kept = new Map<number, Left>();

  constructor(readonly events: readonly AutogradEvent[]) {
    this.moments = momentsOf(events);
    events.forEach((event, at) => {
      if (event.kind === "executed") this.ends.push(at);
    });
  }

  get last(): number {
    return this.moments.length - 1;
  }

  /** How many statements had run before this event. */
  private ran(event: number): number {
    let [low, high] = [0, this.ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle]! < event) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What the first so many statements left. */
  private left(count: number): Left {
    const from = count - (count % STRETCH);
    let left = from === 0 ? NOTHING : this.kept.get(from);
    if (!left)
      this.kept.set(from, (left = this.fold(this.left(from - STRETCH), from - STRETCH, from)));
    return this.fold(left, from, count);
  }

  private fold(start: Left, from: number, to: number): Left {
    if (from === to) return start;
    const tensors = new Map(start.tensors);
    const nodes = new Map(start.nodes);
    let { recording } = start;
    for (let at = from; at < to; at++) {
      const event = this.events[this.ends[at]!] as Executed;
      event.gone.forEach((name) => tensors.delete(name));
      event.tensors.forEach((tensor) => tensors.set(tensor.name, tensor));
      event.dropped.forEach((node) => nodes.delete(node));
      event.nodes.forEach((node) => nodes.set(node.node, node));
      recording = event.recording;
    }
    return { tensors, nodes, recording };
  }

  /** The statement that an event belongs to: its backward steps, and where it ran or stopped. */
  statement(event: number): Statement {
    let [from, to] = [event, event];
    while (this.events[from - 1]?.kind === "pulled") from--;
    while (this.events[to]?.kind === "pulled") to++;
    const told = this.events[to];
    const closing = told?.kind === "executed" || told?.kind === "stopped" ? told : null;
    return { from, whole: this.events.slice(from, to) as Pulled[], closing };
  }

  /** What there is at a moment, before it is told of. */
  private look(step: number) {
    const { event, slot } = this.moments[step]!;
    const told = this.events[event] ?? null;
    const before = this.ran(event);
    const start = this.left(before);
    const now = told?.kind === "executed" ? this.left(before + 1) : start;
    const statement = this.statement(event);
    const passed = statement.whole.slice(0, event - statement.from + 1);
    const flow = told?.kind === "pulled" ? flowOf(passed, slot) : null;
    const nodes = flow ? during(now.nodes, flow, statement) : now.nodes;
    return { event, told, start, now, flow, nodes, closing: told && statement.closing };
  }

  /** The graph and its freed buffers at a moment. */
  nodesAt(step: number): ReadonlyMap<number, NodeState> {
    return this.look(step).nodes;
  }

  at(step: number): Snapshot {
    const here = Math.min(Math.max(0, step), this.last);
    const { event, told, start, now, flow, nodes, closing } = this.look(here);
    return {
      step: here,
      event: told,
      span: closing?.span ?? null,
      function: closing?.kind === "executed" ? closing.function : "",
      tensors: [...now.tensors.values()],
      fresh: told?.kind === "executed" ? differences(start, told) : new Map(),
      nodes,
      recording: now.recording,
      ...this.said(event, told),
      stopped: told?.kind === "stopped" || told?.kind === "failed" ? told : null,
      flow,
    };
  }

  private said(event: number, told: AutogradEvent | null) {
    let output = "";
    const warnings: string[] = [];
    for (const at of this.ends) {
      if (at > event) break;
      const each = this.events[at] as Executed;
      output += each.output;
      warnings.push(...each.warnings);
    }
    return { output, warnings, printed: told?.kind === "executed" ? told.output : "" };
  }
}

function flowOf(passed: Pulled[], slot: number | null): Flow {
  const arrived = new Map<number, (Nested | null)[]>();
  const through = new Map<number, Pulled>();
  passed.forEach((pulled, place) => {
    const last = place === passed.length - 1;
    if (!last) arrived.delete(pulled.node);
    through.set(pulled.node, pulled);
    pulled.inputs.forEach((input, at) => {
      if (input === null || (last && (slot === null || at > slot))) return;
      arrived.set(input, [...(arrived.get(input) ?? []), pulled.parts[at]!]);
    });
  });
  return { pulled: passed.at(-1)!, slot, arrived, through };
}

/** Names and fields that a statement changed. */
function differences(before: Left, event: Executed): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const tensor of event.tensors) {
    const old = before.tensors.get(tensor.name);
    const names = Object.keys(tensor) as (keyof TensorState)[];
    const unlike = names.filter(
      (name) => !old || JSON.stringify(old[name]) !== JSON.stringify(tensor[name]),
    );
    found.set(tensor.name, new Set(unlike));
  }
  return found;
}

/** In a backward pass: nodes made within the statement are there too, and those it is done with are freed. */
function during(
  nodes: ReadonlyMap<number, NodeState>,
  flow: Flow,
  { whole, closing }: Statement,
): Map<number, NodeState> {
  const found = new Map(nodes);
  for (const pulled of whole) if (!found.has(pulled.node)) found.set(pulled.node, passing(pulled));
  const later = closing?.kind === "executed" ? closing.nodes : [];
  const freed = new Set(later.filter(({ state }) => state === "freed").map(({ node }) => node));
  for (const { node } of flow.through.values()) {
    const old = found.get(node)!;
    const goes = freed.has(node) || !nodes.has(node);
    if (old.state === "held" && goes && isDone(node, flow))
      found.set(node, { ...old, state: "freed", bytes: 0 });
  }
  return found;
}

/** Whether the last part of what a node gave is on its way. */
function isDone(node: number, { pulled, slot }: Flow): boolean {
  return pulled.node !== node || slot === (slotsOf(pulled).at(-1) ?? null);
}

/** A node that came and went within one statement. */
export function passing({ node, name, inputs, bytes }: Pulled): NodeState {
  return { node, name, inputs, bytes, state: bytes ? "held" : "empty" };
}
