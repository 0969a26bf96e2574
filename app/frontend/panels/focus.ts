// Which element a key belongs to before the page may take it.

/** What has the focus, also inside the code editor's own root. */
export function focusOf(event: Event): EventTarget | null {
  return event.composedPath()[0] ?? event.target;
}

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !["range", "checkbox", "radio"].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.isContentEditable
  );
}

/** A focused button takes Space and Enter; a focused slider of its own takes the arrows. */
export function belongsToFocus(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (target instanceof HTMLInputElement && target.classList.contains("own-keys")) return true;
  const radio = target instanceof HTMLInputElement && target.type === "radio";
  if (radio && (key === " " || key.startsWith("Arrow"))) return true;
  const pressable =
    target instanceof HTMLElement && target.closest("button, [data-node], a, summary, dialog");
  return Boolean(pressable) && (key === " " || key === "Enter");
}
