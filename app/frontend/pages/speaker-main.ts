// The speaker's window: what is on the wall, what comes next, what to say, and how long it has taken.

import { effect } from "@preact/signals-core";
import { mirrorToAddress, placeHere } from "../link/address.ts";
import { LANGUAGES, setCatalogue, translatePage } from "../i18n.ts";
import { listenToKeys } from "../panels/keys.ts";
import { loadFonts } from "../canvas/measure.ts";
import { setNotation } from "../formulas/notation.ts";
import { startSession } from "../link/session.ts";
import { renderNext, renderNotes, renderTimer, startTimer } from "./speaker.ts";
import { drawing, startStage } from "../canvas/stage.ts";
import { examples, field, place, step, trace } from "../state.ts";
import { pairName, startSync } from "../link/sync.ts";
import { renderNarration, renderTransport } from "../panels/transport.ts";
import { fetchCatalogue, fetchExamples } from "../wire.ts";

const root = document.documentElement;
const mount = (name: string) => document.querySelector<HTMLElement>(`[data-mount="${name}"]`)!;
const served = LANGUAGES.find((language) => language === root.lang) ?? "en";

async function start(): Promise<void> {
  place.value = { ...(await placeHere(root.dataset["theme"])), mode: "study" };
  const [found] = await Promise.all([fetchExamples(), loadFonts()]);
  examples.value = found;
  await speak();
  startStage(mount("stage"), root.dataset["worker"]!);
  startSession();
  drawPanels();
  listenToKeys(document);
  mirrorToAddress();
  startTimer();
  startSync(pairName(true)!, "speaker");
  effect(() => {
    root.dataset["step"] = String(step.value);
    root.dataset["ready"] = String(
      drawing.value !== null && drawing.value.graph === trace.value[0],
    );
  });
}

function drawPanels(): void {
  const program = () => (drawing.value?.graph === trace.value[0] ? drawing.value! : null);
  effect(() => renderNarration(mount("narration"), program()?.program ?? null));
  effect(() => renderNext(mount("next"), mount("sketch"), program()));
  effect(() => renderNotes(mount("notes"), program()?.program ?? null));
  effect(() => renderTransport(mount("transport")));
  effect(() => renderTimer(mount("timer")));
}

/** The language of the lecture, now and whenever it changes. */
async function speak(): Promise<void> {
  const take = async (language: (typeof LANGUAGES)[number]) => {
    const messages = await fetchCatalogue(language);
    root.lang = language;
    setCatalogue(language, messages);
    translatePage(document);
  };
  await take(place.peek().lang ?? served);
  effect(() => setNotation(field.symbols.value));
  effect(() => {
    const wanted = field.lang.value ?? served;
    if (wanted !== root.lang) void take(wanted);
  });
}

void start();
