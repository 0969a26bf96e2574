// The laws of the page, for the recorded run of every lesson.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { AutogradEvent } from "../events.ts";
import { setCatalogue, type Catalogue } from "../i18n.ts";
import { place, stretchAt, stretchesOf } from "./graph.ts";
import { lanesOf } from "./lanes.ts";
import { pictureOf } from "./marks.ts";
import { Run } from "./run.ts";
import { storyOf } from "./story.ts";

const FOLDER = "tests/golden/lessons";
const read = (file: string) => readFileSync(file, "utf8");

const runs = readdirSync(FOLDER).map((file) => {
  const lines = read(`${FOLDER}/${file}`).trim().split("\n");
  return { file, events: lines.map((line) => JSON.parse(line) as AutogradEvent) };
});
setCatalogue("en", JSON.parse(read("app/locale/autograd.en.json")) as Catalogue);

for (const { file, events } of runs) {
  const run = new Run(events);
  const steps = run.moments.map((_, step) => step);

  test(`${file}: whichever way one comes, a step shows the same`, () => {
    const forward = steps.map((step) => run.at(step));
    const back = new Run(events);
    const backward = steps.toReversed().map((step) => back.at(step));
    assert.deepEqual(backward.toReversed(), forward);
  });

  test(`${file}: every node has a place, and every step a sentence`, () => {
    const stretches = stretchesOf(events);
    for (const step of steps) {
      const now = run.at(step);
      const stretch = stretchAt(stretches, run.moments[step]!.event)!;
      const placed = place(stretch.nodes);
      const picture = pictureOf(now, placed, placed.placeOf);
      assert.equal(picture.nodes.length, now.nodes.size);
      const telling = { symbols: step % 2 === 0, indices: placed.placeOf, lines: [] };
      assert.match(storyOf(now, telling).text, /^[^{}]+$/);
    }
  });

  test(`${file}: what is held is what the bars hold`, () => {
    const { bars, held } = lanesOf(run);
    for (const step of steps) {
      const there = bars.filter(({ from, to }) => from <= step && step < (to ?? Infinity));
      const sum = there.reduce((total, { bytes }) => total + bytes, 0);
      assert.equal(sum, held[step]);
    }
  });
}
