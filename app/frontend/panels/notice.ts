// What is said over the picture: that it is not the text's, why, how far the answer is, and what can be done.

import { batch } from "@preact/signals-core";
import { html, nothing, render, type TemplateResult } from "lit-html";
import { currentLanguage, t } from "../i18n.ts";
import { icon, type Icon } from "../canvas/icons.ts";
import { cancel, retry } from "../link/session.ts";
import {
  connection,
  damaged,
  example,
  field,
  problem,
  progress,
  slow,
  stale,
  trace,
  unread,
  update,
  type Staleness,
} from "../state.ts";

type Act = [label: string, act: () => void];

/** A picture is as new as one can follow for so long, in milliseconds. */
const FRESH = 250;
let known: unknown;
let timer: ReturnType<typeof setTimeout> | undefined;

export function renderNotice(host: HTMLElement): void {
  const why = stale.value;
  markStale(host.parentElement!, why);
  render(trace.value.length ? overPicture(why) : instead(), host);
}

/** While a value is dragged the picture is always a moment behind: it fades when none has come for longer. */
function markStale(stage: HTMLElement, why: Staleness | null): void {
  const waits = why === "computing" && known === trace.value;
  if (waits && timer !== undefined) return;
  clearTimeout(timer);
  timer = undefined;
  known = trace.value;
  if (why === "computing") {
    if (!waits) delete stage.dataset["stale"];
    timer = setTimeout(() => (stage.dataset["stale"] = why), FRESH);
  } else if (why) stage.dataset["stale"] = why;
  else delete stage.dataset["stale"];
}

function overPicture(why: Staleness | null): TemplateResult | typeof nothing {
  if (connection.value === "offline")
    return notice("alert", t("notice.offline"), ["notice.retry", retry]);
  if (connection.value === "cut") return notice("alert", t("notice.cut"), ["notice.retry", retry]);
  if (why === "broken") return notice("alert", t("notice.stale"));
  if (why === "cancelled") return notice("alert", t("notice.cancelled"), ["notice.compute", retry]);
  return slow.value ? waiting() : lostLink();
}

/** The picture is not what the link was made for. */
function lostLink(): TemplateResult | typeof nothing {
  const [shown, name] = [example.value, field.example.value];
  const unknown = shown && shown.name !== name && field.source.value === null;
  const lost = unread.value ?? (unknown ? "example" : null);
  if (!lost || !shown) return nothing;
  const accept = () =>
    batch(() => {
      damaged.value = null;
      update(unknown ? { example: shown.name } : {});
    });
  const words = { name, shown: shown.title[currentLanguage()] };
  return notice("alert", t(`notice.lost.${lost}`, words), ["notice.accept", accept]);
}

/** Where there is no picture yet. */
function instead(): TemplateResult | typeof nothing {
  const state = connection.value;
  if (state === "offline") return notice("alert", t("notice.offline"), ["notice.retry", retry]);
  if (state === "cut") return notice("alert", t("notice.cut"), ["notice.retry", retry]);
  if (state === "cancelled")
    return notice("alert", t("notice.cancelled"), ["notice.compute", retry]);
  if (problem.value) return placeholder(t("notice.nothing"), emptyHint());
  return slow.value
    ? waiting()
    : state === "loading"
      ? placeholder(t("notice.loading"), "")
      : nothing;
}

function waiting(): TemplateResult {
  const known = progress.value;
  const text = known ? t("notice.progress", { ...known }) : t("notice.computing");
  const share = known ? `--share:${known.received / Math.max(1, known.expected)}` : "";
  const bar = html`<i class="bar ${known ? "" : "unknown"}" style=${share}></i>`;
  return notice(null, text, ["notice.cancel", cancel], bar);
}

/** What to write, where nothing is written; where something is wrong, the editor says what. */
function emptyHint(): string {
  return problem.value?.code === "syntax.empty" ? t("notice.nothing.hint") : "";
}

function notice(
  mark: Icon | null,
  text: string,
  act: Act | null = null,
  extra: unknown = nothing,
): TemplateResult {
  const button = act ? html`<button type="button" @click=${act[1]}>${t(act[0])}</button>` : nothing;
  return html`<div class="notice" role="status">${mark ? icon(mark) : nothing}<span>${text}</span>${button}${extra}</div>`;
}

function placeholder(text: string, hint: string): TemplateResult {
  return html`<div class="placeholder" role="status"><p>${text}</p><p class="hint">${hint}</p></div>`;
}
