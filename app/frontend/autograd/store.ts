// What the page is about: one place, which a link restores, and the run that belongs to its text.

import { computed, signal } from "@preact/signals-core";
import type { Problem } from "../events.ts";
import type { Language } from "../i18n.ts";
import type { Lesson } from "../wire.ts";
import { place as placed, stretchAt, stretchesOf, type Stretch } from "./graph.ts";
import type { Stride } from "./moments.ts";
import { Run, type Snapshot } from "./run.ts";

export interface Spot {
  lesson: string;
  /** Null while the text is the lesson's own. */
  code: string | null;
  step: number;
  stride: Stride;
  /** PyTorch's words, or the tutorial's symbols. */
  words: "torch" | "symbols";
  mode: "study" | "lecture";
  /** Bookmarks: steps to come back to. */
  marks: readonly number[];
  /** Null while the page speaks the language the server chose. */
  lang: Language | null;
  theme: "auto" | "light" | "dark";
}

export const FIRST: Spot = {
  lesson: "leaf",
  code: null,
  step: 0,
  stride: "moment",
  words: "torch",
  mode: "study",
  marks: [],
  lang: null,
  theme: "auto",
};

export const spot = signal<Spot>(FIRST);
export const lessons = signal<readonly Lesson[]>([]);
export const run = signal<Run>(new Run([]));
/** The text that the run is of. */
export const shown = signal("");
export const problems = signal<readonly Problem[]>([]);
export const connection = signal<"idle" | "waiting" | "offline">("idle");
export const playing = signal(false);
export const speed = signal(1);
export const helpOpen = signal(false);
/** The page is black, for those who listen. */
export const blanked = signal(false);
/** The edge whose local Jacobian is looked at. */
export const opened = signal<string | null>(null);
/** The choice that the learner made for this lesson, and whether its end was reached since. */
export const guess = signal<number | null>(null);
export const revealed = signal(false);
/** The node or tensor that is pointed at. */
export const pointed = signal<number | null>(null);

/** What a link leads to that could not be read: not what it was made for. */
export const damaged = signal<Spot | null>(null);
/** It says so until something else is written or chosen. */
export const unread = computed(() => {
  const [found, { code, lesson: name }] = [damaged.value, spot.value];
  return found !== null && found.code === code && found.lesson === name;
});

export function update(change: Partial<Spot>): void {
  spot.value = { ...spot.peek(), ...change };
}

/** The choice of no lesson: a snippet of one's own. */
export const OWN = "own";
export const lesson = computed(() => {
  const { lesson: name } = spot.value;
  if (name === OWN) return null;
  return lessons.value.find((each) => each.name === name) ?? lessons.value[0] ?? null;
});
/** The lesson that a link names and that is not there. */
export const missing = computed(() => {
  const { lesson: name, code } = spot.value;
  return code === null && lesson.value !== null && lesson.value.name !== name ? name : null;
});
/** The text is no longer the lesson's, so that its question and its answer are of other variables. */
export const changed = computed(() => lesson.value !== null && spot.value.code !== null);
export const text = computed(() => spot.value.code ?? lesson.value?.snippet ?? "");
export const words = computed(() => spot.value.words);
export const step = computed(() => Math.min(spot.value.step, run.value.last));
export const snapshot = computed<Snapshot>(() => run.value.at(step.value));
/** The picture is not that of the text. */
export const stale = computed(() => text.value !== shown.value);

const stretches = computed(() => stretchesOf(run.value.events));

/** What is laid out together at this step; the same object while that is the same. */
export const stretch = computed<Stretch | null>(() =>
  stretchAt(stretches.value, snapshot.value.step ? run.value.moments[step.value]!.event : 0),
);
export const layout = computed(() => stretch.value && placed(stretch.value.nodes));
/** The index i of u_i: as the tutorial counts, leaves first, in the graph that is there. */
export const indices = computed<ReadonlyMap<number, number>>(
  () => new Map([...(layout.value?.placeOf ?? [])].map(([node, place]) => [node, place + 1])),
);
