import assert from "node:assert/strict";
import test from "node:test";
import { packed, unpacked } from "./link.ts";
import { encodeSource, unreadable } from "../place.ts";

const PLACE = "/lab?step=7&lang=zh-CN";

function address(source: string, inputs = ""): string {
  return `${PLACE}#${new URLSearchParams({ source: encodeSource(source), ...(inputs && { inputs: encodeSource(inputs) }) })}`;
}

async function restored(link: string): Promise<string> {
  const { pathname, search, hash } = await unpacked(new URL(link, "http://localhost"));
  return pathname + search + hash;
}

test("a short program is written as it is", async () => {
  const link = address("u1 = 2\nu2 = u1 * 3");
  assert.equal(await packed(link), link);
  assert.equal(await restored(link), link);
});

test("a long program becomes a short link that says the same", async () => {
  const lines = Array.from({ length: 60 }, (_, i) => `ỹ${i + 1} = sigmoid(W${i} @ x${i} + b${i})`);
  const link = address(lines.join("\n"), '{"x0":[1,-2.5]}');
  const short = await packed(link);
  assert.ok(short.length < link.length / 3, `${short.length} of ${link.length}`);
  assert.match(short, /^[\w/?&=#-]+$/);
  assert.equal(await restored(short), link);
  assert.equal(await packed(link), short);
});

/** What a link has lost, once it is unpacked. */
async function lost(link: string): Promise<string | null> {
  return unreadable(await unpacked(new URL(link, "http://localhost")));
}

test("a link that was cut is kept as it is, and said to be unreadable", async () => {
  const short = await packed(address("x = 1.2345678901234\n".repeat(60)));
  assert.match(short, /packed=/);
  assert.equal(await lost(short), null);
  const cut = short.slice(0, -9);
  for (const link of [cut, `${PLACE}#packed=%%%garbage`, `${PLACE}#packed`]) {
    assert.equal(await restored(link), link);
    assert.equal(await lost(link), "program");
  }
});

test("whichever character of a packed link is changed, no other program comes of it", async () => {
  const lines = Array.from({ length: 30 }, (_, i) => `x${i} = ${(i * 7919) % 104_729}`);
  const link = address(lines.join("\n"));
  const short = await packed(link);
  for (let at = short.indexOf("packed=") + 7; at < short.length; at++) {
    const other = short[at] === "A" ? "B" : "A";
    const found = await restored(short.slice(0, at) + other + short.slice(at + 1));
    // The last character may have bits that stand for nothing.
    if (at < short.length - 1 || found !== link) assert.match(found, /#packed=/, `at ${at}`);
  }
});

test("a link from before there was a checksum still opens", async () => {
  const old =
    "Lc47DsJADEXRrTxNiSI0nn8KryROhWiNBHr7RzGUp7r3ONLnxffjmbbEDEW-d9yQzSlQSEjMWaAooWLOCkUNVXM2KFqombND0UPdnAOKERrmnFDM0DTngmKFljl3KPbQftWvGfndSOzEz39I0nl-AQ";
  const lines = Array.from({ length: 12 }, (_, i) => `u${i} = ${i}.5 * ${i}`);
  assert.equal(await restored(`${PLACE}#packed=${old}`), address(lines.join("\n")));
});

test("what is not packed is said to be unreadable too", async () => {
  assert.equal(await lost(`${PLACE}#source=!!!!`), "program");
  assert.equal(await lost(`${address("x = 1")}&inputs=eyJ4Ijo`), "values");
  assert.equal(await lost(`${PLACE}#gradient=${encodeSource('"none"')}`), null);
  assert.equal(await lost(address("")), null);
  assert.equal(await lost(PLACE), null);
});

test("an address that unpacks without end is refused", async () => {
  const short = await packed(address("a".repeat(6 * 2 ** 20)));
  assert.ok(short.length < 20_000);
  assert.equal(await lost(short), "program");
});
