import assert from "node:assert/strict";
import { test } from "node:test";
import type { JacobianEvent } from "../events.ts";
import { goldens, golden } from "../trace/golden.ts";
import { isWhole, productOf } from "./never-formed.ts";
import { edgeKey, frameAt } from "../timeline.ts";
import { typeset } from "./tex.ts";
import { symbolic } from "./equation.ts";

const { program, events } = golden("two-layer-network");
const end = frameAt(events, Infinity);
const product = (key: string) => productOf(program, program.edges.get(key)!, end.jacobianOf(key)!);

test("for z = W x the product by W is P ⊗ xᵀ, and costs an entry each", () => {
  const { formula, done, formed } = product("W1-z1-0");
  assert.equal(formula, "P_{7} \\otimes {\\node{x}}^T");
  assert.deepEqual([done, formed], [6, 18]);
});

test("an identity passes P on for nothing, a diagonal goes entry by entry", () => {
  assert.deepEqual([product("b1-z1-2").formula, product("b1-z1-2").done], ["P_{7}", 0]);
  assert.match(product("z1-a1-0").formula!, /^P_\{8\} \\odot \\left\(/);
  assert.equal(product("z1-a1-0").done, 3);
});

test("a dense J is multiplied as it is", () => {
  const { formula, done, formed } = product("x-z1-1");
  assert.deepEqual([formula, done], [null, formed]);
});

test("a product of matrices keeps both, on the right side each", () => {
  const edge = { from: "x", to: "z1", slot: 1, stretched: 1 };
  const told = (formula: string) =>
    productOf(program, { ...edge, formula }, {
      structure: "kronecker",
      shape: [6, 4],
      nonzero: 12,
    } as unknown as JacobianEvent).formula;
  assert.equal(told("I \\otimes {\\node{W1}}^T"), "\\operatorname{mat}(P_{7}) \\, {\\node{W1}}^T");
  assert.equal(told("\\node{W1} \\otimes I"), "{\\node{W1}}^T \\, \\operatorname{mat}(P_{7})");
  assert.equal(told("\\left(\\node{W1} \\otimes I\\right) \\, K"), null);
});

test("what is cut out of a formula is whole, and every product can be typeset", () => {
  assert.ok(isWhole("\\left(a\\right)_{b}") && !isWhole("a\\right) + \\left(b"));
  for (const one of goldens()) {
    const frame = frameAt(one.events, Infinity);
    for (const edge of one.program.edges.values()) {
      const found = frame.jacobianOf(edgeKey(edge));
      const { formula } = found ? productOf(one.program, edge, found) : { formula: null };
      if (formula) assert.ok(!typeset(symbolic(one.program, formula)).includes("raw-tex"), formula);
    }
  }
});
