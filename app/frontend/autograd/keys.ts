// The keyboard, as in the laboratory: never while a text field has the focus, never with a modifier a browser may want.

import { belongsToFocus, focusOf, isTextField } from "../panels/focus.ts";
import { toggleFullScreen } from "../panels/screen.ts";
import {
  changeSpeed,
  first,
  last,
  move,
  nextStride,
  recall,
  toggleMark,
  togglePlay,
  toggleWords,
} from "./acts.ts";
import { fit } from "./stage.ts";
import { blanked, helpOpen, opened, spot } from "./store.ts";

type Act = () => void;

const blank: Act = () => (blanked.value = true);

const PLAIN: Record<string, Act> = {
  ArrowRight: () => move(1),
  ArrowLeft: () => move(-1),
  PageDown: () => move(1),
  PageUp: () => move(-1),
  Home: first,
  End: last,
  // In a lecture the largest key goes on.
  " ": () => (spot.peek().mode === "lecture" ? move(1) : togglePlay()),
  "+": () => changeSpeed(1),
  "=": () => changeSpeed(1),
  "-": () => changeSpeed(-1),
  "0": fit,
  f: toggleFullScreen,
  s: nextStride,
  w: toggleWords,
  m: toggleMark,
  ".": blank,
  b: blank,
  Escape: () => (opened.value = null),
  "?": () => (helpOpen.value = true),
};

for (let digit = 1; digit <= 9; digit++) PLAIN[digit] = () => recall(digit);

const SHIFT: Record<string, Act> = {
  ArrowRight: () => move(1, "statement"),
  ArrowLeft: () => move(-1, "statement"),
  "?": PLAIN["?"]!,
  "+": PLAIN["+"]!,
};

const ALT: Record<string, Act> = {
  ArrowRight: () => move(1, "node"),
  ArrowLeft: () => move(-1, "node"),
};

export function listenToKeys(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (isTextField(focusOf(event)) || belongsToFocus(event) || helpOpen.peek()) return;
    const act = (event.altKey ? ALT : event.shiftKey ? SHIFT : PLAIN)[event.key];
    if (!act || !allowed(event.key)) return;
    event.preventDefault();
    // A black page comes back with whatever is pressed next, and nothing is lost behind it.
    if (blanked.peek()) blanked.value = false;
    else act();
  });
}

/** The choice that the laboratory keeps in this browser: single characters may be turned off. */
function allowed(key: string): boolean {
  if (key.length > 1 || key === " ") return true;
  try {
    return localStorage.getItem("backprop-lab.character-keys") !== "off";
  } catch {
    return true;
  }
}
