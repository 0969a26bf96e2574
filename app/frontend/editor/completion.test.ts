import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, opOf, suggestionsAt } from "./completion.ts";
import { boundNames } from "./tokens.ts";

const OPS = [
  { name: "sigmoid", args: ["x"], usage: "sigmoid(x)", aliases: ["σ"], tex: "", doc: "Logistic." },
  { name: "sum", args: ["x"], usage: "sum(x, axis=None)", aliases: [], tex: "", doc: "Total." },
];

const labels = (before: string, above: string[] = []) =>
  suggestionsAt(before, above, OPS)?.found.map(({ label }) => label) ?? null;

test("names bound above come first, then keywords, then ops with their aliases", () => {
  const found = labels("z = s", ["s1 = 2", "W, b = 1, 2", "for i in range(3):", "s1 += 1"])!;
  assert.deepEqual(found.slice(0, 4), ["s1", "i", "b", "W"]);
  assert.ok(found.includes("sigmoid") && found.includes("σ") && found.includes("for"));
});

test("the name that a statement binds is the writer's own", () => {
  assert.ok(!labels("su")!.includes("sum"));
  assert.ok(labels("    de")!.includes("def"));
});

test("after a dot come ops, and properties of what is no module", () => {
  assert.deepEqual(suggestionsAt("z = torch.nn.si", [], OPS)!.from, "z = torch.nn.".length);
  assert.ok(!labels("z = np.")!.includes("T"));
  assert.deepEqual(labels("z = W.")!.slice(0, 2), ["T", "mT"]);
});

test("nothing is suggested in comments and texts, nor for a name that is written out", () => {
  assert.equal(labels("z = 1  # su"), null);
  assert.equal(labels('z = einsum("su'), null);
  assert.equal(labels("z = alpha", ["alpha = 1", "alphabet = 2"]), null);
});

test("a word means an op by name, by alias and behind a module", () => {
  for (const word of ["sigmoid", "σ", "torch.sigmoid"])
    assert.equal(opOf(word, OPS)?.name, "sigmoid");
  assert.equal(opOf("nothing", OPS), null);
});

test("statements of every kind bind their names", () => {
  const lines = [
    "a = 1",
    "b += 2",
    "def f(x):",
    "c: float = 3",
    "if a == 1:",
    "d, e = 1, 2",
    "ỹ = 4",
  ];
  assert.deepEqual(boundNames(lines), ["ỹ", "e", "d", "c", "f", "b", "a"]);
});

test("a difference turns the one text into the other, and is as short as can be", () => {
  for (const [before, after] of [
    ["abc", "abXc"],
    ["aaa", "aa"],
    ["", "x"],
    ["x", ""],
    ["same", "same"],
    ["abab", "ababab"],
  ] as const) {
    const { from, to, insert } = difference(before, after);
    assert.equal(before.slice(0, from) + insert + before.slice(to), after);
    assert.ok(to - from + insert.length <= Math.abs(before.length - after.length) + 1);
  }
});
