// What is at the step under the pointer, without going there.

import { html, nothing, render } from "lit-html";
import { t } from "../i18n.ts";
import { narrate } from "../formulas/narrate.ts";
import { drawing } from "../canvas/stage.ts";
import { lastStep, trace } from "../state.ts";
import { frameAt } from "../timeline.ts";
import { seen } from "./transport.ts";

/** `at`: where the pointer is on the page; null takes the note away. */
export function peek(host: HTMLElement, at: number | null): void {
  const note = host.querySelector<HTMLElement>(".peek")!;
  const plan = drawing.peek();
  const box = host.getBoundingClientRect();
  const step = at === null ? 0 : Math.round(((at - box.left) / box.width) * lastStep.peek());
  if (at === null || !plan || plan.graph !== trace.peek()[0]) {
    render(nothing, note);
    return;
  }
  const shown = Math.min(Math.max(0, step), lastStep.peek());
  const frame = frameAt(trace.peek(), shown);
  render(
    html`<i style="left:${(100 * shown) / lastStep.peek()}%"></i>
    <p><b>${shown}</b><span class="phase" data-phase=${frame.phase}>${t(`phase.${frame.phase}`)}</span>
      <span>${seen(narrate(plan.program, frame))}</span></p>`,
    note,
  );
  const words = note.querySelector<HTMLElement>("p")!;
  const wanted = (box.width * shown) / lastStep.peek() - words.offsetWidth / 2;
  const most = document.documentElement.clientWidth - box.left - words.offsetWidth - 8;
  const dock = host.closest(".dock")?.getBoundingClientRect() ?? box;
  words.style.bottom = `${box.bottom - dock.top + 8}px`;
  words.style.left = `${Math.max(8 - box.left, Math.min(wanted, most))}px`;
}
