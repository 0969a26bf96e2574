import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceEvent } from "./events.ts";
import { goldens } from "./trace/golden.ts";
import {
  edgeKey,
  frameAt,
  indexOf,
  neighbour,
  nodePhase,
  stepCount,
  type Frame,
} from "./timeline.ts";

/** What a frame says, written down in full. */
function picture(events: TraceEvent[], frame: Frame) {
  const graph = indexOf(events).graph;
  return {
    step: frame.step,
    phase: frame.phase,
    nodes: graph.nodes.map(({ name, reached }) => [
      frame.valueOf(name)?.value,
      frame.sumOf(name),
      frame.adjointOf(name)?.value,
      frame.tangentOf(name)?.value,
      nodePhase(frame, { name, reached }),
    ]),
    edges: graph.edges.map((edge) => [
      frame.jacobianOf(edgeKey(edge)),
      frame.termOf(edgeKey(edge))?.value,
    ]),
  };
}

/** The slow way: forget the index and read the trace from its start. */
function foldedPicture(events: TraceEvent[], step: number) {
  const graph = indexOf(events).graph;
  const seen = events.slice(0, step + 1);
  const edgeLast = (kind: string, key: string): any =>
    seen.findLast(
      (event: any) =>
        event.kind === kind && edgeKey(kind === "term" ? event.via : event.edge) === key,
    );
  return {
    step,
    nodes: graph.nodes.map(({ name, reached }) => foldedNode(seen, name, reached)),
    edges: graph.edges
      .map(edgeKey)
      .map((key) => [edgeLast("jacobian", key), edgeLast("term", key)?.value]),
  };
}

function foldedNode(seen: TraceEvent[], name: string, reached: boolean) {
  const of = (kind: string): any =>
    seen.findLast((event: any) => event.kind === kind && event.node === name);
  const phase = () => {
    if (of("adjoint") ?? of("tangent")) return "final";
    if (of("accumulate")) return "partial";
    if (seen.some((event) => event.kind === "seed") && !reached) return "unreached";
    return of("value") ? "value" : "idle";
  };
  return [
    of("value")?.value,
    of("accumulate"),
    of("adjoint")?.value,
    of("tangent")?.value,
    phase(),
  ];
}

for (const { name, events } of goldens()) {
  test(`${name}: every frame equals the fold of the events so far`, () => {
    for (let step = 0; step <= stepCount(events); step++) {
      const { phase: _, ...frame } = picture(events, frameAt(events, step));
      assert.deepEqual(frame, foldedPicture(events, step));
    }
  });

  test(`${name}: stepping there and back is the identity`, () => {
    for (let step = 0; step < stepCount(events); step++) {
      const there = neighbour(events, step, "event", 1);
      assert.equal(neighbour(events, there, "event", -1), step);
      assert.deepEqual(
        picture(events, frameAt(events, step)),
        picture(events, frameAt([...events], step)),
      );
    }
  });

  test(`${name}: a trace that grows gives the same frames as a whole one`, () => {
    const growing: TraceEvent[] = [];
    events.forEach((event, step) => {
      growing.push(event);
      assert.deepEqual(
        picture(growing, frameAt(growing, step)),
        picture(events, frameAt(events, step)),
      );
    });
  });

  test(`${name}: larger steps visit ends of nodes and phases, and reach both ends`, () => {
    for (const size of ["node", "phase"] as const) {
      let step = 0;
      let hops = 0;
      for (; step < stepCount(events); hops++) {
        const next = neighbour(events, step, size, 1);
        assert.ok(next > step);
        assert.equal(neighbour(events, next, size, -1), step);
        step = next;
      }
      assert.ok(hops <= stepCount(events));
    }
  });

  test(`${name}: at the end every node has its value, and P exactly where it is reached`, () => {
    const frame = frameAt(events, Infinity);
    for (const node of indexOf(events).graph.nodes) {
      assert.ok(frame.valueOf(node.name));
      if (node.op === "const" || frame.event.kind !== "finished") continue;
      assert.equal(nodePhase(frame, node), node.reached ? "final" : "unreached");
    }
  });
}
