import assert from "node:assert/strict";
import { test } from "node:test";
import { covered } from "./editor.ts";
import { problemText } from "./editor/problem.ts";
import { speak } from "./trace/golden.ts";
import { tokens } from "./editor/tokens.ts";

test("colouring loses no character", () => {
  for (const line of ["ỹ = sigmoid(W1 @ x) + 1.5e-3  # 注释", "", "  a = [[1, -2]]", "h@2 ≠ §"]) {
    assert.equal(
      tokens(line)
        .map(({ text }) => text)
        .join(""),
      line,
    );
  }
});

test("names, calls, numbers and comments are told apart", () => {
  const kinds = tokens("y = tanh(x1) * 2 # end")
    .filter(({ kind }) => kind !== "space")
    .map(({ kind }) => kind);
  assert.deepEqual(kinds, [
    "name",
    "operator",
    "call",
    "operator",
    "name",
    "operator",
    "operator",
    "number",
    "comment",
  ]);
});

test("a span covers its columns, whole lines between, and at least one column", () => {
  const span = { line: 2, column: 3, end_line: 3, end_column: 2 };
  assert.equal(covered(span, 1, 9), null);
  assert.deepEqual(covered(span, 2, 9), [2, 9]);
  assert.deepEqual(covered(span, 3, 9), [0, 1]);
  assert.deepEqual(covered({ line: 1, column: 10, end_line: 1, end_column: 10 }, 1, 9), [9, 10]);
});

test("a problem without a translation keeps the server's words", () => {
  speak("zh-CN");
  const problem = {
    type: "",
    title: "",
    status: 422,
    detail: "It broke.",
    code: "no.such",
    params: {},
    hint: "Mend it.",
  };
  assert.deepEqual(problemText(problem), { sentence: "It broke.", hint: "Mend it." });
});
