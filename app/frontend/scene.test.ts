import assert from "node:assert/strict";
import { test } from "node:test";
import { golden, goldens, type Golden } from "./trace/golden.ts";
import { scaleOf } from "./format.ts";
import { pathOf } from "./scene/geometry.ts";
import { runLayout } from "./layout.ts";
import { thinned } from "./scene/edges.ts";
import { formulaOf, sceneOf, type Scene, type SceneInput } from "./scene.ts";
import { METRICS, sizesOf } from "./scene/size.ts";
import { frameAt, stepCount } from "./timeline.ts";

function scenes({ events, program }: Golden): (step: number) => Scene {
  const sizes = sizesOf(
    program,
    (node) => formulaOf(program, node),
    METRICS.study,
    (tex) => 5 * tex.length,
  );
  const layout = runLayout(sizes.input);
  const scale = scaleOf(events);
  return (step) =>
    sceneOf({
      program,
      sizes,
      layout,
      scale,
      frame: frameAt(events, step),
      selection: null,
      attention: null,
      window: null,
    });
}

test("the three kinds of nothing differ", () => {
  const at = scenes(golden("worked-example"));
  assert.deepEqual(
    at(0).cards.map((card) => card.value.kind),
    ["pending", "pending", "pending", "pending"],
  );
  assert.deepEqual(
    at(22).cards.map((card) => card.phase),
    ["final", "final", "final", "final"],
  );
});

test("the ledger is a dash, then a term, then two", () => {
  const at = scenes(golden("worked-example"));
  const ledger = (step: number) =>
    at(step).cards[1]!.rows.map((row) =>
      row.face.kind === "number" ? row.face.text : row.face.kind,
    );
  assert.deepEqual(ledger(13), ["pending", "pending"]);
  assert.deepEqual(ledger(14), ["5", "pending"]);
  assert.deepEqual(ledger(16), ["5", "3"]);
});

for (const one of goldens()) {
  test(`${one.name}: marks keep their keys and places at every step`, () => {
    const at = scenes(one);
    const first = at(0);
    for (let step = 1; step <= stepCount(one.events); step++) {
      const scene = at(step);
      assert.deepEqual(
        scene.cards.map(({ node, x, y }) => [node.name, x, y]),
        first.cards.map(({ node, x, y }) => [node.name, x, y]),
      );
      assert.deepEqual(
        scene.edges.map(({ key, path }) => [key, path]),
        first.edges.map(({ key, path }) => [key, path]),
      );
      assert.ok(scene.cards.filter((card) => card.active).length <= 1);
    }
  });
}

test("a window leaves out what it does not show", () => {
  const one = golden("two-layer-network");
  const { program, events } = one;
  const sizes = sizesOf(
    program,
    () => "",
    METRICS.study,
    () => 0,
  );
  const layout = runLayout(sizes.input);
  const input = {
    program,
    sizes,
    layout,
    scale: 1,
    frame: frameAt(events, 20),
    selection: null,
    attention: null,
  };
  const part = sceneOf({ ...input, window: { x: 0, y: 0, width: 200, height: layout.height } });
  assert.ok(part.cards.length > 0 && part.cards.length < 11);
  assert.equal(
    sceneOf({ ...input, window: { x: 0, y: 0, width: layout.width, height: layout.height } }).cards
      .length,
    11,
  );
});

test("a path is level where it may be and bends only between", () => {
  assert.equal(
    pathOf(
      [
        { x: 0, y: 0 },
        { x: 10, y: 0 },
        { x: 30, y: 20 },
        { x: 40, y: 20 },
      ],
      1,
    ),
    "M0 1H10C20 1 20 21 30 21H40",
  );
});

test("of edges that only cross the window, those of one node are few; those to a node in it are all there", () => {
  const { program, events } = golden("worked-example");
  const [edge] = [...program.edges.values()];
  const lines = Array.from({ length: 100 }, (_, slot) => ({ ...edge!, slot }));
  const frame = frameAt(events, 0);
  const input = { program: { ...program, lines }, frame } as unknown as SceneInput;
  const places = [...lines.keys()];
  assert.equal(thinned(input, places, []).length, 24);
  assert.equal(thinned(input, places, [program.names.indexOf(edge!.to)]).length, 100);
});
