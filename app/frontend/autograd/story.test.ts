import assert from "node:assert/strict";
import { test } from "node:test";
import { setCatalogue } from "../i18n.ts";
import { Run } from "./run.ts";
import { executed, SQUARE } from "./sample.ts";
import { storyOf } from "./story.ts";

const run = new Run(SQUARE);
const indices = new Map([
  [1, 1],
  [2, 2],
]);
setCatalogue("en", {
  "ag.story.ran": "{line} {code}",
  "ag.story.keeps": "keeps {names} {bytes}",
  "ag.story.grad": "{name}.grad {value}",
  "ag.story.freed.one": "freed {count}",
  "ag.story.printed": "printed [{line}]",
  "ag.story.printed.blank": "printed nothing",
  "ag.story.arrives.torch": "{node} has {value}",
  "ag.story.part.symbols": "{from} to {to}: {value}",
  "spoken.colon": ": ",
});

const told = (step: number, symbols = false) =>
  storyOf(run.at(step), {
    symbols,
    indices,
    lines: ["x = 3", "y = x * x", "y.backward()", "y.backward()"],
  });

test("a statement tells what it recorded and what that saves", () => {
  assert.equal(told(2).text, "2 y = x * x keeps MulBackward0 8 B printed [9]");
});

test("the end of a backward pass tells the gradient, and what is freed", () => {
  assert.equal(told(6).text, "3 y.backward() x.grad 6 freed 1 printed [6]");
});

const quoted = (output: string) => {
  const telling = { symbols: false, indices, lines: ["print(x)"] };
  return storyOf(new Run([executed(1, { output })]).at(1), telling).text;
};

test("what is printed is quoted, by its first line and shortened", () => {
  assert.equal(quoted("tensor(3.)\n"), "1 print(x) printed [tensor(3.)]");
  assert.equal(quoted("\nloss\n0.5\n"), "1 print(x) printed [loss …]");
  assert.equal(quoted(`${"9".repeat(60)}\n`), `1 print(x) printed [${"9".repeat(48)} …]`);
});

test("a printed line breaks no quotation, and an empty one is told as such", () => {
  assert.equal(quoted("a `b`\n"), "1 print(x) printed [a 'b']");
  assert.equal(quoted("\n"), "1 print(x) printed nothing");
});

test("P is told as it arrives, and with its number", () => {
  const { text, tex, phase } = told(3);
  assert.deepEqual([text, tex, phase], ["MulBackward0 (y) has 1", "P_{2} = 1", "backward"]);
});

test("a part is the product of P and J, with numbers", () => {
  const { text, tex } = told(4, true);
  assert.equal(text, "u2 (y) to u1 (x): 3");
  assert.equal(tex, "P_{2}\\,J_{1\\to 2} = 1\\,\\cdot 3 = 3");
});

test("an error is told by its first sentence", () => {
  assert.equal(told(7).text, "RuntimeError: A second time.");
});
