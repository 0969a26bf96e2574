import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
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
  const inputs = ["y", "W", "x"];
  const source = "loss = sum((y - tanh(W @ x)) ** 2)  # how far off";
  assert.equal(statement(source, "numpy", inputs), "loss = np.sum((y - np.tanh(W @ x)) ** 2)");
  assert.equal(statement("h = relu(z)", "pytorch", ["z"]), "h = torch.relu(z)");
  assert.equal(statement("h = np.exp(z.sum())", "pytorch", ["z"]), "h = torch.exp(z.sum())");
  assert.equal(statement("h = relu(z)", "numpy", ["z"]), null);
});

test("what means something else in a library is not offered for it", () => {
  const inputs = ["x", "z", "h@2"];
  const none = (source: string) => [
    statement(source, "numpy", inputs),
    statement(source, "pytorch", inputs),
  ];
  assert.deepEqual(none("y = x + [1, 2]"), [null, null]);
  assert.deepEqual(none("y = attend(x)"), [null, null]);
  assert.deepEqual(none("h = tanh(x[t])"), [null, null]);
  assert.deepEqual(none("y = x + 3.1415…"), [null, null]);
  assert.deepEqual(none("h = (h * x).mean()"), Array(2).fill("h = (h * x).mean()"));
  assert.deepEqual(none("y = diag(x, diagonal=1)"), [null, null]);
  assert.deepEqual(none("y = z.relu()"), [null, "y = z.relu()"]);
  assert.deepEqual(none("y = maximum(0, x)"), ["y = np.maximum(0, x)", null]);
  assert.deepEqual(none("y = maximum(x, 0)"), ["y = np.maximum(x, 0)", null]);
  assert.deepEqual(none("y = exp(2) * x"), ["y = np.exp(2) * x", null]);
  assert.deepEqual(none("y = sum(x, dim=1, keepdim=True)"), [
    "y = np.sum(x, axis=1, keepdims=True)",
    "y = torch.sum(x, dim=1, keepdim=True)",
  ]);
  assert.deepEqual(none("y = x[0] * torch.pi"), ["y = x[0] * np.pi", "y = x[0] * torch.pi"]);
});

// tests/engine/test_copied.py runs these. UPDATE_COPIES=1 writes them anew.
test("every statement of the examples is copied as was recorded and run", () => {
  const file = "tests/copied.json";
  type Copied = Record<
    string,
    { source: string; inputs: string[]; numpy: string | null; pytorch: string | null }
  >;
  const recorded = JSON.parse(readFileSync(file, "utf8")) as Copied;
  for (const one of Object.values(recorded)) {
    const { source, inputs } = one;
    const now = {
      source,
      inputs,
      numpy: statement(source, "numpy", inputs),
      pytorch: statement(source, "pytorch", inputs),
    };
    if (process.env["UPDATE_COPIES"]) Object.assign(one, now);
    else assert.deepEqual(one, now);
  }
  if (process.env["UPDATE_COPIES"]) writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`);
});
