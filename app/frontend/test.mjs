// Runs every *.test.ts, or those named, with Node's own test runner; Node 20 reads no TypeScript, so esbuild strips the types.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, "..", "..");
const wanted = process.argv.slice(2).map((name) => path.normalize(`${name}.test.ts`));
const folder = ["backprop-lab-tests", ...process.argv.slice(2)].join("-").replaceAll("/", "-");
const outdir = path.join(root, "node_modules", ".cache", folder);

rmSync(outdir, { recursive: true, force: true });
const all = readdirSync(here, { recursive: true }).filter((name) => name.endsWith(".test.ts"));
const tests = wanted.length ? all.filter((name) => wanted.includes(name)) : all;
await build({
  entryPoints: tests.map((name) => path.join(here, name)),
  outdir,
  outbase: here,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  sourcemap: "inline",
  outExtension: { ".js": ".mjs" },
  logLevel: "warning",
});
const files = tests.map((name) => path.join(outdir, name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], {
  stdio: "inherit",
  cwd: root,
});
process.exit(status ?? 1);
