import assert from "node:assert/strict";
import { test } from "node:test";
import { neighbour } from "./moments.ts";
import { Run } from "./run.ts";
import { executed, SQUARE, tensor } from "./sample.ts";

const run = new Run(SQUARE);

test("a backward step has a moment for P and one for each J", () => {
  assert.deepEqual(
    run.moments.map(({ event, slot }) => [event, slot]),
    [
      [-1, null],
      [0, null],
      [1, null],
      [2, null],
      [2, 0],
      [2, 1],
      [3, null],
      [4, null],
    ],
  );
});

test("the same step gives the same state by whichever way one comes", () => {
  const forward = run.moments.map((_, step) => run.at(step));
  const other = new Run(SQUARE);
  const back = run.moments.map((_, step) => other.at(run.last - step)).reverse();
  assert.deepEqual(forward, back);
});

test("nothing is known before the first statement", () => {
  const { tensors, nodes, span, output } = run.at(0);
  assert.deepEqual([tensors, nodes.size, span, output], [[], 0, null, ""]);
});

test("what a statement changed is fresh at that step only", () => {
  assert.deepEqual([...run.at(6).fresh.get("x")!], ["has_grad", "grad"]);
  assert.equal(run.at(7).fresh.size, 0);
});

test("parts arrive one after the other, and P is whole first", () => {
  const arrived = (step: number) => run.at(step).flow?.arrived.get(1);
  assert.deepEqual([arrived(3), arrived(4), arrived(5)], [undefined, [3], [3, 3]]);
  assert.equal(run.at(3).flow?.pulled.cotangent, 1);
});

test("what a node saved is freed when its last part is on its way", () => {
  const states = [3, 4, 5, 6].map((step) => run.at(step).nodes.get(2)?.state);
  assert.deepEqual(states, ["held", "held", "freed", "freed"]);
});

test("a statement in the middle of its backward pass has its line lit", () => {
  assert.deepEqual(
    [2, 3, 5, 6, 7].map((step) => run.at(step).span?.line),
    [2, 3, 3, 3, 4],
  );
});

test("output adds up, and says what this step printed", () => {
  assert.deepEqual(
    [run.at(2).output, run.at(6).output, run.at(6).printed],
    ["9\n", "9\n6\n", "6\n"],
  );
});

test("a run that stopped says where", () => {
  const { stopped } = run.at(run.last);
  assert.equal(stopped?.kind === "stopped" && stopped.node, 2);
});

test("steps go by J, by node and by statement, and never beyond the ends", () => {
  const go = (at: number, size: "moment" | "node" | "statement", direction: 1 | -1 = 1) =>
    neighbour(SQUARE, run.moments, at, size, direction);
  assert.deepEqual([go(3, "moment"), go(3, "node"), go(2, "statement")], [4, 6, 6]);
  assert.deepEqual([go(6, "node", -1), go(6, "statement", -1)], [3, 2]);
  assert.deepEqual([go(7, "moment"), go(0, "moment", -1)], [7, 0]);
});

test("a node that comes and goes within one statement is there while it runs", () => {
  const [first, , pulled] = SQUARE;
  const brief = new Run([
    first!,
    pulled!,
    executed(2),
    { kind: "ended", seq: 4, steps: 2, work: 1, ok: true },
  ]);
  const there = brief.moments.map((_, step) => brief.at(step).nodes.get(2)?.state);
  assert.deepEqual(there, [undefined, undefined, "held", "held", "freed", undefined]);
});

test("a long run is folded from where it was kept", () => {
  const events = Array.from({ length: 100 }, (_, at) =>
    executed(at + 1, { tensors: [tensor("x", { data: at })], output: `${at} ` }),
  );
  const long = new Run(events);
  assert.deepEqual(
    [100, 41, 3].map((step) => long.at(step).tensors[0]?.data),
    [99, 40, 2],
  );
});

test("names that are gone and nodes that are dropped leave the picture", () => {
  const gone = new Run([...SQUARE.slice(0, 2), executed(3, { gone: ["y"], dropped: [2] })]);
  assert.deepEqual(
    gone.at(3).tensors.map(({ name }) => name),
    ["x"],
  );
  assert.deepEqual([...gone.at(3).nodes.keys()], [1]);
});
