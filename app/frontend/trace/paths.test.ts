import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesOf } from "../format.ts";
import { golden } from "./golden.ts";
import { agree, pathsBetween, productAlong, sumOfAll } from "./paths.ts";
import { edgeKey, frameAt } from "../timeline.ts";

test("u2 reaches u4 by two paths, and their products add up to P", () => {
  const { program, events } = golden("worked-example");
  const frame = frameAt(events, Infinity);
  const { listed, count, edges } = pathsBetween(program, "u2", "u4", 10);
  assert.deepEqual(
    listed.map((path) => path.map(edgeKey)),
    [["u2-u3-1", "u3-u4-1"], ["u2-u4-0"]],
  );
  assert.equal(count, 2n);
  assert.equal(edges.length, 3);
  const products = listed.map((path) =>
    productAlong(path, (e) => frame.jacobianOf(edgeKey(e))?.dense)!,
  );
  assert.deepEqual(
    products.map(({ entries }) => entries),
    [[3], [5]],
  );
  assert.deepEqual(sumOfAll(products)!.entries, entriesOf(frame.adjointOf("u2")!.value));
});

test("with matrices, the sum over paths is P, too", () => {
  const { program, events } = golden("two-layer-network");
  const frame = frameAt(events, Infinity);
  for (const from of ["W1", "x", "b1", "a1", "W2"]) {
    const { listed } = pathsBetween(program, from, "E", 10);
    const dense = (edge: Parameters<typeof edgeKey>[0]) => frame.jacobianOf(edgeKey(edge))?.dense;
    const sum = sumOfAll(listed.map((path) => productAlong(path, dense)!))!;
    const expected = entriesOf(frame.adjointOf(from)!.value)!;
    assert.ok(agree(sum.entries, expected, 1e-12), from);
  }
});

test("a ladder of n rungs has 2ⁿ paths, counted without listing them; factored it costs n", () => {
  const rungs = 60;
  const nodes = Array.from({ length: rungs + 1 }, (_, id) => ({
    id: id + 1,
    name: `x${id}`,
    shape: [],
  }));
  const edges = nodes
    .slice(1)
    .flatMap((node, at) =>
      [0, 1].map((slot) => ({ from: `x${at}`, to: node.name, slot, formula: "1" })),
    );
  const program = {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    edges: new Map(edges.map((edge) => [edgeKey(edge), edge])),
  } as unknown as Parameters<typeof pathsBetween>[0];
  const found = pathsBetween(program, "x0", `x${rungs}`, 8);
  assert.equal(found.listed.length, 8);
  assert.equal(found.count, 2n ** 60n);
  assert.equal(found.factored, 2n * 59n);
  assert.equal(found.apart, 59n * 2n ** 60n);
});

test("where no path leads there are none, and they cost nothing", () => {
  const { program } = golden("worked-example");
  const found = pathsBetween(program, "u4", "u1", 10);
  assert.deepEqual(
    [found.listed.length, found.count, found.apart, found.factored],
    [0, 0n, 0n, 0n],
  );
});
