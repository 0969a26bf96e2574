// The laws of the time line, for every trace there is: forward and back is the identity, a scrub equals the steps.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceEvent } from "./events.ts";
import { goldens } from "./trace/golden.ts";
import { edgeKey, frameAt, indexOf, neighbour, nodePhase, stepCount } from "./timeline.ts";

/** All that a frame shows, as the numbers of the events that say it. */
function picture(events: TraceEvent[], step: number): string {
  const frame = frameAt(events, step);
  const { nodes, edges } = indexOf(events).graph;
  const seen: unknown[] = [frame.step, frame.phase, frame.activeNode, frame.activeEdge];
  for (const { name, reached } of nodes) {
    const told = [frame.valueOf(name), frame.sumOf(name), frame.adjointOf(name)];
    seen.push(...told.map((event) => event?.seq), frame.tangentOf(name)?.seq);
    seen.push(nodePhase(frame, { name, reached }));
  }
  for (const edge of edges.map(edgeKey)) {
    seen.push(frame.jacobianOf(edge)?.seq, frame.termOf(edge)?.seq);
  }
  return seen.join(" ");
}

/** Numbers below `most` in an order that is the same each time. */
function scattered(most: number, count: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state % most;
  });
}

for (const { name, events } of goldens()) {
  test(`${name}: forward and back is the identity, by every size of a step`, () => {
    for (const size of ["event", "node", "phase"] as const) {
      const path: [number, string][] = [];
      let step = 0;
      for (; step < stepCount(events); step = neighbour(events, step, size, 1)) {
        path.push([step, picture(events, step)]);
      }
      assert.equal(step, stepCount(events));
      for (const [before, shown] of path.reverse()) {
        step = neighbour(events, step, size, -1);
        assert.equal(step, before);
        assert.equal(picture(events, step), shown);
      }
    }
  });

  test(`${name}: a scrub to any step equals stepping there`, () => {
    const stepped = events.map((_, step) => picture(events, step));
    assert.equal(new Set(stepped).size, stepped.length);
    const fresh = [...events];
    for (const step of scattered(events.length, 200)) {
      assert.equal(picture(fresh, step), stepped[step]);
    }
  });

  test(`${name}: what has not arrived yet changes nothing that is seen`, () => {
    for (const step of scattered(events.length, 20)) {
      assert.equal(picture(events.slice(0, step + 1), step), picture(events, step));
    }
  });
}
