import assert from "node:assert/strict";
import test from "node:test";
import { packed, unpacked } from "./link.ts";
import { encodeSource } from "../place.ts";

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

test("a link that was cut opens without its program", async () => {
  const short = await packed(address("x = 1.2345678901234\n".repeat(60)));
  assert.match(short, /packed=/);
  assert.equal(await restored(short.slice(0, -9)), PLACE);
  assert.equal(await restored(`${PLACE}#packed=%%%`), PLACE);
});

test("an address that unpacks without end is refused", async () => {
  const short = await packed(address("a".repeat(6 * 2 ** 20)));
  assert.ok(short.length < 20_000);
  assert.equal(await restored(short), PLACE);
});
