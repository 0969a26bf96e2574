import assert from "node:assert/strict";
import { test } from "node:test";
import { createThrottle } from "./throttle.ts";

test("a burst passes at once, a storm is thinned, and the last call is never lost", () => {
  let time = 0;
  let calls = 0;
  const pending: (() => void)[] = [];
  const write = createThrottle(
    () => calls++,
    () => time,
    (act) => pending.push(act),
  );
  for (let i = 0; i < 20; i++) write();
  assert.equal(calls, 20);
  for (let i = 0; i < 50; i++) write();
  assert.deepEqual([calls, pending.length], [20, 1]);
  time += 250;
  pending.pop()!();
  assert.equal(calls, 21);
});
