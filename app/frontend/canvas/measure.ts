// How wide a formula is on a card: sizes are known before anything is drawn.

import type { Program } from "../trace/program.ts";
import { typeset } from "../formulas/tex.ts";

export type Measure = (mode: string) => (tex: string) => number;

/** Cards are measured in the fonts they are set in. */
export async function loadFonts(): Promise<void> {
  const wanted = ["16px KaTeX_Main", "italic 16px KaTeX_Math", "16px 'Geist Variable'"];
  await Promise.allSettled(wanted.map((font) => document.fonts.load(font)));
}

/** Matrices need the fonts of tall brackets: notes are measured, so these come before the first picture. */
export async function loadBrackets(program: Program): Promise<void> {
  if (![...program.nodes.values()].some((node) => node.shape.length > 0)) return;
  await Promise.allSettled(
    [1, 2, 3, 4].map((size) => document.fonts.load(`16px KaTeX_Size${size}`)),
  );
}

/** About how wide a formula will be: commands count as one sign, braces as none. */
export function guess(tex: string): number {
  return 8.5 * tex.replace(/\\[a-zA-Z]+/g, "x").replace(/[{}_^\s\\]/g, "").length;
}

/** How wide a formula is on a card: typeset once, out of sight, and remembered. */
export function createMeasure(stage: HTMLElement): Measure {
  const ruler = document.createElement("div");
  ruler.className = "ruler";
  ruler.setAttribute("aria-hidden", "true");
  stage.append(ruler);
  const known = new Map<string, number>();
  return (mode) => (tex) => {
    if (!tex) return 0;
    const key = `${mode} ${tex}`;
    let width = known.get(key);
    if (width === undefined) {
      ruler.dataset["mode"] = mode;
      ruler.innerHTML = `<div class="formula">${typeset(tex, "html")}</div>`;
      known.set(
        key,
        (width = (ruler.firstElementChild as HTMLElement).getBoundingClientRect().width),
      );
      ruler.textContent = "";
    }
    return width;
  };
}
