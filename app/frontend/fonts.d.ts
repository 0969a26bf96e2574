// Fonts are files of the bundle: importing one gives its address, relative to the bundle.

declare module "*.woff" {
  const address: string;
  export default address;
}

declare module "*.woff2" {
  const address: string;
  export default address;
}

/** What we use of opentype.js. */
declare module "opentype.js" {
  interface Glyph {
    getPath(x: number, y: number, size: number): { toPathData(places: number): string };
  }
  export interface Font {
    hasChar(character: string): boolean;
    charToGlyph(character: string): Glyph;
  }
  export function parse(file: ArrayBuffer): Font;
}
