// Wires the modules; the only one with effects on import.

import { effect, untracked } from "@preact/signals-core";
import { renderChoosers, renderWorkbench } from "./editor/chooser.ts";
import { learnOps, surroundings } from "./editor/link.ts";
import { loadCodeEditor, renderEditor, type Surroundings } from "./editor.ts";
import { mirrorToAddress, placeHere } from "./link/address.ts";
import {
  currentLanguage,
  LANGUAGES,
  setCatalogue,
  setCompanion,
  translatePage,
  type Language,
} from "./i18n.ts";
import { renderInspector } from "./inspector.ts";
import { listenToKeys } from "./panels/keys.ts";
import { loadFonts } from "./canvas/measure.ts";
import { setNotation } from "./formulas/notation.ts";
import { renderNotice } from "./panels/notice.ts";
import { calmly, resting } from "./pace.ts";
import { isDark, renderLegend, renderSettings, renderZoom } from "./panels/switches.ts";
import { startSession } from "./link/session.ts";
import { drawing, startStage } from "./canvas/stage.ts";
import {
  characterKeys,
  editing,
  examples,
  field,
  frame,
  helpOpen,
  hovered,
  place,
  problem,
  sourceText,
  step,
  trace,
} from "./state.ts";
import { stepCount } from "./timeline.ts";
import { renderNarration, renderTransport } from "./panels/transport.ts";
import { lagging } from "./canvas/follow.ts";
import { followCamera } from "./canvas/viewpoint.ts";
import { fetchCatalogue, fetchExamples } from "./wire.ts";

const root = document.documentElement;
const mounts = new Map<string, HTMLElement>();
/** Where a part of the page is drawn; looked up once, as a search through a large picture takes its time. */
function mount(name: string): HTMLElement {
  let found = mounts.get(name);
  if (!found) {
    found = document.querySelector<HTMLElement>(`[data-mount="${name}"]`)!;
    mounts.set(name, found);
  }
  return found;
}
const devices = (root.dataset["devices"] ?? "cpu").split(" ");
const served = LANGUAGES.find((language) => language === root.lang) ?? "en";

async function start(): Promise<void> {
  root.dataset["inspector"] = "loading";
  place.value = await placeHere(root.dataset["theme"]);
  applyAppearance();
  const known = fetchExamples().then((found) => (examples.value = found));
  const [catalogue] = await Promise.all([fetchCatalogue(place.peek().lang ?? served), loadFonts()]);
  setCatalogue(place.peek().lang ?? served, catalogue);
  followLanguage();
  drawPanels();
  startStage(mount("stage"), root.dataset["worker"]!);
  followCamera();
  startSession();
  rememberKeys();
  listenToKeys(document);
  mirrorToAddress();
  markProgress();
  await known;
  void whenReady().then(() => setTimeout(loadInspector, REST / 6));
  void whenReady().then(() => setTimeout(loadLater, REST / 3));
  void whenReady().then(() => loadCodeEditor(mount("editor"), openEditor, REST));
}

/** The first view is left in peace for so long before the code editor is loaded unasked. */
const REST = 1500;

function openEditor(): Surroundings {
  void learnOps();
  return untracked(surroundings);
}

/** The larger part of the inspector; `data-inspector` says when it is there. */
async function loadInspector(): Promise<void> {
  loadStyle();
  const { addPanels } = await import("./inspector/more.ts");
  addPanels();
  root.dataset["inspector"] = "ready";
}

/** What is of no use before there is a picture: what one takes along, the help, what a lecture needs. */
async function loadLater(): Promise<void> {
  loadStyle();
  const later = await import("./later.ts");
  effect(() => later.renderShare(mount("share")));
  effect(() => later.renderOrigin(mount("origin")));
  effect(() => later.renderModes(mount("modes"), drawing.value?.program ?? null));
  later.startLecture(mount("overlay"), mount("lecture"));
  later.startVersus(mount("versus"));
  later.startMinimap(mount("stage"));
}

function loadStyle(): void {
  const href = root.dataset["later"]!;
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}

/** Resolves when the first picture is drawn. */
function whenReady(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (drawing.value || problem.value) setTimeout(() => (stop(), resolve()));
    });
  });
}

function drawPanels(): void {
  const program = () => drawing.value?.program ?? null;
  // Until a new graph is laid out, the steps are already its own: the old one must not explain them.
  const current = () => (drawing.value?.graph === trace.value[0] ? program() : null);
  effect(() => renderTransport(mount("transport")));
  calmly(() => renderNarration(mount("narration"), current()));
  calmly(
    () => renderEditor(mount("editor"), surroundings()),
    () => sourceText.value,
  );
  effect(() => renderWorkbench(mount("workbench"), devices));
  effect(() => renderChoosers(mount("choosers"), program()));
  effect(() => renderSettings(mount("settings")));
  effect(() => renderZoom(mount("zoom"), program()));
  effect(() => renderLegend(mount("legend"), program(), drawing.value?.scale ?? 1));
  effect(() => renderNotice(mount("notice")));
  helpWhenAsked(mount("help") as HTMLDialogElement);
  calmly(() => {
    const plan = drawing.value;
    const now = frame.value;
    // Between two graphs the old words stay, with whatever one is holding in them.
    if (plan && plan.graph !== trace.value[0]) return;
    renderInspector(mount("inspector"), plan && now ? { ...plan, frame: now } : null);
  }, chosen);
}

/** The node that the reader has turned to, whatever the step is about. */
const chosen = () => editing.value ?? hovered.value ?? field.selection.value;

function helpWhenAsked(dialog: HTMLDialogElement): void {
  const stop = effect(() => {
    if (!helpOpen.value) return;
    loadStyle();
    void import("./later.ts").then(({ renderHelp }) => effect(() => renderHelp(dialog)));
    queueMicrotask(() => stop());
  });
}

function applyAppearance(): void {
  effect(() => setNotation(field.symbols.value));
  effect(() => {
    const theme = field.theme.value;
    if (theme === "auto") delete root.dataset["theme"];
    else root.dataset["theme"] = isDark() ? "dark" : "light";
    root.dataset["mode"] = field.mode.value;
    root.dataset["sweep"] = field.sweep.value;
    root.dataset["hide"] = field.hide.value.join(" ");
    root.toggleAttribute("data-embed-page", field.embed.value);
  });
}

function followLanguage(): void {
  let shown: Language = place.peek().lang ?? served;
  effect(() => {
    const wanted = field.lang.value ?? served;
    if (wanted === shown) return;
    shown = wanted;
    void fetchCatalogue(wanted).then((messages) => {
      if (shown !== wanted) return;
      root.lang = wanted;
      setCatalogue(wanted, messages);
      translatePage(document);
    });
  });
  effect(() => {
    const other = currentLanguage() === "en" ? "zh-CN" : "en";
    if (field.terms.value === "one") return setCompanion(other, null);
    void fetchCatalogue(other).then((messages) => {
      if (untracked(() => field.terms.value) === "both") setCompanion(other, messages);
    });
  });
}

/** A choice of the reader's own, not of the picture: it is kept in this browser, not in the link. */
function rememberKeys(): void {
  const name = "backprop-lab.character-keys";
  try {
    characterKeys.value = localStorage.getItem(name) !== "off";
    effect(() => localStorage.setItem(name, characterKeys.value ? "on" : "off"));
  } catch {
    // Inside another site's page a browser may refuse to remember anything.
  }
}

/** What tests and other programs wait for. */
function markProgress(): void {
  effect(() => {
    root.dataset["resting"] = String(resting.value && !lagging.value);
  });
  effect(() => {
    const plan = drawing.value;
    const events = trace.value;
    root.dataset["step"] = String(step.value);
    root.dataset["steps"] = String(stepCount(events));
    const drawn =
      plan !== null && plan.graph === events[0] && untracked(() => plan.mode === place.peek().mode);
    const ready = drawn || (events.length === 0 && problem.value !== null);
    root.dataset["ready"] = String(ready);
  });
}

void start();
