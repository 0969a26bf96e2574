// Puts a finished build in the place of the last one while a server reads from there.

import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

const MANIFEST = "manifest.json";

/** Names carry hashes: the new files come first, then the manifest at one stroke, and the old ones go last. */
export async function publish(made, dist) {
  await mkdir(dist, { recursive: true });
  await cp(made, dist, { recursive: true, filter: (file) => path.basename(file) !== MANIFEST });
  const next = path.join(dist, `${MANIFEST}.${process.pid}`);
  await cp(path.join(made, MANIFEST), next);
  await rename(next, path.join(dist, MANIFEST));
  const kept = new Set(await readdir(made, { recursive: true }));
  const stale = (await readdir(dist, { recursive: true })).filter((file) => !kept.has(file));
  for (const file of stale) await rm(path.join(dist, file), { recursive: true, force: true });
}
