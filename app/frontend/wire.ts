// The only module that knows URLs: requests go out, events come in.

import type {
  AutogradEvent,
  Entry,
  GraphEvent,
  Nested,
  Problem,
  Tensor,
  TraceEvent,
} from "./events.ts";
import type { Catalogue, Language } from "./i18n.ts";
import { eventReader } from "./trace/again.ts";

export interface Example {
  name: string;
  chapter: string;
  title: Record<Language, string>;
  text: Record<Language, string>;
  source: string;
  output: string;
  gradient: Nested | null;
}

export interface TraceRequest {
  source: string;
  output: string | null;
  inputs?: Readonly<Record<string, Nested>> | null;
  gradient?: Nested | null;
  allow_nonfinite?: boolean;
  mode?: "reverse" | "forward";
  tangents?: Readonly<Record<string, Nested>> | null;
  differentiate?: readonly string[];
  dtype?: "float64" | "float32";
  device?: string;
  /** Groups to look into. */
  open?: readonly string[];
}

/** An op as the registry describes it. */
export interface OpRecord {
  name: string;
  args: string[];
  usage: string;
  aliases: string[];
  tex: string;
  doc: string;
}

/** A program that was read: its graph, or what is wrong with it. */
export interface Reading {
  graph: GraphEvent | null;
  problems: Problem[];
}

export type { Tensor };

/** The server read the request and said what is wrong with it. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** No answer, or one that is not ours. */
export class Unreachable extends Error {}

async function ask(url: string, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
  if (response.ok) return response;
  if (response.headers.get("content-type")?.includes("problem+json")) {
    throw new Refused((await response.json()) as Problem);
  }
  throw new Unreachable(`${response.status} ${response.statusText}`);
}

export async function fetchExamples(): Promise<Example[]> {
  return (await ask("/api/v1/examples")).json() as Promise<Example[]>;
}

export async function fetchOps(): Promise<OpRecord[]> {
  return (await ask("/api/v1/ops")).json() as Promise<OpRecord[]>;
}

/** A file of our own, such as a font. */
export async function fetchBytes(address: string): Promise<ArrayBuffer> {
  return (await ask(address)).arrayBuffer();
}

export async function fetchCatalogue(language: Language): Promise<Catalogue> {
  return (await ask(`/locale/${language}.json`)).json() as Promise<Catalogue>;
}

/** The graph of a program, as the event that starts its trace; nothing is evaluated. */
export async function fetchGraph(request: TraceRequest): Promise<GraphEvent> {
  const response = await ask("/api/v1/graph", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(request),
  });
  return { ...((await response.json()) as GraphEvent), kind: "graph", seq: 0 };
}

/** Reads a program without computing it; mistakes are an answer here, not a refusal. */
export async function readProgram(source: string, signal: AbortSignal): Promise<Reading> {
  try {
    const response = await ask("/api/v1/graph", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ source, partial: true }),
      signal,
    });
    const answer = (await response.json()) as GraphEvent & { problems: Problem[] };
    return { graph: answer.problems.length ? null : answer, problems: answer.problems };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { graph: null, problems: problemsOf(error) };
  }
}

/** All that a refusal says is wrong. */
export function problemsOf({ problem }: Refused): Problem[] {
  const { errors } = problem as Problem & { errors?: Problem[] };
  return errors?.length ? errors : [problem];
}

/** Some entries of a tensor of a run, as the API gives them. */
export interface Entries {
  shape: number[];
  data: Float64Array;
}

export interface Spot {
  index: number[] | null;
  row: number;
  analytic: Entry;
  numeric: Entry;
  step: number;
}

export type Verdict = "ok" | "off" | "kink" | "undefined" | "unreached";

export interface NodeCheck {
  node: string;
  verdict: Verdict;
  entries: number;
  compared: number;
  absolute: Entry | null;
  relative: Entry | null;
  worst: Spot | null;
}

/** The error of one entry's finite difference, for each step. */
export interface ErrorCurve {
  analytic: Entry;
  steps: number[];
  numeric: Entry[];
  errors: Entry[];
}

export interface CheckAnswer {
  tolerance: number;
  nodes: NodeCheck[];
  curve: ErrorCurve | null;
}

/** Where something that is not finite was first made. */
export interface Origin {
  of: "value" | "adjoint";
  node: string;
  kind: "nan" | "infinity";
  entry: number;
  count: number;
}

export interface Evaluation {
  values: Record<string, Tensor>;
  gradients?: Record<string, Tensor | null>;
  adjoints?: Record<string, Tensor | null>;
  origins?: Origin[];
}

function post(
  path: string,
  body: object,
  accept: string,
  signal: AbortSignal | null = null,
): Promise<Response> {
  const headers = { "content-type": "application/json", accept };
  return ask(`/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body), signal });
}

export async function fetchCheck(body: object): Promise<CheckAnswer> {
  return (await post("check", body, "application/json")).json() as Promise<CheckAnswer>;
}

export async function fetchEvaluation(body: object): Promise<Evaluation> {
  return (await post("evaluate", body, "application/json")).json() as Promise<Evaluation>;
}

/** A window comes as bytes: many numbers, none of them rounded. */
export async function fetchEntries(body: object): Promise<Entries> {
  const response = await post("window", body, "application/octet-stream");
  const shape = response.headers.get("x-tensor-shape") ?? "";
  const dtype = response.headers.get("x-tensor-dtype") ?? "float64";
  const read = READERS[dtype] ?? READERS["float64"]!;
  const data = Float64Array.from(read(await response.arrayBuffer()), Number);
  return { shape: (shape.match(/\d+/g) ?? []).map(Number), data };
}

const READERS: Record<string, (bytes: ArrayBuffer) => ArrayLike<number | bigint>> = {
  float64: (bytes) => new Float64Array(bytes),
  float32: (bytes) => new Float32Array(bytes),
  int64: (bytes) => new BigInt64Array(bytes) as unknown as ArrayLike<bigint>,
  bool: (bytes) => new Uint8Array(bytes),
};

/** Reads one trace to its end, telling how far it got. A stream that was cut simply lacks its last event. */
export async function fetchTrace(
  request: TraceRequest,
  signal: AbortSignal,
  onProgress: (received: number, expected: number) => void,
): Promise<TraceEvent[]> {
  const response = await ask("/api/v1/trace", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/jsonl" },
    body: JSON.stringify(request),
    signal,
  });
  const events: TraceEvent[] = [];
  const read = eventReader();
  try {
    for await (const line of linesOf(response)) {
      events.push(read(line));
      const first = events[0];
      if (events.length % 256 === 0 && first?.kind === "graph")
        onProgress(events.length, first.steps);
    }
  } catch (error) {
    if (signal.aborted) throw error;
  }
  return events;
}

/** A snippet, what is asked about it, and what it shows. */
export interface Lesson {
  name: string;
  title: Record<Language, string>;
  snippet: string;
  question: Record<Language, string>;
  choices: (Record<Language, string> & { right: boolean })[];
  explanation: Record<Language, string>;
}

export async function fetchLessons(): Promise<Lesson[]> {
  return (await ask("/api/v1/lessons")).json() as Promise<Lesson[]>;
}

/** All that a PyTorch snippet does. A stream that was cut is no answer. */
export async function fetchRun(snippet: string, signal: AbortSignal): Promise<AutogradEvent[]> {
  const asked = { snippet, as_events: true };
  const response = await post("autograd", asked, "application/jsonl", signal);
  const events: AutogradEvent[] = [];
  try {
    for await (const line of linesOf(response)) events.push(JSON.parse(line) as AutogradEvent);
  } catch (error) {
    if (signal.aborted) throw error;
  }
  const [first] = events;
  if (first?.kind === "failed") throw new Refused(first.problem);
  const last = events.at(-1)?.kind;
  if (last !== "ended" && last !== "failed") throw new Unreachable("the stream was cut");
  return events;
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line.trim()) yield line;
  }
  if (rest.trim()) yield rest;
}
