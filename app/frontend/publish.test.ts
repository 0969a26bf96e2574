import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { publish } from "./publish.mjs";

const home = mkdtempSync(path.join(tmpdir(), "publish-"));
const dist = path.join(home, "dist");

/** A build of some files of code, told by a manifest. */
function build(name: string): string {
  const made = path.join(home, name);
  mkdirSync(path.join(made, "fonts"), { recursive: true });
  const files = Array.from({ length: 40 }, (_, at) => `fonts/${name}-${at}.js`);
  files.forEach((file) => writeFileSync(path.join(made, file), name));
  writeFileSync(path.join(made, "manifest.json"), JSON.stringify(files));
  return made;
}

test("whoever reads while a build is put in place finds every file that is named", async () => {
  await publish(build("first"), dist);
  let over = false;
  const done = publish(build("second"), dist).finally(() => (over = true));
  for (let reads = 0; !over || !reads; reads++) {
    const named = JSON.parse(readFileSync(path.join(dist, "manifest.json"), "utf8")) as string[];
    for (const file of named) assert.ok(existsSync(path.join(dist, file)), file);
    await new Promise(setImmediate);
  }
  await done;
});

test("what the last build left is gone", async () => {
  writeFileSync(path.join(dist, ".source-digest"), "of the last");
  await publish(build("third"), dist);
  const left = await readdir(dist, { recursive: true });
  assert.equal(left.filter((file) => file.includes("third")).length, 40);
  assert.deepEqual(left.filter((file) => !file.includes("third")).sort(), [
    "fonts",
    "manifest.json",
  ]);
  rmSync(home, { recursive: true });
});
