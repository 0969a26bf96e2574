// The keyboard: never while a text field has the focus, and never with a modifier a browser may want.

import {
  changeSpeed,
  first,
  last,
  move,
  recall,
  STRIDES,
  toggleMark,
  togglePlay,
} from "./actions.ts";
import { toggleFullScreen } from "./screen.ts";
import { belongsToFocus, focusOf, isTextField } from "./focus.ts";
import { blanked, characterKeys, helpOpen, hovered, place, update } from "../state.ts";
import { redo, undo } from "../editor/edit.ts";
import { focusValue } from "../leaf/card.ts";
import { toggleHere } from "../canvas/opening.ts";
import { fit } from "../canvas/stage.ts";

type Act = () => void;
type Later = typeof import("../later.ts");

/** What only a lecture needs is loaded with its first key. */
const later = (act: (later: Later) => void) => () => void import("../later.ts").then(act);
const blank = later(({ toggleBlank }) => toggleBlank());
const inLecture = () => place.peek().mode === "lecture";

const PLAIN: Record<string, Act> = {
  ArrowRight: () => move(1),
  ArrowLeft: () => move(-1),
  PageDown: () => move(1),
  PageUp: () => move(-1),
  Home: first,
  End: last,
  " ": () => (inLecture() ? move(1) : togglePlay()),
  "+": () => changeSpeed(1),
  "=": () => changeSpeed(1),
  "-": () => changeSpeed(-1),
  "0": fit,
  o: toggleHere,
  "/": later(({ openFind }) => openFind()),
  f: toggleFullScreen,
  m: toggleMark,
  s: () => update({ stride: STRIDES[(STRIDES.indexOf(place.peek().stride) + 1) % 3]! }),
  g: () => update({ terms: place.peek().terms === "both" ? "one" : "both" }),
  ".": blank,
  b: blank,
  l: later(({ toggleSpotlight }) => toggleSpotlight()),
  n: later(({ openSpeaker }) => openSpeaker()),
  F2: focusValue,
  "?": () => (helpOpen.value = true),
  Escape: () => {
    hovered.value = null;
    update({ selection: null });
  },
};

for (let digit = 1; digit <= 9; digit++) PLAIN[digit] = () => recall(digit);

const SHIFT: Record<string, Act> = {
  ArrowRight: () => move(1, "phase"),
  ArrowLeft: () => move(-1, "phase"),
  "?": PLAIN["?"]!,
  "+": PLAIN["+"]!,
};

const ALT: Record<string, Act> = {
  ArrowRight: () => move(1, "node"),
  ArrowLeft: () => move(-1, "node"),
};

/** Ctrl+Z and its opposites, except in a text field that is none of ours. */
function takesBack(event: KeyboardEvent): Act | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const target = focusOf(event);
  const foreign = target instanceof HTMLInputElement && !target.classList.contains("own-undo");
  if (foreign && isTextField(target)) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? redo : undo;
  return key === "y" ? redo : null;
}

export function listenToKeys(page: Document): void {
  page.addEventListener("keydown", (event) => {
    const back = event.defaultPrevented || helpOpen.peek() ? null : takesBack(event);
    if (back) {
      event.preventDefault();
      back();
    }
    if (event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (isTextField(focusOf(event)) || belongsToFocus(event) || helpOpen.peek()) return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actOf({ key, altKey, shiftKey }: KeyboardEvent): Act | undefined {
  if (key.length === 1 && key !== " " && !characterKeys.peek()) return undefined;
  const act = (altKey ? ALT : shiftKey ? SHIFT : PLAIN)[key];
  // A black page comes back with whatever is pressed next, and nothing is lost behind it.
  return act && blanked.peek() ? () => (blanked.value = false) : act;
}
