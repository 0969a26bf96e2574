import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { fetchTrace, Refused, Unreachable } from "./wire.ts";

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

function answer(body: BodyInit, init: ResponseInit = {}): void {
  globalThis.fetch = () => Promise.resolve(new Response(body, init));
}

const ask = () =>
  fetchTrace({ source: "a = 1", output: null }, new AbortController().signal, () => undefined);

test("events are whole however the stream is cut into pieces", async () => {
  const bytes = new TextEncoder().encode('{"kind":"value","node":"ỹ"}\n{"kind":"finished"}\n');
  const stream = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 3) controller.enqueue(bytes.slice(at, at + 3));
      controller.close();
    },
  });
  answer(stream);
  assert.deepEqual(await ask(), [{ kind: "value", node: "ỹ" }, { kind: "finished" }]);
});

test("a problem is told apart from a server that is not there", async () => {
  answer('{"code":"syntax.incomplete","detail":"x"}', {
    status: 422,
    headers: { "content-type": "application/problem+json" },
  });
  await assert.rejects(ask, Refused);
  answer("<h1>Bad gateway</h1>", { status: 502 });
  await assert.rejects(ask, Unreachable);
  globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  await assert.rejects(ask, Unreachable);
});

test("a stream that breaks off gives the events that came", async () => {
  answer('{"kind":"graph"}\n{"kind":"val');
  assert.deepEqual(await ask(), [{ kind: "graph" }]);
});
