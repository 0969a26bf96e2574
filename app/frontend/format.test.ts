import assert from "node:assert/strict";
import { test } from "node:test";
import {
  entriesOf,
  gridOf,
  matrixOf,
  number,
  numberTex,
  scaleOf,
  shrink,
  signOf,
  spellings,
  strength,
} from "./format.ts";

test("numbers read as people write them", () => {
  const cases: [number, string][] = [
    [15, "15"],
    [0.1 + 0.2, "0.3"],
    [-2, "−2"],
    [0, "0"],
    [-0, "0"],
    [1 / 3, "0.3333"],
    [123456.789, "123457"],
    [999999.7, "10⁶"],
    [1234567, "1.235×10⁶"],
    [999.96, "1000"],
    [0.00099999, "0.001"],
    [-0.00012345, "−1.234×10⁻⁴"],
    [2.5e-310, "2.5×10⁻³¹⁰"],
    [12345.5, "12346"],
    [1.5e-7, "1.5×10⁻⁷"],
    [2e12, "2×10¹²"],
    [NaN, "NaN"],
    [-Infinity, "−∞"],
    [0.001, "0.001"],
    [999999, "999999"],
  ];
  for (const [x, text] of cases) assert.equal(number(x), text);
});

test("a number that lacks room is written with an exponent and fewer digits", () => {
  assert.deepEqual(spellings(-123456.789), ["−123457"]);
  assert.deepEqual(spellings(1.23456e-7), ["1.235×10⁻⁷", "1.23×10⁻⁷", "1.2×10⁻⁷"]);
  assert.deepEqual(spellings(NaN), ["NaN"]);
});

test("TeX numbers use TeX's own signs", () => {
  assert.equal(numberTex(-1.5e-7), "-1.5{\\times}10^{-7}");
  assert.equal(numberTex(1e-7), "10^{-7}");
  assert.equal(numberTex(Infinity), "\\infty");
});

test("non-finite entries survive the wire", () => {
  assert.deepEqual(
    entriesOf({
      shape: [2, 2],
      dtype: "float64",
      data: [
        [1.5, -0],
        ["NaN", "-Infinity"],
      ],
    }),
    [1.5, -0, NaN, -Infinity],
  );
});

test("a vector is a column, higher ranks stack", () => {
  assert.deepEqual(gridOf([3]), { rows: 3, cols: 1 });
  assert.deepEqual(gridOf([2, 3, 4]), { rows: 6, cols: 4 });
  assert.deepEqual(
    matrixOf({ shape: [6], dtype: "float64", data: [1, 2, 3, 4, 5, 6] }, [2, 3]).cols,
    3,
  );
});

test("a large tensor shows its preview", () => {
  const matrix = matrixOf({
    shape: [100, 100],
    dtype: "float64",
    preview: [
      [1, 2],
      [3, 4],
    ],
  });
  assert.deepEqual([matrix.rows, matrix.cols, matrix.whole], [2, 2, false]);
});

test("shrinking keeps the largest entry of each block", () => {
  const entries = Array.from({ length: 16 }, (_, i) => (i === 5 ? -9 : 1));
  assert.equal(shrink({ rows: 4, cols: 4, entries, whole: true }, 2).entries[0], -9);
});

test("one scale covers the run, and zero is never painted", () => {
  const value = { shape: [2], dtype: "float64", data: [-8, "NaN" as const] };
  const loss = { shape: [], dtype: "float64", data: 1e6 };
  assert.equal(scaleOf([{ kind: "value", seq: 0, node: "L", value: loss }]), 1);
  assert.equal(scaleOf([{ kind: "value", seq: 1, node: "x", value }]), 8);
  assert.equal(strength(0, 8), 0);
  assert.equal(strength(-8, 8), 100);
  assert.equal(signOf(-0), "zero");
});
