import assert from "node:assert/strict";
import test from "node:test";
import { matches } from "./gallery.ts";
import { goldens } from "../trace/golden.ts";
import { labelOf, miniatureOf } from "./miniature.ts";
import type { GraphEvent } from "../events.ts";

test("a search wants every word, in any order and any case", () => {
  const text = "an attention head 注意力头 softmax(q @ k.t)";
  assert.ok(matches(text, "Softmax HEAD"));
  assert.ok(matches(text, "注意力 q"));
  assert.ok(matches(text, "  "));
  assert.ok(!matches(text, "softmax tail"));
});

test("a name is read as a symbol with its index", () => {
  assert.deepEqual(labelOf("u3"), { base: "u", index: "3", upright: false });
  assert.deepEqual(labelOf("W_12"), { base: "W", index: "12", upright: false });
  assert.deepEqual(labelOf("cell.h"), { base: "h", index: "", upright: false });
  assert.deepEqual(labelOf("loss"), { base: "loss", index: "", upright: true });
  assert.equal(labelOf("42").base, "42");
  assert.equal(labelOf("cross_entropy").base, "cross_en…");
});

test("a small picture has every node and edge of the graph, and no node covers another", () => {
  for (const { name, events } of goldens()) {
    const graph = events[0] as GraphEvent;
    const { scene, width, height } = miniatureOf(graph);
    assert.equal(scene.cards.length, graph.nodes.length, name);
    assert.equal(scene.edges.length, new Set(scene.edges.map(({ key }) => key)).size);
    for (const a of scene.cards) {
      assert.ok(a.x >= 0 && a.x + a.size.width <= width + 1, name);
      assert.ok(a.y >= 0 && a.y + a.size.height <= height + 1, name);
      for (const b of scene.cards) {
        const apart =
          a === b ||
          a.x + a.size.width <= b.x ||
          b.x + b.size.width <= a.x ||
          a.y + a.size.height <= b.y ||
          b.y + b.size.height <= a.y;
        assert.ok(apart, `${name}: ${a.node.name} covers ${b.node.name}`);
      }
    }
  }
});
