// What only a lecture needs: a black page, a light on one spot, and the speaker's own window.

import { effect, signal } from "@preact/signals-core";
import { html, nothing, render } from "lit-html";
import { t } from "../i18n.ts";
import { tool } from "./switches.ts";
import { FIELDS, urlOf } from "../place.ts";
import { blanked, field, frame, place, step } from "../state.ts";
import { pairName, startSync } from "../link/sync.ts";

export const spotlit = signal(false);
/** Where the light is; null while it follows the active node. */
const pointed = signal<{ x: number; y: number } | null>(null);
/** A press as long as this is held: the light goes out with it. */
const HOLD = 400;

export function toggleBlank(): void {
  blanked.value = !blanked.peek();
}

/** A short press leaves the light on, a long one only while it lasts. */
export function toggleSpotlight(): void {
  const since = performance.now();
  spotlit.value = !spotlit.peek();
  if (!spotlit.peek()) return;
  const release = () => {
    if (performance.now() - since > HOLD) spotlit.value = false;
  };
  addEventListener("keyup", release, { once: true });
}

export function openSpeaker(): void {
  startPair(true);
  const look = { mode: "study", view: null, embed: false, hide: FIELDS.hide.initial } as const;
  const address = urlOf({ ...place.peek(), ...look }, new URL("/speaker", location.href));
  open(address, "backprop-lab-speaker", "popup,width=1240,height=800");
}

let paired = false;

/** Only a page that has a speaker's window speaks to one; it does so again after a reload. */
function startPair(wanted: boolean): void {
  const name = paired ? null : pairName(wanted);
  if (name === null) return;
  paired = true;
  startSync(name, "projector");
}

export function startLecture(host: HTMLElement, tools: HTMLElement): void {
  effect(() => renderTools(tools));
  startPair(false);
  addEventListener("pointermove", ({ clientX: x, clientY: y }) => (pointed.value = { x, y }));
  // Stepping on by key leaves the pointer where it lies, and the light goes to what happens.
  effect(() => {
    void step.value;
    pointed.value = null;
  });
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") spotlit.value = false;
  });
  effect(() => {
    drawOverlay(host);
    void pointed.value;
    // The picture of the step is drawn first, and may still be on its way.
    if (frame.value) setTimeout(() => aim(host));
  });
  addEventListener("transitionend", () => aim(host));
}

/** The same without keys. */
function renderTools(host: HTMLElement): void {
  const shown = field.mode.value === "lecture";
  render(
    shown
      ? html`${tool("blank", t("lecture.blank.key"), toggleBlank, blanked.value)}
    ${tool("spotlight", t("lecture.spotlight"), () => (spotlit.value = !spotlit.value), spotlit.value)}
    ${tool("speaker", t("lecture.speaker"), openSpeaker)}`
      : nothing,
    host,
  );
}

function drawOverlay(host: HTMLElement): void {
  const black = html`<button type="button" class="blank" aria-label=${t("lecture.back")}
    @click=${toggleBlank}></button>`;
  render(
    html`${spotlit.value ? html`<div class="spotlight" aria-hidden="true"></div>` : nothing}
    ${blanked.value ? black : nothing}
    <p class="heard" role="status">${blanked.value ? t("lecture.blank") : ""}</p>`,
    host,
  );
  if (blanked.value) host.querySelector<HTMLElement>(".blank")!.focus();
}

/** The light is round the pointer, or round the node the step is about and its formula. */
function aim(host: HTMLElement): void {
  const light = host.querySelector<HTMLElement>(".spotlight");
  if (!light) return;
  const at = pointed.peek();
  const near = Math.max(130, innerHeight * 0.17);
  const plate = at ? null : document.querySelector(".stage .plate");
  const first = at ? { ...at, w: near, h: near } : around(activeCard(), 0.76, 220);
  const second = plate ? around(plate, 0.72, 0) : { x: 0, y: 0, w: 0, h: 0 };
  for (const side of ["x", "y", "w", "h"] as const) {
    light.style.setProperty(`--${side}`, `${first[side]}px`);
    light.style.setProperty(`--${side}2`, `${second[side]}px`);
  }
}

function activeCard(): Element {
  const name = frame.peek()?.activeNode;
  const card = name && document.querySelector(`[data-node][data-name="${CSS.escape(name)}"]`);
  return card || document.querySelector(".stage")!;
}

/** An ellipse about a box, or a circle in the middle of what is no card. */
function around(element: Element, share: number, circle: number) {
  const { x, y, width, height } = element.getBoundingClientRect();
  const round = element.matches(".stage");
  return {
    x: x + width / 2,
    y: y + height / 2,
    w: round ? circle : width * share,
    h: round ? circle : height * share,
  };
}
