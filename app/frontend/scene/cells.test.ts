import assert from "node:assert/strict";
import { test } from "node:test";
import { keptFace } from "./cells.ts";
import { faceSize, METRICS } from "./size.ts";

const size = (shape: number[]) => faceSize(shape, METRICS.study);

test("a tensor keeps its face until its room or, where it has colours, the scale is another", () => {
  const matrix = { shape: [2, 2], dtype: "float64", data: [1, 2, 3, 4] };
  const face = keptFace(matrix, [2, 2], size([2, 2]), 4);
  assert.equal(keptFace(matrix, [2, 2], size([2, 2]), 4), face);
  assert.notEqual(keptFace(matrix, [2, 2], size([2, 2]), 8), face);
  assert.notEqual(keptFace(matrix, [2, 2], { ...size([2, 2]), width: 40 }, 8), face);
  const number = { shape: [], dtype: "float64", data: 3 };
  assert.equal(keptFace(number, [], size([]), 4), keptFace(number, [], size([]), 8));
});
