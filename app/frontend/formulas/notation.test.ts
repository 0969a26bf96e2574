import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { plateOf, termSymbol } from "./equation.ts";
import { golden, speak } from "../trace/golden.ts";
import { parts } from "../i18n.ts";
import { narrate } from "./narrate.ts";
import { NOTATIONS, sampleOf, setNotation, type Notation } from "./notation.ts";
import { frameAt } from "../timeline.ts";
import { typeset } from "./tex.ts";

afterEach(() => setNotation("P"));

function told(notation: Notation, step: number): string {
  setNotation(notation);
  const { program, events } = golden("worked-example");
  const { key, terms, counts } = narrate(program, frameAt(events, step));
  return parts(key, terms, counts)
    .map((part) => (typeof part === "string" ? part : part.text))
    .join("");
}

test("each choice writes P, J and their product in its own signs, everywhere", () => {
  speak("en");
  const { program, events } = golden("worked-example");
  const step = events.findIndex((event) => event.kind === "term");
  const expected = { P: "P4·J3→4", bar: "v̄4·J3→4", partial: "∂L/∂u4·∂u4/∂u3" };
  const plates = new Set<string>();
  for (const notation of NOTATIONS) {
    assert.ok(told(notation, step).includes(expected[notation]), told(notation, step));
    const plate = plateOf(program, frameAt(events, step))!.tex;
    assert.ok(plate.startsWith(termSymbol(program, { from: "u3", to: "u4", slot: 1 }, true)));
    plates.add(plate);
  }
  assert.equal(plates.size, 3);
});

test("every sign can be typeset, in every choice", () => {
  const { program, events } = golden("two-layer-network");
  for (const notation of NOTATIONS) {
    setNotation(notation);
    assert.ok(!typeset(sampleOf(notation)).includes("raw-tex"));
    for (let step = 1; step < events.length; step++) {
      const plate = plateOf(program, frameAt(events, step));
      if (plate) assert.ok(!typeset(plate.tex).includes("raw-tex"), plate.tex);
    }
  }
});
