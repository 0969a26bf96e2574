// Numbers in the room there is: how wide a text is set, which spelling fits, and where decimal points meet.

import { number, spellings } from "../format.ts";

/** Advance widths of the page's type with tabular figures, in em. */
const WIDTH_OF: Record<string, number> = {
  ".": 0.22,
  "·": 0.22,
  " ": 0.26,
  "(": 0.37,
  ")": 0.37,
  "\u2212": 0.53,
  "×": 0.53,
  "⁻": 0.53,
  "∞": 0.72,
  N: 0.74,
  a: 0.58,
};
const FIGURE = 0.62;
const SUPERSCRIPT = 0.41;

/** How wide a written number is, in em. */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) {
    width += WIDTH_OF[sign] ?? (sign >= "0" && sign <= "9" ? FIGURE : SUPERSCRIPT);
  }
  return width;
}

export interface Fitted {
  text: string;
  /** The share of the full type size at which the text fits, at most 1. */
  fit: number;
}

const sizeIn = (text: string, room: number) => Math.min(1, room / widthOf(text));

/**
 * A number for `room` em: as everywhere where type not smaller than `least` of its size will do, else with
 * an exponent and fewer digits.
 */
export function fitNumber(x: number, room: number, least: number): Fitted {
  const full = number(x);
  const narrower = spellings(x).filter((text) => text === full || widthOf(text) < widthOf(full));
  const text = narrower.find((spelling) => sizeIn(spelling, room) >= least) ?? narrower.at(-1)!;
  return { text, fit: Math.floor(sizeIn(text, room) * 100) / 100 };
}

/** How far right of the middle each text of a column goes, in em, so that the decimal points meet. */
export function aligned(column: readonly string[]): number[] {
  const plain = (text: string) => /^\u2212?[\d.]+$/.test(text);
  if (!column.every(plain)) return column.map(() => 0);
  const sides = column.map((text) => {
    const [whole, rest] = text.split(".") as [string, string | undefined];
    return { left: widthOf(whole), right: rest === undefined ? 0 : widthOf(`.${rest}`) };
  });
  const left = Math.max(...sides.map((side) => side.left));
  const right = Math.max(...sides.map((side) => side.right));
  return sides.map((side) => Math.round(500 * (left - right - side.left + side.right)) / 1000);
}

/** The least width that a column of texts takes once its decimal points meet, in em. */
export function columnWidth(column: readonly string[]): number {
  const shifts = aligned(column);
  return Math.max(0, ...column.map((text, row) => widthOf(text) + 2 * Math.abs(shifts[row]!)));
}
