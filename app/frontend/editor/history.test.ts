import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "./history.ts";

function typed(words: [string, string, number][]): { history: History<string>; now: string } {
  const history = new History<string>();
  let now = "";
  for (const [text, tag, time] of words) {
    history.record(now, tag, time);
    now = text;
  }
  return { history, now };
}

test("what was done is undone step by step, and done again", () => {
  const { history, now } = typed([
    ["a", "x", 0],
    ["b", "y", 1],
    ["c", "x", 2],
  ]);
  assert.equal(history.undo(now), "b");
  assert.equal(history.undo("b"), "a");
  assert.equal(history.redo("a"), "b");
  assert.equal(history.redo("b"), "c");
  assert.equal(history.redo("c"), null);
});

test("quick edits of one kind are one, slow ones and sealed ones are not", () => {
  const { history, now } = typed([
    ["a", "type", 0],
    ["ab", "type", 300],
    ["abc", "type", 600],
    ["abcd", "type", 5000],
  ]);
  assert.equal(history.undo(now), "abc");
  assert.equal(history.undo("abc"), "");
  assert.equal(history.canUndo, false);
  history.record("", "drag", 6000);
  history.seal();
  history.record("1", "drag", 6001);
  assert.equal(history.undo("2"), "1");
});

test("an edit after an undo forgets what was undone", () => {
  const { history, now } = typed([
    ["a", "x", 0],
    ["b", "y", 1],
  ]);
  assert.equal(history.undo(now), "a");
  history.record("a", "z", 2);
  assert.equal(history.canRedo, false);
});
