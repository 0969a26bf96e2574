// The letters of formulas as outlines, read from KaTeX's own fonts: a saved picture must not depend on fonts.

import ams from "katex/dist/fonts/KaTeX_AMS-Regular.woff";
import calligraphic from "katex/dist/fonts/KaTeX_Caligraphic-Regular.woff";
import mainBold from "katex/dist/fonts/KaTeX_Main-Bold.woff";
import mainItalic from "katex/dist/fonts/KaTeX_Main-Italic.woff";
import main from "katex/dist/fonts/KaTeX_Main-Regular.woff";
import mathItalic from "katex/dist/fonts/KaTeX_Math-Italic.woff";
import size1 from "katex/dist/fonts/KaTeX_Size1-Regular.woff";
import size2 from "katex/dist/fonts/KaTeX_Size2-Regular.woff";
import size3 from "katex/dist/fonts/KaTeX_Size3-Regular.woff";
import size4 from "katex/dist/fonts/KaTeX_Size4-Regular.woff";
import typewriter from "katex/dist/fonts/KaTeX_Typewriter-Regular.woff";
import geist from "@fontsource-variable/geist/files/geist-latin-wght-normal.woff2";
import { parse, type Font } from "opentype.js";
import { fetchBytes } from "../wire.ts";

const FILES: Record<string, string> = {
  "KaTeX_AMS normal 400": ams,
  "KaTeX_Caligraphic normal 400": calligraphic,
  "KaTeX_Main normal 400": main,
  "KaTeX_Main normal 700": mainBold,
  "KaTeX_Main italic 400": mainItalic,
  "KaTeX_Math italic 400": mathItalic,
  "KaTeX_Size1 normal 400": size1,
  "KaTeX_Size2 normal 400": size2,
  "KaTeX_Size3 normal 400": size3,
  "KaTeX_Size4 normal 400": size4,
  "KaTeX_Typewriter normal 400": typewriter,
};

const known = new Map<string, Promise<Font>>();

/** The font that a text is set in; null for one that stays text. */
export async function fontOf(style: CSSStyleDeclaration): Promise<Font | null> {
  const family = style.fontFamily.split(",")[0]!.replace(/["']/g, "");
  const name = `${family} ${style.fontStyle} ${style.fontWeight}`;
  const file = FILES[name];
  if (!file) return null;
  if (!known.has(name)) known.set(name, fetchBytes(addressOf(file)).then(parse));
  return known.get(name)!;
}

/** The font of the plain text, as a rule that a picture can carry within. */
export async function textFont(): Promise<string> {
  const bytes = new Uint8Array(await fetchBytes(addressOf(geist)));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return `@font-face{font-family:"Geist Variable";font-weight:100 900;src:url(data:font/woff2;base64,${btoa(binary)}) format("woff2")}`;
}

function addressOf(file: string): string {
  return new URL(file, import.meta.url).href;
}
