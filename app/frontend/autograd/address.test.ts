import assert from "node:assert/strict";
import { test } from "node:test";
import { spotFromUrl, unreadable, urlOf } from "./address.ts";
import { FIRST } from "./store.ts";

const base = new URL("http://lab.test/autograd");

test("a first visit has a bare address", () => {
  assert.equal(urlOf(FIRST, base), "/autograd");
  assert.deepEqual(spotFromUrl(base), FIRST);
});

test("a link brings back code, step and words", () => {
  const spot = {
    ...FIRST,
    lesson: "in-place",
    code: "x = 1  # 梯度",
    step: 12,
    words: "symbols" as const,
    stride: "node" as const,
    mode: "lecture" as const,
    marks: [3, 9],
  };
  assert.deepEqual(spotFromUrl(new URL(urlOf(spot, base), base)), spot);
});

test("what no page of ours wrote is taken as a first visit", () => {
  const odd = new URL(
    "?step=-3&marks=a,-1&mode=sleep&stride=leap&words=klingon&lang=tlh&theme=pink#code=%",
    base,
  );
  assert.deepEqual(spotFromUrl(odd), FIRST);
});

test("a link whose text cannot be read is told from one without a text", () => {
  const lost = (hash: string) => unreadable(new URL(hash, base));
  assert.deepEqual(["#packed=cut", "#code=!!!!"].map(lost), [true, true]);
  assert.deepEqual(
    ["", "#code=", new URL(urlOf({ ...FIRST, code: "x = 1" }, base), base).hash].map(lost),
    [false, false, false],
  );
});
