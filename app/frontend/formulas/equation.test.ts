import assert from "node:assert/strict";
import { test } from "node:test";
import { plateOf, sumEquation } from "./equation.ts";
import { golden, goldens } from "../trace/golden.ts";
import { substitute, typeset } from "./tex.ts";
import { frameAt, stepCount } from "../timeline.ts";

const plain = (tex: string | undefined) => tex?.replaceAll(/[{}\s]|\\,/g, "");

test("the worked example's steps read as they are written on a board", () => {
  const { events, program } = golden("worked-example");
  const at = (step: number) => plain(plateOf(program, frameAt(events, step))?.tex);
  assert.equal(at(3), "u_3=u_1+u_2=2+3=5");
  assert.equal(at(7), "J_2\\to4=\\dfrac\\partialu_4\\partialu_2=u_3=5");
  assert.equal(at(9), "P_4=I=1");
  assert.equal(at(14), "P_4J_2\\to4=1\\cdot5=5");
  assert.equal(at(15), "P_2=P_4J_2\\to4+P_3J_2\\to3=5+\\square");
  assert.equal(at(18), "P_2=P_4J_2\\to4+P_3J_2\\to3=5+3=8");
});

for (const { name, events, program } of goldens()) {
  test(`${name}: every formula is valid TeX at every step`, () => {
    for (let step = 0; step <= stepCount(events); step++) {
      const frame = frameAt(events, step);
      const plate = plateOf(program, frame);
      const all = [
        plate?.tex ?? "",
        ...[...program.nodes.keys()].map((node) => sumEquation(program, frame, node)),
      ];
      for (const tex of all) assert.ok(!typeset(tex).includes("raw-tex"), tex);
    }
  });
}

test("what is not TeX is shown as it is written, and can do no harm", () => {
  assert.equal(typeset("\\frac{<b>"), '<code class="raw-tex">\\frac{&#60;b&#62;</code>');
  const html = typeset("\\href{javascript:alert(1)}{x}");
  assert.ok(!html.includes("<a ") && !html.includes("href="));
});

test("names in a formula are replaced, whatever letters they have", () => {
  assert.equal(
    substitute("\\node{ỹ} + \\node{h@2}", (name) => name.toUpperCase()),
    "{Ỹ} + {H@2}",
  );
});
