import assert from "node:assert/strict";
import { test } from "node:test";
import { statement, written } from "./copy.ts";
import { typeset } from "./tex.ts";

const matrix = { shape: [2, 2], dtype: "float64", entries: [1.5, -0, NaN, -Infinity] };

test("a matrix is written with all its digits, and what is not finite in the words of the library", () => {
  assert.equal(
    written(matrix, "numpy"),
    "np.array([[1.5, -0], [np.nan, -np.inf]], dtype=np.float64)",
  );
  assert.equal(
    written({ ...matrix, dtype: "float32" }, "pytorch"),
    "torch.tensor([[1.5, -0], [torch.nan, -torch.inf]], dtype=torch.float32)",
  );
});

test("JSON is the tensor of the wire", () => {
  const found = JSON.parse(written({ ...matrix, entries: [0.1, 1e-9, NaN, -Infinity] }, "json"));
  assert.deepEqual(found, {
    shape: [2, 2],
    dtype: "float64",
    data: [
      [0.1, 1e-9],
      ["NaN", "-Infinity"],
    ],
  });
});

test("a scalar is a number, in every format", () => {
  const scalar = { shape: [], dtype: "float64", entries: [2.5e-9] };
  assert.equal(written(scalar, "numpy"), "np.array(2.5e-9, dtype=np.float64)");
  assert.equal(written(scalar, "latex"), "2.5 \\times 10^{-9}");
  assert.equal(JSON.parse(written(scalar, "json")).data, 2.5e-9);
});

test("LaTeX can be typeset, whatever the shape", () => {
  for (const shape of [[4], [2, 2], [2, 2, 1], [1, 1, 2, 2]]) {
    const tex = written({ ...matrix, shape }, "latex");
    assert.ok(!typeset(tex).includes("raw-tex"), tex);
  }
});

test("a statement speaks as the library does, or not at all", () => {
  const source = "loss = sum((y - tanh(W @ x)) ** 2)  # how far off";
  assert.equal(statement(source, "numpy"), "loss = np.sum((y - np.tanh(W @ x)) ** 2)");
  assert.equal(statement("h = relu(z)", "pytorch"), "h = torch.relu(z)");
  assert.equal(statement("h = np.exp(z.sum())", "pytorch"), "h = torch.exp(z.sum())");
  assert.equal(statement("h = relu(z)", "numpy"), null);
});
