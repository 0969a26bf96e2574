// Texts of the page as marks: formulas as outlines, plain words as words that keep their width.

import { fontOf } from "./outline.ts";
import { escape, filled, paintOf, tag, type Attributes } from "./paint.ts";

interface Origin {
  x: number;
  y: number;
}

export function fontAttributes(style: CSSStyleDeclaration): Attributes {
  return {
    ...filled(style.color),
    "font-family": style.fontFamily,
    "font-size": parseFloat(style.fontSize),
    "font-weight": style.fontWeight === "400" ? undefined : style.fontWeight,
    "letter-spacing":
      style.letterSpacing === "normal" ? undefined : parseFloat(style.letterSpacing),
    "font-style": style.fontStyle === "normal" ? undefined : style.fontStyle,
  };
}

interface Run {
  letters: { character: string; x: number }[];
  right: number;
  top: number;
  height: number;
}

/** The lines of a text, with the place of each of its letters. */
function runsOf(node: Text): Run[] {
  const range = document.createRange();
  const runs: Run[] = [];
  let at = 0;
  for (const character of node.data) {
    range.setStart(node, at);
    range.setEnd(node, (at += character.length));
    const { left, right, top, width, height } = range.getBoundingClientRect();
    if (!width || !height) continue;
    let run = runs.at(-1);
    if (!run || Math.abs(run.top - top) > height / 2)
      runs.push((run = { letters: [], right, top, height }));
    run.letters.push({ character, x: left });
    run.right = right;
  }
  return runs;
}

export async function text(node: Text, origin: Origin): Promise<string> {
  if (!node.data.trim()) return "";
  const style = getComputedStyle(node.parentElement!);
  if (!paintOf(style.color)) return "";
  const font = await fontOf(style);
  const size = parseFloat(style.fontSize);
  return runsOf(node)
    .map((run) => {
      const y = run.top + run.height * ascentOf(style) - origin.y;
      const whole = run.letters.every(({ character }) => font?.hasChar(character));
      if (!font || !whole) return words(run, style, origin.x, y);
      const d = run.letters.map(({ character, x }) =>
        font
          .charToGlyph(character)
          .getPath(x - origin.x, y, size)
          .toPathData(2),
      );
      return tag("path", { ...filled(style.color), d: d.join("") });
    })
    .join("");
}

/** Whatever font a program puts in the place of ours, the text keeps its width. */
function words(run: Run, style: CSSStyleDeclaration, left: number, y: number): string {
  const said = run.letters
    .map(({ character }) => character)
    .join("")
    .trimEnd();
  const x = run.letters[0]!.x;
  const several = [...said].length > 1;
  return tag(
    "text",
    {
      ...fontAttributes(style),
      x: x - left,
      y,
      textLength: several ? run.right - x : undefined,
      lengthAdjust: several ? "spacingAndGlyphs" : undefined,
    },
    escape(said),
  );
}

const ascents = new Map<string, number>();

/** The part of a line of text that is above its base line. */
function ascentOf({ fontStyle, fontWeight, fontSize, fontFamily }: CSSStyleDeclaration): number {
  const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  let part = ascents.get(font);
  if (part === undefined) {
    const context = document.createElement("canvas").getContext("2d")!;
    context.font = font;
    const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } =
      context.measureText("x");
    ascents.set(font, (part = above / (above + below)));
  }
  return part;
}
