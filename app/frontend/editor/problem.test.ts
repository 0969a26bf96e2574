import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../events.ts";
import { setCatalogue } from "../i18n.ts";
import { problemText } from "./problem.ts";

function told(code: string, params: Record<string, unknown>): string {
  return problemText({ code, params, detail: "", hint: "" } as unknown as Problem).sentence;
}

test("words inside a sentence are in the reader's language, names of the program are not", () => {
  setCatalogue("zh-CN", {
    "error.limit.exceeded": "{limit}需要 {asked} {unit}",
    "error.op.arguments": "`{op}` 需要 {expected}",
    "word.a tensor": "一个张量",
    "word.entries": "个元素",
    "word.arguments": "个参数",
  });
  const limit = { limit: "a tensor", asked: 9, unit: "entries" };
  assert.equal(told("limit.exceeded", limit), "一个张量需要 9 个元素");
  const call = { op: "entries", expected: "2 arguments" };
  assert.equal(told("op.arguments", call), "`entries` 需要 2 个参数");
  assert.equal(told("op.arguments", { op: "f", expected: "x and y" }), "`f` 需要 x and y");
});
