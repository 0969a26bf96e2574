import assert from "node:assert/strict";
import { test } from "node:test";
import { golden } from "../trace/golden.ts";
import { derivativeTex, outputOf } from "./modes.ts";

test("a derivative is named after what was differentiated", () => {
  assert.equal(outputOf("y", []), "y");
  assert.equal(outputOf("dy/dx", ["x"]), "y");
  assert.equal(outputOf("d(dy/dx)/dz", ["x", "z"]), "y");
  assert.equal(outputOf("something", ["x"]), null);
});

test("the order of the derivative is written as primes, then as a number", () => {
  const { program } = golden("worked-example");
  const of = (output: string, wrt: string[]) => derivativeTex({ ...program, output }, wrt);
  assert.equal(of("u4", []), "f = u_{4}");
  assert.equal(of("du4/du1", ["u1"]), "f' = \\dfrac{\\partial u_{4}}{\\partial u_{1}}");
  assert.match(of("d(du4/du1)/du2", ["u1", "u2"]), /^f'' = \\dfrac\{\\partial\^\{2\} u_\{4\}\}/);
  assert.match(of("?", ["u1", "u1", "u1", "u1"]), /^f\^\{\(4\)\}/);
});
