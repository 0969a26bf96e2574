// The parts of the speaker's window: the next step, the notes and the time.

import { computed, signal } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import { math } from "../canvas/face.ts";
import { currentLanguage, t } from "../i18n.ts";
import { tool } from "../panels/switches.ts";
import { symbolOf } from "../formulas/equation.ts";
import type { GraphNode } from "../events.ts";
import type { Program } from "../trace/program.ts";
import { sketch } from "./sketch.ts";
import type { Drawing } from "../canvas/stage.ts";
import { blanked, field, frame, lastStep, step, trace, viewport } from "../state.ts";
import { connected } from "../link/sync.ts";
import { frameAt, neighbour } from "../timeline.ts";
import { seen } from "../panels/transport.ts";
import { narrate } from "../formulas/narrate.ts";

/** Where the next press of a key leads. */
const following = computed(() => neighbour(trace.value, step.value, field.stride.value, 1));

export function renderNext(host: HTMLElement, picture: HTMLElement, plan: Drawing | null): void {
  void viewport.value;
  if (!plan) return;
  const last = step.value >= lastStep.value;
  const next = frameAt(trace.value, following.value);
  render(
    last
      ? html`<p>${t("speaker.end")}</p>`
      : html`<span class="phase" data-phase=${next.phase}>${t(`phase.${next.phase}`)}</span>
      <p>${seen(narrate(plan.program, next))}</p>`,
    host,
  );
  picture.hidden = last;
  if (!last) sketch(picture, plan, next);
}

/** Comments of the source: those of the step's node first, then the others in the order of the program. */
export function renderNotes(host: HTMLElement, program: Program | null): void {
  if (!program) return;
  const noted = [...program.nodes.values()].filter(({ note }) => note);
  const active = frame.value?.activeNode;
  render(
    noted.length
      ? html`<ul>${noted.map((node) => note(program, node, node.name === active))}</ul>`
      : html`<p class="hint">${t("speaker.none")}</p>`,
    host,
  );
  host.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
}

function note(program: Program, node: GraphNode, active: boolean): TemplateResult {
  return html`<li ?data-active=${active}>${math(symbolOf(program, node.name))}<span>${node.note}</span></li>`;
}

const KEY = "backprop-lab.speaker-time";

interface Watch {
  /** When it was started, in milliseconds; null while it stands. */
  since: number | null;
  before: number;
}

const watch = signal<Watch>({ since: null, before: 0 });
const now = signal(Date.now());

/** The time goes on through a reload. */
export function startTimer(): void {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Watch | null;
    watch.value = kept ?? { since: Date.now(), before: 0 };
  } catch {
    watch.value = { since: Date.now(), before: 0 };
  }
  setInterval(() => (now.value = Date.now()), 250);
}

function set(next: Watch): void {
  watch.value = next;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // It runs all the same.
  }
}

const passed = ({ since, before }: Watch, at: number) =>
  before + (since === null ? 0 : Math.max(0, at - since));

export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours ? `${hours}:` : ""}${two(minutes)}:${two(seconds % 60)}`;
}

export function renderTimer(host: HTMLElement): void {
  const { since } = watch.value;
  const elapsed = passed(watch.value, now.value);
  const running = since !== null;
  const turn = () =>
    set({
      since: running ? null : Date.now(),
      before: running ? passed(watch.peek(), Date.now()) : elapsed,
    });
  const reset = () => set({ since: running ? Date.now() : null, before: 0 });
  const time = new Date(now.value).toLocaleTimeString(currentLanguage(), {
    hour: "2-digit",
    minute: "2-digit",
  });
  render(
    html`<p class="link-state" role="status" data-on=${connected.value}>${t(connected.value ? "speaker.linked" : "speaker.alone")}</p>
    <span class="gap"></span>
    ${blanked.value ? html`<b class="black">${t("lecture.blank")}</b>` : nothing}
    ${tool("blank", t("lecture.blank.key"), () => (blanked.value = !blanked.value), blanked.value)}
    <time class="elapsed" aria-label=${t("speaker.elapsed")}>${clock(elapsed)}</time>
    ${tool(running ? "pause" : "play", t(running ? "speaker.hold" : "speaker.go"), turn)}
    ${tool("undo", t("speaker.reset"), reset)}
    <time class="now">${time}</time>`,
    host,
  );
}
