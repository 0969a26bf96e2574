import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueOf, golden, goldens, speak } from "../trace/golden.ts";
import { LANGUAGES, parts } from "../i18n.ts";
import { formulaText, narrate } from "./narrate.ts";
import { frameAt, stepCount } from "../timeline.ts";

function spoken(name: string, step: number): string {
  const { events, program } = golden(name);
  const { key, terms, counts } = narrate(program, frameAt(events, step));
  return parts(key, terms, counts)
    .map((part) => (typeof part === "string" ? part : part.text))
    .join("");
}

test("the worked example is told in whole sentences", () => {
  speak("en");
  assert.equal(spoken("worked-example", 3), "u3 is computed from its inputs, u1 + u2: 5.");
  assert.equal(spoken("worked-example", 15), "u2 adds it up: 5 so far; 1 term is still missing.");
  speak("zh-CN");
  assert.equal(spoken("worked-example", 18), "各项均已到齐，P2 确定：8。");
});

test("what is stretched on the way forward is said, and that its copies are summed on the way back", () => {
  const { events, program } = golden("worked-example");
  program.edges.get("u2-u4-0")!.stretched = 3;
  const said = (step: number) => {
    const { key, terms, counts } = narrate(program, frameAt(events, step));
    return parts(key, terms, counts)
      .map((part) => (typeof part === "string" ? part : part.text))
      .join("");
  };
  speak("en");
  assert.match(said(4), /Stretched by broadcasting: u2 \(× 3\)\.$/);
  assert.match(said(14), /u2 was stretched, so what its 3 copies receive is summed\.$/);
  assert.doesNotMatch(said(3), /tretched/);
  speak("zh-CN");
  assert.match(said(14), /u2 曾被广播复制，3 份副本收到的量在此求和。$/);
});

for (const language of LANGUAGES) {
  test(`${language}: every step of every example has a sentence with nothing left open`, () => {
    speak(language);
    for (const { name, events } of goldens()) {
      for (let step = 0; step <= stepCount(events); step++) {
        const sentence = spoken(`${name.replace(".jsonl", "")}`, step);
        assert.doesNotMatch(sentence, /[{}]|narrate\.|undefined/, `${name} ${step}`);
      }
    }
  });
}

test("both languages have the same messages with the same parameters", () => {
  const [english, chinese] = LANGUAGES.map(catalogueOf) as [
    Record<string, string>,
    Record<string, string>,
  ];
  assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
  const open = (message: string) => (message.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(english))
    assert.deepEqual(open(chinese[key]!), open(english[key]!), key);
});

test("the right-hand side of a statement is its formula", () => {
  assert.equal(formulaText("z = a == b"), "a == b");
  assert.equal(formulaText("3"), "3");
});
