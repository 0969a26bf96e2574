// The types of the wire, as docs/wire.md says them.
// Written by scripts/wire_types.py from the engine's classes of events; do not edit.

export type Entry = number | boolean | "NaN" | "Infinity" | "-Infinity";
export type Nested = Entry | Nested[];

export interface Summary {
  min: number | null;
  max: number | null;
  mean: number | null;
  norm: number | null;
  nan: number;
  posinf: number;
  neginf: number;
}

export interface Tensor {
  shape: number[];
  dtype: string;
  data?: Nested;
  summary?: Summary;
  preview?: Nested;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  params: Record<string, unknown>;
  hint?: string;
  span?: Span;
}

/** A stretch of source text. Lines and columns count from 1, in code points; the end is */
export interface Span { line: number; column: number; end_line: number; end_column: number; }

/** An edge, by the names of its nodes and the argument position. `source` is called `from` on */
export interface EdgeName { from: string; to: string; slot: number; }

/** A node as the reader sees it. symbol, formula: TeX, with `\node{name}` for other nodes. */
export interface GraphNode {
  id: number;
  name: string;
  op: string;
  inputs: string[];
  attrs: Record<string, unknown>;
  shape: number[];
  dtype: string;
  requires_grad: boolean;
  reached: boolean;
  span?: Span;
  source: string;
  symbol: string;
  formula: string;
  note: string;
}

/** An edge and its local Jacobian in symbols (TeX). */
export interface GraphEdge {
  from: string;
  to: string;
  slot: number;
  formula: string;
  stretched: number;
}

/** A node inside a group, or a group inside it, whose op is "group". */
export interface GroupMember { name: string; op: string; inputs: string[]; }

/** Nodes that may be seen as one. node: the one whose value it has, "" where it has several and */
export interface GraphGroup {
  name: string;
  node: string;
  parent: string;
  block: string;
  open: boolean;
  members: GroupMember[];
}

/** Some rows and columns of a matrix, each range half open. */
export interface JacobianWindow { rows: [number, number]; cols: [number, number]; entries: Tensor; }

/** A tensor that the snippet has a name for. */
export interface TensorState {
  name: string;
  names: string[];
  data: Nested | null;
  shape: number[];
  dtype: string;
  device: string;
  requires_grad: boolean;
  is_leaf: boolean;
  has_grad: boolean;
  grad: Nested | null;
  retains_grad: boolean;
  grad_fn?: string;
  node?: number;
  version: number;
  saved_by: number[];
}

/** A step of the recorded graph. */
export interface NodeState {
  node: number;
  name: string;
  inputs: (number | null)[];
  state: "held" | "freed" | "empty" | "leaf";
  bytes: number;
  variable?: string;
}

/** How a local Jacobian of a shape (d_out, d_in) is held. */
export interface Structured { structure: string; shape: number[]; stored: number; nonzero: number; }

/** The graph about to be evaluated. steps: how many events follow this one. */
export interface GraphEvent {
  kind: "graph";
  seq: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
  order: string[];
  groups: GraphGroup[];
  output: string;
  m: number;
  mode: string;
  granularity: string;
  dtype: string;
  device: string;
  steps: number;
  digest: string;
}

/** A node has its value u_i, in its own shape. */
export interface ValueEvent { kind: "value"; seq: number; node: string; value: Tensor; }

/** A `jacobian` event on the wire: its structure, and its entries if they are few. */
export interface JacobianEvent {
  kind: "jacobian";
  seq: number;
  edge: EdgeName;
  structure: string;
  shape: [number, number];
  stored: number;
  nonzero: number;
  kink: boolean;
  dense?: Tensor;
  window?: JacobianWindow;
}

/** The output's P_n is set: the identity, or the weight vector; shape (m, d). */
export interface SeedEvent { kind: "seed"; seq: number; node: string; value: Tensor; }

/** One product P_k J arrives at `node` along `via`; shape (m, d_i). */
export interface TermEvent {
  kind: "term";
  seq: number;
  node: string;
  via: EdgeName;
  value: Tensor;
}

/** The running sum at `node`; `missing` terms are still to come; shape (m, d_i). */
export interface AccumulateEvent {
  kind: "accumulate";
  seq: number;
  node: string;
  value: Tensor;
  missing: number;
}

/** P_i is final; shape (m, d_i). */
export interface AdjointEvent { kind: "adjoint"; seq: number; node: string; value: Tensor; }

/** A node has its tangent, in its own shape (forward mode). */
export interface TangentEvent { kind: "tangent"; seq: number; node: string; value: Tensor; }

/** The trace is whole. bytes: held at the peak; seconds: from the first event to this one. */
export interface FinishedEvent {
  kind: "finished";
  seq: number;
  events: number;
  nodes: number;
  edges: number;
  flops: number;
  bytes: number;
  seconds: number;
}

/** The trace could not go on. problem: as in RFC 9457. */
export interface FailedEvent { kind: "failed"; seq: number; problem: Problem; }

/** A backward pass took one node: P of its result came in, and a part for each input went out. */
export interface Pulled {
  kind: "pulled";
  seq: number;
  step: number;
  node: number;
  name: string;
  bytes: number;
  cotangent: Nested | null;
  inputs: (number | null)[];
  parts: (Nested | null)[];
  jacobians: (Nested | null)[];
  structures: (Structured | null)[];
}

/** A statement ran. */
export interface Executed {
  kind: "executed";
  seq: number;
  step: number;
  span: Span;
  function: string;
  tensors: TensorState[];
  gone: string[];
  nodes: NodeState[];
  dropped: number[];
  recording: boolean;
  output: string;
  warnings: string[];
}

/** The snippet stopped. */
export interface Stopped {
  kind: "stopped";
  seq: number;
  step: number;
  span: Span;
  type: string;
  message: string;
  node?: number;
  code?: string;
  hint: string;
  params: Record<string, unknown>;
}

/** Always last. steps: how many statements ran. work: how many operations that took. */
export interface Ended { kind: "ended"; seq: number; steps: number; work: number; ok: boolean; }

export type TraceEvent =
  | GraphEvent
  | ValueEvent
  | JacobianEvent
  | SeedEvent
  | TermEvent
  | AccumulateEvent
  | AdjointEvent
  | TangentEvent
  | FinishedEvent
  | FailedEvent;

export type AutogradEvent = Pulled | Executed | Stopped | Ended | FailedEvent;
