// Beside the picture: the lesson and its question, what was printed, the switches, the notice, the help.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { problemText } from "../editor/problem.ts";
import type { FailedEvent, Stopped } from "../events.ts";
import { currentLanguage, t } from "../i18n.ts";
import { icon, type Icon } from "../canvas/icons.ts";
import { rememberTheme, themeOf } from "../pages/page.ts";
import type { Lesson } from "../wire.ts";
import { toggleFullScreen } from "../panels/screen.ts";
import { choose, last, toggleLecture, toggleWords } from "./acts.ts";
import { coded } from "./dock.ts";
import type { Snapshot } from "./run.ts";
import { retry } from "./session.ts";
import { fit, zoom } from "./stage.ts";
import {
  blanked,
  changed,
  connection,
  damaged,
  guess,
  helpOpen,
  lesson,
  lessons,
  missing,
  OWN,
  problems,
  revealed,
  spot,
  stale,
  unread,
  update,
} from "./store.ts";

export function renderLesson(host: HTMLElement): void {
  if (!lessons.value.length) return;
  const chosen = lesson.value;
  const place = chosen ? lessons.value.indexOf(chosen) : lessons.value.length;
  const count = lessons.value.length;
  const said = chosen ? t("ag.lesson", { number: place + 1, count }) : t("ag.lesson.part");
  render(
    html`<div class="choose"><label class="field"><span>${said}</span>${chooser(chosen)}</label>
      ${jump(place - 1, "back", t("ag.lesson.back"))}${jump(place + 1, "forward", t("ag.lesson.next"))}</div>
    ${chosen ? (changed.value ? folded(chosen) : question(chosen)) : html`<p class="question hint">${coded(t("ag.own.hint"))}</p>`}`,
    host,
  );
}

function chooser(chosen: Lesson | null): TemplateResult {
  const language = currentLanguage();
  const names = [
    ...lessons.value.map(({ name, title }) => [name, title[language]] as const),
    [OWN, t("ag.own")] as const,
  ];
  return html`<select aria-label=${t("ag.lesson.choose")} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
    ${names.map(([name, title]) => html`<option value=${name} .selected=${name === (chosen?.name ?? OWN)}>${title}</option>`)}</select>`;
}

function jump(place: number, name: "back" | "forward", label: string): TemplateResult {
  const goal = lessons.value[place];
  return html`<button type="button" class="tool" aria-label=${label} title=${label} aria-disabled=${!goal} @click=${() => goal && choose(goal.name)}>${icon(name)}</button>`;
}

/** The question asks about variables that a changed snippet need not have. */
function folded({ name, title }: Lesson): TemplateResult {
  const label = t("ag.restore", { title: title[currentLanguage()] });
  return html`<p class="changed"><span>${t("ag.changed")}</span> <button type="button" class="inline" title=${label} @click=${() => choose(name)}>${label}</button></p>`;
}

function question(own: Lesson): TemplateResult {
  const language = currentLanguage();
  const verdict = guess.value !== null && revealed.value;
  return html`<fieldset class="question" data-revealed=${revealed.value}>
    <legend>${coded(own.question[language])}</legend>
    <div class="options">${own.choices.map((choice, at) => option(own.name, choice, at))}</div>
    ${revealed.value ? nothing : html`<p class="hint">${t(guess.value === null ? "ag.predict" : "ag.run")} <button type="button" class="inline" @click=${last}>${t("ag.run.end")}</button></p>`}
    <div role="status">${verdict ? told(own) : nothing}${revealed.value ? html`<p class="explanation">${coded(own.explanation[language])}</p>` : nothing}</div>
  </fieldset>`;
}

function option(name: string, choice: Lesson["choices"][number], at: number): TemplateResult {
  const shown = revealed.value
    ? choice.right
      ? "right"
      : guess.value === at
        ? "wrong"
        : "other"
    : nothing;
  return html`<label class="option" data-verdict=${shown}><input type="radio" name="guess-${name}" .checked=${guess.value === at} ?disabled=${revealed.value}
    @click=${release} @change=${() => (guess.value = at)}><span>${coded(choice[currentLanguage()])}</span></label>`;
}

/** Who chose by pointer goes on with the arrows through time, not through the choices. */
function release(event: PointerEvent): void {
  if (event.detail > 0) (event.target as HTMLElement).blur();
}

function told(own: Lesson): TemplateResult {
  const right = own.choices[guess.value!]?.right ?? false;
  return html`<p class="verdict" data-right=${right}>${t(right ? "ag.right" : "ag.wrong")}</p>`;
}

/** What was printed so far, warned of, and at last the error. */
export function renderOutput(host: HTMLElement, now: Snapshot): void {
  const { output, printed, warnings, stopped } = now;
  const before = printed ? output.slice(0, -printed.length) : output;
  const empty = !output && !warnings.length && !stopped;
  render(
    html`<div class="screen" tabindex="0" role="log" aria-label=${t("ag.output")} aria-live="off"><div>
      ${empty ? html`<p class="hint">${t("ag.output.empty")}</p>` : nothing}
      <pre>${before}<mark>${printed}</mark></pre>
      ${warnings.map((each) => html`<p class="warning"><b>UserWarning</b> ${each}</p>`)}
      ${stopped ? failure(stopped) : nothing}</div></div>`,
    host,
  );
  const screen = host.querySelector(".screen")!;
  screen.scrollTop = 0;
  // An error is in view, where the column scrolls and not the page.
  const desk = host.closest<HTMLElement>(".desk")!;
  if (stopped && desk.scrollHeight > desk.clientHeight) desk.scrollTop = desk.scrollHeight;
}

function failure(stopped: Stopped | FailedEvent): TemplateResult {
  if (stopped.kind === "failed") {
    const { sentence, hint } = problemText(stopped.problem);
    return html`<p class="error">${coded(sentence)} ${coded(hint)}</p>`;
  }
  const { type, message, hint, code, params, span } = stopped;
  const known = code
    ? problemText({ type: "", title: "", status: 422, detail: message, code, params, hint })
    : null;
  return html`<p class="error" data-error=${type}><b>${type}</b> <span class="at">${t("editor.line", { line: span.line })}</span><br>${known ? coded(known.sentence) : message}</p>
    ${known?.hint ? html`<p class="hint">${coded(known.hint)}</p>` : nothing}`;
}

export function renderSettings(host: HTMLElement): void {
  void spot.value.theme;
  const dark = themeOf(document.documentElement) === "dark";
  const other = currentLanguage() === "en" ? "zh-CN" : "en";
  const theme = dark ? "light" : "dark";
  const label = t(`settings.${theme}`);
  const paint = () => {
    rememberTheme(theme);
    update({ theme });
  };
  render(
    html`<button type="button" class="tool wordy" lang=${other} @click=${() => update({ lang: other })}>${other === "en" ? "English" : "中文"}</button>
    ${tool(dark ? "sun" : "moon", label, paint)}
    ${tool("lecture", t("settings.lecture"), toggleLecture, spot.value.mode === "lecture")}
    ${tool("full", t("settings.full"), toggleFullScreen)}
    ${tool("help", t("settings.help"), () => (helpOpen.value = true))}`,
    host,
  );
}

function tool(name: Icon, label: string, act: () => void, pressed?: boolean): TemplateResult {
  return html`<button type="button" class="tool" aria-label=${label} title=${label}
    aria-pressed=${pressed ?? nothing} @click=${act}>${icon(name)}</button>`;
}

/** The page while it is black. */
export function renderBlank(host: HTMLElement): void {
  const back = () => (blanked.value = false);
  render(
    html`${blanked.value ? html`<button type="button" class="blank" aria-label=${t("lecture.back")} @click=${back}></button>` : nothing}
    <p class="heard" role="status">${blanked.value ? t("lecture.blank") : ""}</p>`,
    host,
  );
  host.querySelector<HTMLElement>(".blank")?.focus();
}

/** Above the graph: the words that are used, and the size of the picture. */
export function renderSwitches(host: HTMLElement, now: Snapshot): void {
  const symbols = spot.value.words === "symbols";
  const option = (chosen: boolean, key: string) =>
    html`<button type="button" aria-pressed=${chosen} @click=${() => chosen || toggleWords()}>${t(key)}</button>`;
  render(
    html`<div class="strides" role="group" aria-label=${t("ag.words")}>${option(!symbols, "ag.words.torch")}${option(symbols, "ag.words.symbols")}</div>
    <span class="recording" data-recording=${now.recording}>${t(now.recording ? "ag.recording" : "ag.no_grad")}</span>
    <div class="sizes">${tool("minus", t("zoom.out"), () => zoom(1 / 1.25))}${tool("plus", t("zoom.in"), () => zoom(1.25))}${tool("fit", t("zoom.fit"), fit)}</div>`,
    host,
  );
}

/** Why the picture is not that of the text, if it is not. */
export function renderNotice(host: HTMLElement): void {
  const key =
    connection.value === "offline"
      ? "notice.offline"
      : problems.value.length
        ? "notice.stale"
        : null;
  host.closest<HTMLElement>(".stage")!.toggleAttribute("data-stale", stale.value && key !== null);
  const again = html`<button type="button" @click=${retry}>${t("notice.retry")}</button>`;
  render(
    key && stale.value
      ? html`<div class="notice" role="status">${icon("alert")}<span>${t(key)}</span>${connection.value === "offline" ? again : nothing}</div>`
      : lostLink(),
    host,
  );
}

/** The snippet is not what the link was made for. */
function lostLink(): TemplateResult | typeof nothing {
  const lost = unread.value ? "program" : missing.value === null ? null : "lesson";
  if (!lost || !lesson.value) return nothing;
  const { name, title } = lesson.value;
  const accept = () => {
    damaged.value = null;
    update({ lesson: name });
  };
  const words = { name: missing.value ?? "", shown: title[currentLanguage()] };
  return html`<div class="notice" role="status">${icon("alert")}<span>${t(`notice.lost.${lost}`, words)}</span><button type="button" @click=${accept}>${t("notice.accept")}</button></div>`;
}

const KEYS = [
  "→ ←",
  "Shift + → ←",
  "Alt + → ←",
  "Home / End",
  "Space",
  "+ / −",
  "S",
  "W",
  "0",
  "F",
  "?",
  "M",
  "1 … 9",
  ". B",
];

export function renderHelp(dialog: HTMLDialogElement): void {
  const close = () => (helpOpen.value = false);
  render(
    html`<header><h2>${t("help.title")}</h2><button type="button" class="tool" aria-label=${t("help.close")} @click=${close}>${icon("close")}</button></header>
    <dl class="keys-of">${KEYS.map((key, at) => html`<dt><kbd>${key}</kbd></dt><dd>${t(`ag.help.${at + 1}`)}</dd>`)}</dl>
    <p>${t("ag.help.words")}</p>`,
    dialog,
  );
  if (helpOpen.value && !dialog.open) dialog.showModal();
  if (!helpOpen.value && dialog.open) dialog.close();
  dialog.onclose = close;
}
