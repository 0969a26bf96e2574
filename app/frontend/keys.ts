// The keyboard: never while a text field has the focus, and never with a modifier a browser may want.

import { changeSpeed, first, last, move, toggleFullScreen, togglePlay } from "./actions.ts";
import { characterKeys, helpOpen, hovered, update } from "./state.ts";
import { redo, undo } from "./edit.ts";
import { focusValue } from "./leaf-editor.ts";
import { fit } from "./stage.ts";

type Act = () => void;

const PLAIN: Record<string, Act> = {
  ArrowRight: () => move(1),
  ArrowLeft: () => move(-1),
  PageDown: () => move(1),
  PageUp: () => move(-1),
  Home: first,
  End: last,
  " ": togglePlay,
  "+": () => changeSpeed(1),
  "=": () => changeSpeed(1),
  "-": () => changeSpeed(-1),
  "0": fit,
  f: toggleFullScreen,
  F2: focusValue,
  "?": () => (helpOpen.value = true),
  Escape: () => {
    hovered.value = null;
    update({ selection: null });
  },
};

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

/** Keys as the help lists them: message id and what to press. */
export const KEYS: [string, string[][]][] = [
  ["keys.step", [["→"], ["←"], ["PageDown"], ["PageUp"]]],
  [
    "keys.node",
    [
      ["Alt", "→"],
      ["Alt", "←"],
    ],
  ],
  [
    "keys.phase",
    [
      ["Shift", "→"],
      ["Shift", "←"],
    ],
  ],
  ["keys.ends", [["Home"], ["End"]]],
  ["keys.play", [["Space"]]],
  ["keys.speed", [["+"], ["−"]]],
  ["keys.fit", [["0"]]],
  ["keys.full", [["F"]]],
  ["keys.pin", [["Enter"]]],
  ["keys.release", [["Esc"]]],
  ["keys.value", [["F2"]]],
  [
    "keys.undo",
    [
      ["Ctrl", "Z"],
      ["Ctrl", "Y"],
    ],
  ],
  ["keys.help", [["?"]]],
];

/** What has the focus, also inside the code editor's own root. */
function focusOf(event: Event): EventTarget | null {
  return event.composedPath()[0] ?? event.target;
}

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

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return target.type !== "range" && target.type !== "checkbox";
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.isContentEditable
  );
}

/** A focused button takes Space and Enter; a focused slider of its own takes the arrows. */
function belongsToFocus(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (target instanceof HTMLInputElement && target.classList.contains("own-keys")) return true;
  const pressable =
    target instanceof HTMLElement && target.closest("button, [data-node], a, summary, dialog");
  return Boolean(pressable) && (key === " " || key === "Enter");
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
    const table = event.altKey ? ALT : event.shiftKey ? SHIFT : PLAIN;
    const act = table[event.key];
    if (!act || (event.key.length === 1 && event.key !== " " && !characterKeys.peek())) return;
    event.preventDefault();
    act();
  });
}
