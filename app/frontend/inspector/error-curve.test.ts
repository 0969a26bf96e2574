import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, chartOf } from "./error-curve.ts";

const steps = [1e-1, 1e-3, 1e-5, 1e-7, 1e-9];
const curve = {
  analytic: 2,
  steps,
  numeric: [2.01, 2.000001, 2, 2.00000001, "NaN" as const],
  errors: [1e-2, 1e-6, 0, 1e-8, "NaN" as const],
};

test("smaller steps lie to the left, smaller errors below", () => {
  const { points } = chartOf(curve);
  assert.equal(points.length, 4);
  assert.ok(points.every((point, at) => at === 0 || point.x < points[at - 1]!.x));
  assert.ok(points[0]!.y < points[1]!.y && points[3]!.y > points[1]!.y);
});

test("an error of zero lies on the floor, and is the best", () => {
  const { points, best } = chartOf(curve);
  assert.equal(best!.h, 1e-5);
  assert.ok(best!.exact);
  assert.equal(best!.y, Math.max(...points.map((point) => point.y)));
});

test("everything is inside the box", () => {
  const { points, across, down } = chartOf(curve);
  for (const { x, y } of points) {
    assert.ok(x >= BOX.left && x <= BOX.width - BOX.right);
    assert.ok(y >= BOX.top && y <= BOX.height - BOX.bottom + 0.01);
  }
  assert.ok(across.length <= 5 && down.length <= 5);
});

test("where nothing is finite there is an empty chart, not a broken one", () => {
  const { points, path, best } = chartOf({ ...curve, errors: steps.map(() => "NaN" as const) });
  assert.deepEqual([points.length, path, best], [0, "", null]);
});
