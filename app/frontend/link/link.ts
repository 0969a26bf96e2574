// A link that stands for itself: the program, what is asked of it, and the place in it, all in the address. What is
// long travels in the fragment, which is never sent to a server, and is packed where that makes it shorter.

import { decodeSource, encodeSource } from "../place.ts";

/** A fragment up to this long is left as it is. */
const SHORT = 200;
/** No address is worth more than this, unpacked: it may have been made to fill the memory. */
const LONGEST = 4 * 2 ** 20;

let last = { plain: "", packed: "" };

/** The address with its fragment packed; the same address for the same fragment, at once. */
export async function packed(address: string): Promise<string> {
  const [place, fragment = ""] = address.split("#", 2) as [string, string?];
  if (fragment.length <= SHORT) return address;
  if (last.plain !== fragment) last = { plain: fragment, packed: await pack(fragment) };
  return last.packed.length < fragment.length ? `${place}#${last.packed}` : address;
}

/** Texts are decoded first: what is already encoded cannot be packed well. */
async function pack(fragment: string): Promise<string> {
  const texts = [...new URLSearchParams(fragment)].map(([name, value]) => [
    name,
    decodeSource(value) ?? "",
  ]);
  const bytes = await squeezed(new TextEncoder().encode(JSON.stringify(texts)));
  return `packed=${encodeBytes(bytes)}`;
}

/** The address as it was before it was packed; the same address where that cannot be read. */
export async function unpacked(address: URL): Promise<URL> {
  const found = new URLSearchParams(address.hash.slice(1)).get("packed");
  if (found === null) return address;
  const plain = new URL(address);
  plain.hash = "";
  try {
    const texts = JSON.parse(await stretched(decodeBytes(found))) as [string, string][];
    plain.hash = String(
      new URLSearchParams(texts.map(([name, text]) => [name, encodeSource(text)])),
    );
  } catch {
    return address;
  }
  return plain;
}

/** With a checksum, so that a character mistyped is noticed, and does not make another program. */
async function squeezed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function stretched(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Links made before there was a checksum are still about.
  const format = bytes[0] === 0x78 ? "deflate" : "deflate-raw";
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > LONGEST) throw new RangeError("the address is too long");
  }
}

function encodeBytes(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decodeBytes(encoded: string): Uint8Array<ArrayBuffer> {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
