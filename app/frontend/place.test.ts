import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeSource, encodeSource, marked, placeFromUrl, urlOf, type Place } from "./place.ts";

const base = new URL("http://lab.test/lab");
const read = (address: string) => placeFromUrl(new URL(address, base));

test("a first visit has a plain address", () => {
  assert.equal(urlOf(read("/lab"), base), "/lab");
});

test("every place survives its address", () => {
  const places: Partial<Place>[] = [
    { step: 7 },
    { example: "two-layer-network", selection: "ỹ", output: "z1", lang: "zh-CN" },
    { source: "ỹ = [1, 2]  # 标签\nz = ỹ * 2\n", theme: "dark", mode: "lecture" },
    { source: "" },
    {
      stride: "node",
      marks: [3, 9, 17],
      sweep: "forward",
      tangents: { W: [0, 1] },
      wrt: ["x", "x"],
    },
  ];
  for (const patch of places) {
    const place = { ...read("/lab"), ...patch };
    assert.deepEqual(read(urlOf(place, base)), place);
  }
});

test("source stays out of the query, which servers log", () => {
  const address = urlOf({ ...read("/lab"), source: "secret = 1" }, base);
  assert.ok(address.startsWith("/lab#source="));
});

test("a spoilt address is read as far as it makes sense", () => {
  const place = read("/lab?step=-4&theme=pink&mode=?&lang=fr#source=***");
  assert.deepEqual(
    [place.step, place.theme, place.mode, place.lang, place.source],
    [0, "auto", "study", null, null],
  );
});

test("any text can be a source", () => {
  for (const text of ["", "a = 1", "名 = 2\r\n", "𝑥 = 3", "\u0000"])
    assert.equal(decodeSource(encodeSource(text)), text);
});

test("bookmarks are in order, each once, and no more than there are digits", () => {
  assert.deepEqual(read("/lab?marks=9,3,3,x,-1").marks, [3, 9]);
  assert.equal(read("/lab?marks=1,2,3,4,5,6,7,8,9,10,11").marks.length, 9);
  assert.equal(urlOf({ ...read("/lab"), marks: marked([]) }, base), "/lab");
});
