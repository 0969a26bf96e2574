// What to ask for, once the text is read: what was chosen for nodes that are gone is left out, not refused.

import type { GraphEvent, Nested } from "./events.ts";
import type { TraceRequest } from "./wire.ts";

/** The shape of nested lists; rows of unequal length have none. */
export function shapeOf(value: Nested): number[] | null {
  if (!Array.isArray(value)) return [];
  const shapes = value.map(shapeOf);
  const first = shapes[0] ?? [];
  const even = first !== null && shapes.every((shape) => String(shape) === String(first));
  return even ? [value.length, ...first] : null;
}

/** NaN and the infinities cross as words, and must be asked for by name. */
function hasWords(value: Nested): boolean {
  return Array.isArray(value) ? value.some(hasWords) : typeof value === "string";
}

/** The part of a request that fits the graph of its source. */
export function fitting(request: TraceRequest, graph: GraphEvent): TraceRequest {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  const fits = (name: string, value: Nested) =>
    nodes.get(name)?.op === "leaf" && String(shapeOf(value)) === String(nodes.get(name)!.shape);
  const inputs = Object.entries(request.inputs ?? {}).filter(([name, value]) => fits(name, value));
  const output = request.output !== null && nodes.has(request.output) ? request.output : null;
  const shape = nodes.get(output ?? graph.output)?.shape;
  const gradient = request.gradient ?? null;
  const weighs = gradient !== null && String(shapeOf(gradient)) === String(shape);
  return {
    ...request,
    ...(inputs.some(([, value]) => hasWords(value)) && { allow_nonfinite: true }),
    output,
    inputs: inputs.length ? Object.fromEntries(inputs) : null,
    gradient: weighs ? gradient : null,
  };
}
