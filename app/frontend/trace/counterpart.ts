// The same moment in another trace of the same program: when a group opens or closes, one stays where one was.

import type { TraceEvent } from "../events.ts";
import { standIn } from "./groups.ts";
import { edgeKey, indexOf, stepCount } from "../timeline.ts";

/** The step of `after` at which happens what happened at `step` of `before`, or what comes nearest. */
export function counterpart(
  before: readonly TraceEvent[],
  step: number,
  after: readonly TraceEvent[],
): number {
  const event = before[step];
  if (!event || step === 0) return 0;
  if (step === stepCount(before)) return stepCount(after);
  const same = after.findIndex((other) => subject(other) === subject(event));
  if (same >= 0) return same;
  const { graph, segments } = indexOf(after);
  const node = standIn(graph, nodeOf(event));
  const kinds = nearKinds(event.kind);
  const near = after.findIndex(
    (other) => kinds.includes(other.kind) && nodeOf(other) === node && node !== null,
  );
  if (near >= 0) return near;
  const phases = indexOf(before).segments;
  const { phase, from, to } = phases.find((each) => each.from <= step && step <= each.to)!;
  const then = segments.find((each) => each.phase === phase);
  if (!then) return Math.min(step, stepCount(after));
  return Math.round(then.from + ((step - from) / Math.max(1, to - from)) * (then.to - then.from));
}

function subject(event: TraceEvent): string {
  if (event.kind === "jacobian") return `jacobian ${edgeKey(event.edge)}`;
  if (event.kind === "term") return `term ${edgeKey(event.via)}`;
  if (event.kind === "accumulate") return `accumulate ${event.node} ${event.missing}`;
  return `${event.kind} ${nodeOf(event)}`;
}

function nodeOf(event: TraceEvent): string {
  if (event.kind === "jacobian") return event.edge.to;
  return "node" in event ? event.node : "";
}

/** What happens to a node in the same phase. */
function nearKinds(kind: TraceEvent["kind"]): readonly string[] {
  return ["term", "accumulate", "adjoint"].includes(kind)
    ? ["term", "accumulate", "adjoint"]
    : [kind];
}
