// For tests: the recorded traces and the catalogues, as the page gets them.

import { readdirSync, readFileSync } from "node:fs";
import type { TraceEvent } from "../events.ts";
import { setCatalogue, type Catalogue, type Language } from "../i18n.ts";
import { programOf, type Program } from "./program.ts";
import { indexOf } from "../timeline.ts";

/** Where traces lie: those of the repository, or others that are to be tested. */
const FOLDER = process.env["BACKPROP_LAB_TRACES"] ?? "tests/golden";

export interface Golden {
  name: string;
  events: TraceEvent[];
  program: Program;
}

export function goldens(): Golden[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));
  return files.map((file) => {
    const lines = readFileSync(`${FOLDER}/${file}`, "utf8").trim().split("\n");
    const events = lines.map((line) => JSON.parse(line) as TraceEvent);
    return { name: file, events, program: programOf(indexOf(events).graph) };
  });
}

export function golden(name: string): Golden {
  return goldens().find((one) => one.name === `${name}.jsonl`)!;
}

export function catalogueOf(language: Language): Catalogue {
  return JSON.parse(readFileSync(`app/locale/${language}.json`, "utf8")) as Catalogue;
}

export function speak(language: Language): void {
  setCatalogue(language, catalogueOf(language));
}
