// What to ask for, once the text is read: what was chosen for nodes that are gone is left out, not refused.

import type { GraphEvent, GraphNode, Nested } from "../events.ts";
import type { TraceRequest } from "../wire.ts";

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
    ...(request.mode === "forward" && { tangents: directions(request, graph, fits) }),
    ...(request.differentiate && {
      differentiate: request.differentiate.filter((name) => isMoved(nodes.get(name))),
    }),
  };
}

const isMoved = (node: GraphNode | undefined) => node?.op === "leaf" && node.requires_grad;

/** How leaves are moved: as was asked, or the first entry of the first. */
function directions(
  { tangents }: TraceRequest,
  graph: GraphEvent,
  fits: (name: string, value: Nested) => boolean,
): Record<string, Nested> {
  const asked = Object.entries(tangents ?? {}).filter(([name, value]) => fits(name, value));
  if (asked.length) return Object.fromEntries(asked);
  const first = graph.nodes.find(isMoved);
  return first ? { [first.name]: unit(first.shape, 0) } : {};
}

/** The tensor that is 1 at one entry, counted row by row, and 0 elsewhere. */
export function unit(shape: readonly number[], entry: number): Nested {
  if (!shape.length) return 1;
  const build = (axis: number, at: number): Nested =>
    axis === shape.length
      ? Number(at === entry)
      : Array.from({ length: shape[axis]! }, (_, index) =>
          build(axis + 1, at * shape[axis]! + index),
        );
  return build(0, 0);
}
