import assert from "node:assert/strict";
import { test } from "node:test";
import { golden } from "./golden.ts";
import { linesOf, nodeOfLine } from "./lines.ts";

test("each statement's line leads to its node, and back", () => {
  const { program } = golden("two-layer-network");
  for (const node of program.nodes.values()) {
    const lines = linesOf(program, node.name)!;
    assert.equal(nodeOfLine(program, lines[0]), node.op === "const" ? null : node.name);
  }
});

test("a line without a statement has no node", () => {
  const { program } = golden("worked-example");
  assert.equal(nodeOfLine(program, 99), null);
  assert.equal(linesOf(program, "nobody"), null);
});
