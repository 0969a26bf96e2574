import assert from "node:assert/strict";
import { test } from "node:test";
import { follow, followAgain, lagging } from "./follow.ts";

test("a view follows at once at rest and by hand, and of quick steps only now and then", (t) => {
  const due: (() => void)[] = [];
  t.mock.method(globalThis, "setTimeout", (act: () => void) => due.push(act));
  const [known, view] = [{}, (x: number) => ({ x, y: 0, zoom: 1 })];
  const shown = (x: number, quick: boolean, now: object = {}) =>
    follow(view(x), { now, known, quick }).x;
  assert.equal(shown(1, false), 1);
  assert.equal(shown(2, false), 2);
  const step = {};
  assert.equal(shown(3, true, step), 2);
  assert.equal(lagging.value, true);
  assert.equal(shown(4, true, step), 4);
  assert.equal(lagging.value, false);
  assert.equal(shown(5, true), 4);
  const before = followAgain.value;
  due.pop()!();
  assert.equal(followAgain.value, before + 1);
  assert.equal(follow(view(6), { now: {}, known: {}, quick: true }).x, 6);
});
