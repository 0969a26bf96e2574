import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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

test("a reason is said in the reader's language, with its words", () => {
  const catalogue = JSON.parse(readFileSync("app/locale/words.zh-CN.json", "utf8"));
  setCatalogue("zh-CN", { ...catalogue, "error.op.attribute": "`{value}`：{reason}" });
  const reasons = {
    "It must be a whole number or None, known before anything is computed.":
      "它必须是一个整数或 None，并且在计算开始之前就已确定。",
    "It must be from -9 to 9.": "它必须在 -9 到 9 之间。",
    "It must be one of mean, sum, none.": "它必须是 mean, sum, none 之一。",
    "It must be an index.": "它必须是一个下标。",
    "this machine has 2 GPUs": "这台机器有 2 个 GPU",
    "whatever else": "whatever else",
  };
  for (const [reason, chinese] of Object.entries(reasons)) {
    assert.equal(told("op.attribute", { value: "1.5", reason }), `\`1.5\`：${chinese}`);
  }
});
