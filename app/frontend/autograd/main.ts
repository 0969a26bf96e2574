// Wires the page of snippets; the only module of it with effects on import.

import { computed, effect } from "@preact/signals-core";
import { loadFonts } from "../canvas/measure.ts";
import { LANGUAGES, setCatalogue, translatePage, type Language } from "../i18n.ts";
import { fetchCatalogue, fetchLessons } from "../wire.ts";
import { revealAtTheEnd } from "./acts.ts";
import { mirrorToAddress, spotHere } from "./address.ts";
import { startCode } from "./code.ts";
import { renderDock, renderStory } from "./dock.ts";
import { listenToKeys } from "./keys.ts";
import { lanesOf } from "./lanes.ts";
import {
  renderBlank,
  renderHelp,
  renderLesson,
  renderNotice,
  renderOutput,
  renderSettings,
  renderSwitches,
} from "./panels.ts";
import { startSession } from "./session.ts";
import { startLocal, startStage } from "./stage.ts";
import {
  connection,
  indices,
  lessons,
  pointed,
  problems,
  run,
  shown,
  snapshot,
  spot,
  stale,
  step,
  words,
} from "./store.ts";
import { storyOf } from "./story.ts";
import { renderTable } from "./table.ts";

const root = document.documentElement;
const mount = (name: string) => document.querySelector<HTMLElement>(`[data-mount="${name}"]`)!;
const served = LANGUAGES.find((language) => language === root.lang) ?? "en";

async function start(): Promise<void> {
  spot.value = await spotHere(root.dataset["theme"]);
  effect(() => {
    const { theme, mode } = spot.value;
    root.dataset["mode"] = mode;
    if (theme === "auto") delete root.dataset["theme"];
    else root.dataset["theme"] = theme;
  });
  const language = spot.peek().lang ?? served;
  const [catalogue, found] = await Promise.all([
    fetchCatalogue(language),
    fetchLessons(),
    loadFonts(),
  ]);
  speak(language, catalogue);
  lessons.value = found;
  drawPanels();
  startSession();
  listenToKeys(document);
  mirrorToAddress();
  revealAtTheEnd();
  followLanguage(language);
  markProgress();
}

function speak(language: Language, catalogue: Record<string, string>): void {
  root.lang = language;
  setCatalogue(language, catalogue);
  translatePage(document);
}

function followLanguage(first: Language): void {
  let spoken = first;
  effect(() => {
    const wanted = spot.value.lang ?? served;
    if (wanted === spoken) return;
    spoken = wanted;
    void fetchCatalogue(wanted).then((found) => wanted === spoken && speak(wanted, found));
  });
}

function drawPanels(): void {
  const lanes = computed(() => lanesOf(run.value));
  const lines = computed(() => shown.value.split("\n"));
  const setting = computed(() => ({
    symbols: words.value === "symbols",
    indices: indices.value,
    pointed: pointed.value,
    point: (node: number | null) => (pointed.value = node),
  }));
  effect(() => renderLesson(mount("lesson")));
  effect(() => renderOutput(mount("output"), snapshot.value));
  effect(() => renderTable(mount("table"), snapshot.value, setting.value));
  effect(() =>
    renderStory(mount("story"), storyOf(snapshot.value, { ...setting.value, lines: lines.value })),
  );
  effect(() => renderDock(mount("dock"), lanes.value));
  effect(() => renderSettings(mount("settings")));
  effect(() => renderSwitches(mount("switches"), snapshot.value));
  effect(() => renderNotice(mount("notice")));
  effect(() => renderHelp(mount("help") as HTMLDialogElement));
  startStage(mount("picture"), mount("map"));
  startLocal(mount("local"));
  effect(() => renderBlank(mount("blank")));
  startCode(mount("editor"));
}

/** What tests and other programs wait for. */
function markProgress(): void {
  effect(() => {
    root.dataset["step"] = String(step.value);
    root.dataset["steps"] = String(run.value.last);
    const refused = problems.value.length > 0 && connection.value === "idle";
    root.dataset["ready"] = String(!stale.value || refused);
  });
}

void start();
