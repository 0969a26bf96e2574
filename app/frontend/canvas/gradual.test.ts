import assert from "node:assert/strict";
import { test } from "node:test";
import { gradually } from "./gradual.ts";
import type { CardMark, EdgeMark, Scene } from "../scene.ts";

function sceneOf(names: number[]): Scene {
  const cards = names.map(
    (name) =>
      ({
        node: { name: `u${name}` },
        x: 100 * name,
        y: 0,
        size: { width: 0, height: 0 },
      }) as CardMark,
  );
  const edges = names.map((name) => ({ key: `e${name}` }) as EdgeMark);
  return { frames: [], cards, edges, chips: [], plate: null };
}

const named = (scene: Scene) => scene.cards.map(({ node }) => node.name);

test("new marks come a few a frame, the nearest first, and what was there stays in its order", () => {
  const all = sceneOf([...Array(20).keys()]);
  const first = gradually(all, sceneOf([0, 19]), { x: 1000, y: 0 });
  assert.deepEqual(named(first), ["u0", "u7", "u8", "u9", "u10", "u11", "u12", "u19"]);
  assert.equal(first.edges.length, 20);
  let scene = first;
  for (let frame = 0; frame < 3; frame++) scene = gradually(all, scene, { x: 1000, y: 0 });
  assert.deepEqual(named(scene), named(all));
});
