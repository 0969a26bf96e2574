// What a player is worked with, the same on every page: its buttons, how far a step goes, and its speed.

import type { Signal } from "@preact/signals-core";
import { html, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { icon, type Icon } from "../canvas/icons.ts";
import { t } from "../i18n.ts";
import { SPEEDS } from "../player.ts";

export interface Acts {
  first(): void;
  last(): void;
  move(direction: 1 | -1): void;
  pause(): void;
  togglePlay(): void;
}

export function deckButtons(
  acts: Acts,
  step: number,
  steps: number,
  playing: boolean,
): TemplateResult {
  const [atStart, atEnd] = [step === 0, step === steps];
  return html`<div class="buttons">
      ${button("first", t("transport.first"), acts.first, atStart)}
      ${button("back", t("transport.back"), () => acts.move(-1), atStart)}
      ${
        playing
          ? button("pause", t("transport.pause"), acts.pause, false)
          : button("play", t("transport.play"), acts.togglePlay, steps === 0)
      }
      ${button("forward", t("transport.forward"), () => acts.move(1), atEnd)}
      ${button("last", t("transport.last"), acts.last, atEnd)}
    </div>`;
}

function button(name: Icon, label: string, act: () => void, disabled: boolean): TemplateResult {
  return html`<button type="button" class="round ${name}" aria-label=${label} title=${label} aria-disabled=${disabled}
    @click=${act}>${icon(name)}</button>`;
}

/** One of the sizes that a step may have. key: of their names in the catalogue. */
export function strideButtons<Size extends string>(
  key: string,
  sizes: readonly Size[],
  current: Size,
  choose: (size: Size) => void,
): TemplateResult {
  const each = (size: Size) =>
    html`<button type="button" aria-pressed=${size === current} title=${t(`${key}.${size}.hint`)}
      @click=${() => choose(size)}>${t(`${key}.${size}`)}</button>`;
  return html`<div class="strides" role="group" aria-label=${t("stride")}>${sizes.map(each)}</div>`;
}

export function speedSlider(speed: Signal<number>): TemplateResult {
  const place = SPEEDS.findIndex((candidate) => candidate === speed.value);
  return html`<label class="speed" title=${t("transport.speed")}>
    <input class="own-keys" type="range" min="0" max=${SPEEDS.length - 1} step="1" aria-label=${t("transport.speed")}
      aria-valuetext=${`${speed.value}×`} .value=${live(String(place))}
      @input=${(event: Event) => (speed.value = SPEEDS[Number((event.target as HTMLInputElement).value)]!)}>
    <output aria-hidden="true">${speed.value}×</output></label>`;
}
