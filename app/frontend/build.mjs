// Bundles the pages into app/static/dist: hashed names, fonts as files, and a manifest the templates read.
import { build, context } from "esbuild";
import { rmSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { publish } from "./publish.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "..", "static", "dist");
const watching = process.argv.includes("--watch");
/** A build is made beside, so that a server that runs never meets half of one. */
const made = watching ? dist : await mkdtemp(path.join(here, "..", "..", "node_modules", ".made-"));
const source = (...names) => path.join(here, ...names);

/** Each page is bundled by itself: few files of code, not many that are shared and load one by one. */
const PAGES = [
  { main: source("main.ts"), lab: source("style", "lab.css"), later: source("style", "later.css") },
  { layout: source("layout", "worker.ts") },
  { "speaker-main": source("pages", "speaker-main.ts"), speaker: source("style", "speaker.css") },
  {
    "autograd-main": source("autograd", "main.ts"),
    autograd: source("style", "autograd.css"),
  },
  { "gallery-main": source("pages", "gallery-main.ts"), gallery: source("style", "gallery.css") },
  { "ops-main": source("pages", "ops.ts"), ops: source("style", "ops.css") },
  { "docs-main": source("pages", "docs.ts"), page: source("style", "page.css") },
];

/**
 * KaTeX names three formats for each font, where every browser that runs our modules reads woff2; and it has
 * a rule for every size inside every other, where formulas without \\tiny or \\Huge have three sizes.
 */
const leanKatex = {
  name: "lean-katex",
  setup(bundle) {
    bundle.onLoad({ filter: /katex(\.min)?\.css$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const contents = text
        .replace(/,\s*url\([^)]*\.(woff|ttf)\)\s*format\(["'][^"']+["']\)/g, "")
        .replace(SIZING, (rule, outer, inner) => (used(outer) && used(inner) ? rule : ""));
      return { contents, loader: "css" };
    });
  },
};

/** Alphabets that no formula of ours is set in: their measures are left out of the code. */
const UNUSED =
  /^  "(?:Caligraphic|Fraktur|SansSerif-(?:Bold|Italic)|Script|Typewriter|Main-(?:Bold)?Italic|Math-BoldItalic)[^"]*": \{\n(?: {4}.*\n)*? {2}\},?\n/gm;
/** Arrows and brackets that grow with what they span; the signs over a letter stay. */
const STRETCHED =
  /^  (?:\w*(?:arrow|harpoon)\w*|(?:left|right)(?:hook|group|linesegment|bracket|mapsto|ToFrom)\w*|longequal|oi+nt\w+): ".*",?\n/gm;
/** Relations and operators beyond those of plain TeX: no formula of ours has one. */
const RARE = /^defineSymbol\(math, ams, (?:rel|bin|inner), .*\n/gm;
const leanKatexCode = {
  name: "lean-katex-code",
  setup(bundle) {
    bundle.onLoad({ filter: /katex\.mjs$/ }, async ({ path: file }) => ({
      contents: [UNUSED, STRETCHED, RARE].reduce(
        (text, part) => text.replace(part, ""),
        await readFile(file, "utf8"),
      ),
      loader: "js",
    }));
  },
};

const SELECTOR = String.raw`\.katex \.(?:sizing|fontsize-ensurer)\.reset-size(\d+)\.size(\d+)`;
const SIZING = new RegExp(String.raw`${SELECTOR},\.katex [^,{}]*\{[^}]*\}`, "g");
/** Script of script, script and text, as KaTeX numbers its sizes. */
const used = (size) => ["1", "3", "6"].includes(size);

/** KaTeX is most of the code of a page: a file of its own, which all pages share. */
const sharedKatex = (file) => ({
  name: "shared-katex",
  setup(bundle) {
    bundle.onResolve({ filter: /^katex$/ }, () => ({ path: `./${file}`, external: true }));
  },
});

/** A build that fails leaves nothing behind. */
if (!watching) process.on("exit", () => rmSync(made, { recursive: true, force: true }));

/** The manifest says which hashed file stands for each entry, and which fonts the first view needs. */
const names = {};
const manifest = {
  name: "manifest",
  setup(bundle) {
    bundle.onEnd(async ({ metafile }) => {
      if (!metafile) return;
      for (const [file, output] of Object.entries(metafile.outputs)) {
        const name = path.relative(made, path.resolve(file)).split(path.sep).join("/");
        const key = logicalName(name, output);
        if (key) names[key] = name;
      }
      const text = JSON.stringify(names, Object.keys(names).sort(), 2);
      await writeFile(path.join(made, "manifest.json"), text + "\n");
    });
  },
};

function logicalName(file, output) {
  const named = output.entryPoint || file.endsWith(".woff2");
  return named ? path.basename(file).replace(/-[A-Z0-9]{8}(?=\.\w+$)/, "") : null;
}

const options = {
  outdir: made,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022"],
  minify: !watching,
  sourcemap: watching,
  metafile: true,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "fonts/[name]-[hash]",
  loader: { ".woff2": "file", ".woff": "file" },
  logLevel: "info",
};

if (watching) await rm(dist, { recursive: true, force: true });
await build({ ...options, entryPoints: { katex: "katex" }, plugins: [leanKatexCode, manifest] });
const plugins = [leanKatex, sharedKatex(names["katex.js"]), manifest];
for (const entryPoints of PAGES) {
  const page = { ...options, entryPoints, plugins };
  if (watching) await (await context(page)).watch();
  else await build(page);
}

/** What a notebook takes along is whole: a file of code and one of styles, with the fonts inside. */
const WHOLE = {
  "notebook-page": source("notebook", "page.ts"),
  "notebook-style": source("notebook", "page.css"),
  "notebook-widget": source("notebook", "widget.ts"),
};
const answered = { location: "lab.location", history: "lab.history", fetch: "lab.ask" };
const forgotten = { localStorage: "lab.storage", sessionStorage: "lab.storage" };
const bare = { ".woff2": "dataurl", ".woff": "empty" };
for (const [name, entry] of Object.entries(WHOLE)) {
  const asked = name === "notebook-page" ? { ...answered, ...forgotten } : {};
  await build({
    ...options,
    ...{ entryPoints: { [name]: entry }, define: asked, splitting: false, loader: bare },
    plugins: [leanKatex, leanKatexCode, manifest],
  });
}

/** Code and styles are compressed once, here, and sent so to whoever takes that. */
if (!watching) {
  const files = (await readdir(made)).filter((file) => /^(?!notebook-).*\.(js|css)$/.test(file));
  for (const file of files) {
    const content = await readFile(path.join(made, file));
    await writeFile(path.join(made, `${file}.gz`), gzipSync(content, { level: 9 }));
  }
  await publish(made, dist);
}
