import assert from "node:assert/strict";
import { test } from "node:test";
import type { GraphNode } from "../events.ts";
import {
  keptRange,
  nest,
  nudge,
  parseNumber,
  parseRows,
  parseValue,
  rangeOf,
  rewritten,
  valueText,
} from "./numbers.ts";
import { pasted, placeAfter } from "./grid.ts";
import { fitting, shapeOf } from "../trace/request.ts";
import { freezing } from "./freeze.ts";
import { golden } from "../trace/golden.ts";
import type { GraphEvent } from "../events.ts";

test("numbers are read as people write them, and nothing else is", () => {
  const cases: [string, unknown][] = [
    [" 2 ", 2],
    ["−2.5", -2.5],
    ["1/4", 0.25],
    ["1e-3", 0.001],
    [".5", 0.5],
    ["1_000", 1000],
    ["-inf", "-Infinity"],
    ["nan", "NaN"],
    ["", null],
    ["2 apples", null],
    ["1/2/3", null],
    ["0x10", null],
    ["1e999", null],
  ];
  for (const [text, value] of cases) assert.equal(parseNumber(text), value, text);
});

test("nested lists are read and written alike", () => {
  const value = [
    [1.5, -2],
    ["NaN", "-Infinity"],
  ] as const;
  assert.equal(valueText(value as never), "[[1.5, -2], [nan, -inf]]");
  assert.deepEqual(parseValue("[[1.5, −2,], [nan, -inf]]"), value);
  assert.equal(parseValue("[1, x]"), null);
  assert.equal(parseValue("[1"), null);
});

test("rows are read from spreadsheets, CSV, NumPy and MATLAB", () => {
  const rows = [
    [1, 2],
    [3, -4.5],
  ];
  for (const text of [
    "1\t2\n3\t−4.5\n",
    "1,2\n3, -4.5",
    "array([[1, 2],\n [3, -4.5]])",
    "[1 2; 3 -4.5]",
  ])
    assert.deepEqual(parseRows(text), rows, text);
  assert.equal(parseRows("hello"), null);
  assert.equal(parseRows(""), null);
});

test("pasted rows begin at the entry and stop at the edge", () => {
  const entries = [0, 0, 0, 0, 0, 0];
  assert.deepEqual(pasted(entries, 3, 1, [[1, 2, 3], [4]]), [0, 1, 2, 0, 4, 0]);
  assert.deepEqual(pasted(entries, 3, 4, [[1], [2]]), [0, 0, 0, 0, 1, 0]);
});

test("arrow keys stay on the grid", () => {
  assert.equal(placeAfter("ArrowRight", 2, 3, 6), 2);
  assert.equal(placeAfter("ArrowDown", 2, 3, 6), 5);
  assert.equal(placeAfter("ArrowDown", 5, 3, 6), 5);
  assert.equal(placeAfter("ArrowLeft", 3, 3, 6), 3);
  assert.equal(placeAfter("Home", 4, 3, 6), 3);
  assert.equal(placeAfter("End", 3, 3, 6), 5);
  assert.equal(placeAfter("x", 3, 3, 6), null);
});

test("a slider's range is round, holds the value, and stays while it serves", () => {
  assert.deepEqual(rangeOf(2), { min: -5, max: 5, step: 0.025 });
  assert.deepEqual(rangeOf(0), { min: -1, max: 1, step: 0.005 });
  assert.equal(rangeOf(-0.03).max, 0.1);
  assert.equal(rangeOf(NaN).max, 2);
  const range = rangeOf(2);
  assert.equal(keptRange(range, 4.9), range);
  assert.equal(keptRange(range, 0), range);
  assert.equal(keptRange(range, 7).max, 20);
  assert.equal(keptRange(range, 0.001).max, 0.002);
});

test("steps fall on round numbers", () => {
  assert.equal(nudge(0.1, 2, 0.1), 0.3);
  assert.equal(nudge(-0.1, 1, 0.1), 0);
  assert.ok(!Object.is(nudge(-0.1, 1, 0.1), -0));
  assert.equal(nudge(2, 31, 0.05), 3.55);
  assert.equal(nudge(5e-8, 1, 5e-10), 5.05e-8);
});

test("entries are nested as the shape says, and have that shape again", () => {
  const value = nest([1, 2, 3, 4, 5, 6], [3, 1, 2]);
  assert.deepEqual(value, [[[1, 2]], [[3, 4]], [[5, 6]]]);
  assert.deepEqual(shapeOf(value), [3, 1, 2]);
  assert.equal(shapeOf([[1], [2, 3]]), null);
  assert.equal(nest([7], []), 7);
});

function leaf(source: string, line: number): GraphNode {
  const text = source.split("\n")[line - 1]!.split("#")[0]!.trimEnd();
  const span = { line, column: 1, end_line: line, end_column: [...text].length + 1 };
  return { span, name: "x" } as GraphNode;
}

test("a value is written into the text where its literal stands", () => {
  const cases: [string, string][] = [
    ["x = 2", "x = 5"],
    ["x = -1.5e3  # given", "x = 5  # given"],
    ["x=np.array([1, 2])", "x=np.array(5)"],
    ["x = torch.tensor(2.0, requires_grad=True)", "x = torch.tensor(5, requires_grad=True)"],
    ["x = const(1/2)", "x = const(5)"],
    ["x = randn(3, 4)", "x = 5"],
  ];
  for (const [before, after] of cases) {
    const source = `ỹ = 1\n${before}\nz = x + ỹ`;
    assert.equal(rewritten(source, leaf(source, 2), 5), `ỹ = 1\n${after}\nz = x + ỹ`);
  }
});

test("a node is frozen by a call around its right side, and freed again", () => {
  const cases: [string, string, string][] = [
    ["exp", "x = exp(y)  # now", "x = detach(exp(y))  # now"],
    ["leaf", "x = 2  # given", "x = const(2)  # given"],
    ["leaf", "x = [[1, 2]]", "x = const([[1, 2]])"],
    ["mul", "x = (y + 1) * (y)", "x = detach((y + 1) * (y))"],
    ["add", "x = detach(y) + detach(y)", "x = detach(detach(y) + detach(y))"],
  ];
  for (const [op, free, frozen] of cases) {
    const there = freezing(free, { ...leaf(free, 1), op, requires_grad: true })!;
    assert.deepEqual(there, { frozen: false, source: frozen });
    const back = freezing(frozen, { ...leaf(frozen, 1), op, requires_grad: false })!;
    assert.deepEqual(back, { frozen: true, source: free });
  }
  const other = "x = tensor(2, requires_grad=False)";
  assert.equal(freezing(other, { ...leaf(other, 1), op: "leaf", requires_grad: false }), null);
  assert.equal(freezing("x + 1", { ...leaf("x + 1", 1), op: "add" }), null);
});

test("what was chosen for nodes that are gone is left out of the request", () => {
  const graph = golden("worked-example").events[0] as GraphEvent;
  const asked = {
    source: "",
    output: "u9",
    inputs: { u1: 5, u2: [1], u3: 2, gone: 1 },
    gradient: [1],
  };
  const request = fitting(asked, graph);
  assert.deepEqual(request.inputs, { u1: 5 });
  assert.equal(request.output, null);
  assert.equal(request.gradient, null);
  assert.equal(fitting({ source: "", output: "u3", gradient: 2 }, graph).gradient, 2);
});
