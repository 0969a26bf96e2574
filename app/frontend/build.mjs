// Bundles the pages into app/static/dist: hashed names, fonts as files, and a manifest the templates read.
import { build, context } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "..", "static", "dist");
const entries = {
  main: path.join(here, "main.ts"),
  "gallery-main": path.join(here, "gallery-main.ts"),
  "ops-main": path.join(here, "ops-main.ts"),
  "docs-main": path.join(here, "docs-main.ts"),
  layout: path.join(here, "layout.worker.ts"),
  lab: path.join(here, "style", "lab.css"),
  page: path.join(here, "style", "page.css"),
  ops: path.join(here, "style", "ops.css"),
  gallery: path.join(here, "style", "gallery.css"),
};

/** KaTeX names three formats for each font; every browser that runs our modules reads woff2. */
const onlyWoff2 = {
  name: "only-woff2",
  setup(bundle) {
    bundle.onLoad({ filter: /katex(\.min)?\.css$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const contents = text.replace(/,\s*url\([^)]*\.(woff|ttf)\)\s*format\(["'][^"']+["']\)/g, "");
      return { contents, loader: "css" };
    });
  },
};

/** The manifest says which hashed file stands for each entry, and which fonts the first view needs. */
const manifest = {
  name: "manifest",
  setup(bundle) {
    bundle.onEnd(async ({ metafile }) => {
      if (!metafile) return;
      const names = {};
      for (const [file, output] of Object.entries(metafile.outputs)) {
        const name = path.relative(dist, path.resolve(file)).split(path.sep).join("/");
        const key = logicalName(name, output);
        if (key) names[key] = name;
      }
      await writeFile(path.join(dist, "manifest.json"), JSON.stringify(names, null, 2) + "\n");
    });
  },
};

function logicalName(file, output) {
  if (output.entryPoint) {
    const source = path.basename(output.entryPoint).replace(/(\.worker)?\.ts$/, ".js");
    return source;
  }
  return file.endsWith(".woff2")
    ? path.basename(file).replace(/-[A-Z0-9]{8}(?=\.woff2$)/, "")
    : null;
}

const options = {
  entryPoints: entries,
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: !process.argv.includes("--watch"),
  sourcemap: process.argv.includes("--watch"),
  metafile: true,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "fonts/[name]-[hash]",
  loader: { ".woff2": "file", ".woff": "file" },
  plugins: [onlyWoff2, manifest],
  logLevel: "info",
};

await rm(dist, { recursive: true, force: true });
if (process.argv.includes("--watch")) await (await context(options)).watch();
else await build(options);
