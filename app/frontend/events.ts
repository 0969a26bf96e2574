// The types of the wire, as docs/wire.md says them.

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

export interface Span {
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

export interface EdgeName {
  from: string;
  to: string;
  slot: number;
}

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
  span: Span | null;
  source: string;
  symbol: string;
  formula: string;
}

export interface GraphEdge extends EdgeName {
  formula: string;
}

export interface GraphEvent {
  kind: "graph";
  seq: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
  order: string[];
  groups: { name: string; members: { name: string; op: string; inputs: string[] }[] }[];
  output: string;
  m: number;
  mode: string;
  granularity: string;
  dtype: string;
  device: string;
  steps: number;
  digest: string;
}

interface NodeTensor<K extends string> {
  kind: K;
  seq: number;
  node: string;
  value: Tensor;
}

export type ValueEvent = NodeTensor<"value">;
export type SeedEvent = NodeTensor<"seed">;
export type AdjointEvent = NodeTensor<"adjoint">;
export type TangentEvent = NodeTensor<"tangent">;

export interface JacobianEvent {
  kind: "jacobian";
  seq: number;
  edge: EdgeName;
  structure: string;
  shape: [number, number] | number[];
  stored: number;
  nonzero: number;
  kink: boolean;
  dense?: Tensor | null;
  window?: { rows: number[]; cols: number[]; entries: Tensor } | null;
}

export interface TermEvent extends NodeTensor<"term"> {
  via: EdgeName;
}

export interface AccumulateEvent extends NodeTensor<"accumulate"> {
  missing: number;
}

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

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  params: Record<string, unknown>;
  hint?: string;
  span?: Span | null;
}

export interface FailedEvent {
  kind: "failed";
  seq: number;
  problem: Problem;
}

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
