// The step in a sentence: what ran, what it changed, what goes back along which J. Pure.

import type { Executed, Nested, NodeState, Pulled } from "../events.ts";
import { numberTex, toNumber } from "../format.ts";
import { tensorTex } from "../formulas/tex.ts";
import { t } from "../i18n.ts";
import type { Snapshot } from "./run.ts";
import { bytes, shapeOf, tensorOf, written } from "./values.ts";

export interface Story {
  phase: "start" | "statement" | "backward" | "failed";
  text: string;
  /** The same as a formula, where it has one. */
  tex: string | null;
}

export interface Telling {
  symbols: boolean;
  indices: ReadonlyMap<number, number>;
  /** The text that ran, by line. */
  lines: readonly string[];
}

export function storyOf(now: Snapshot, telling: Telling): Story {
  const { event, flow } = now;
  if (!event) return { phase: "start", text: t("ag.story.start"), tex: null };
  if (event.kind === "failed") return { phase: "failed", text: event.problem.detail, tex: null };
  if (event.kind === "stopped")
    return {
      phase: "failed",
      text: `${event.type}${t("spoken.colon")}${opening(event.message)}`,
      tex: null,
    };
  if (event.kind === "executed")
    return { phase: "statement", text: ran(event, now, telling), tex: null };
  if (event.kind === "pulled" && flow)
    return flow.slot === null
      ? arrives(event, now, telling)
      : goesOn(event, flow.slot, now, telling);
  return { phase: "start", text: "", tex: null };
}

/** The whole message stands with the output. */
function opening(message: string): string {
  return /^.*?[.:](?=\s|$)/s.exec(message)?.[0] ?? message;
}

function ran(event: Executed, now: Snapshot, { lines }: Telling): string {
  const code = lines[event.span.line - 1]?.trim() ?? "";
  const place = event.function ? t("ag.story.inside", { name: event.function }) : "";
  return [t("ag.story.ran", { line: event.span.line, code }), place, ...changes(event, now)]
    .filter(Boolean)
    .join(" ");
}

function changes(event: Executed, now: Snapshot): string[] {
  const made = event.nodes.filter(({ state }) => state !== "leaf" && state !== "freed");
  const kept = made.reduce((sum, node) => sum + node.bytes, 0);
  const freed = event.nodes.filter(({ state }) => state === "freed").length;
  const graded = event.tensors.filter(
    ({ name, has_grad }) => has_grad && changed(now, name, "grad"),
  );
  const said: string[] = [];
  if (made.length) said.push(recorded(made, kept));
  for (const tensor of graded.slice(0, 3))
    said.push(t("ag.story.grad", { name: tensor.name, value: short(tensor.grad) }));
  if (freed) said.push(t("ag.story.freed", { count: freed }));
  if (!event.recording && event.tensors.length) said.push(t("ag.story.unrecorded"));
  if (event.output) said.push(printed(event.output));
  return said;
}

/** Signs of a printed line that a sentence quotes. */
const QUOTED = 48;

/** The first line with something on it; the whole stands with the output. */
function printed(output: string): string {
  const lines = output.split("\n").filter((each) => each.trim());
  if (!lines.length) return t("ag.story.printed.blank");
  const signs = [...lines[0]!.trim().replaceAll("`", "'")];
  const cut = signs.length > QUOTED || lines.length > 1;
  const line = signs.slice(0, QUOTED).join("") + (cut ? " …" : "");
  return t("ag.story.printed", { line });
}

function recorded(made: readonly NodeState[], kept: number): string {
  const names =
    made
      .slice(0, 3)
      .map(({ name }) => name)
      .join(", ") + (made.length > 3 ? " …" : "");
  return t(kept ? "ag.story.keeps" : "ag.story.recorded", { names, bytes: bytes(kept) });
}

function changed(now: Snapshot, name: string, field: string): boolean {
  return now.fresh.get(name)?.has(field) ?? false;
}

function short(data: Nested | null): string {
  if (data === null) return "…";
  const text = written(data);
  return text.length > 40 ? t("ag.story.entries", { shape: shapeOf(data).join(" × ") }) : text;
}

/** What a node is called in a sentence. */
function called(node: number, now: Snapshot, { symbols, indices }: Telling): string {
  const state = now.nodes.get(node);
  const tensor = now.tensors.find((each) => each.node === node)?.name ?? state?.variable;
  if (symbols) return `u${indices.get(node) ?? "?"}${tensor ? ` (${tensor})` : ""}`;
  if (state?.state === "leaf") return t("ag.story.leaf", { name: tensor ?? "?" });
  return tensor ? `${state?.name} (${tensor})` : (state?.name ?? "");
}

function arrives(pulled: Pulled, now: Snapshot, telling: Telling): Story {
  const key = telling.symbols ? "ag.story.arrives.symbols" : "ag.story.arrives.torch";
  const told = { node: called(pulled.node, now, telling), value: short(pulled.cotangent) };
  const index = telling.indices.get(pulled.node);
  const row = rowTex(pulled.cotangent);
  return {
    phase: "backward",
    text: t(key, told),
    tex: row && index ? `P_{${index}} = ${row}` : null,
  };
}

function goesOn(pulled: Pulled, slot: number, now: Snapshot, telling: Telling): Story {
  const goal = pulled.inputs[slot]!;
  const part = pulled.parts[slot]!;
  const key = telling.symbols ? "ag.story.part.symbols" : "ag.story.part.torch";
  const told = {
    from: called(pulled.node, now, telling),
    to: called(goal, now, telling),
    value: short(part),
    slot,
  };
  return { phase: "backward", text: t(key, told), tex: productTex(pulled, slot, telling) };
}

/** P J = part, with numbers where they are few. */
function productTex(pulled: Pulled, slot: number, { indices }: Telling): string | null {
  const [to, from] = [indices.get(pulled.node), indices.get(pulled.inputs[slot]!)];
  const [row, part] = [rowTex(pulled.cotangent), rowTex(pulled.parts[slot]!)];
  const matrix = matrixTex(pulled.jacobians[slot] ?? null);
  if (!row || !part || !to || !from) return null;
  const signs = `P_{${to}}\\,J_{${from}\\to ${to}}`;
  return matrix ? `${signs} = ${row}\\,${matrix} = ${part}` : `${signs} = ${part}`;
}

const LIMITS = { rows: 3, signs: 26 };

function flat(data: Nested): number[] {
  return Array.isArray(data) ? data.flatMap(flat) : [toNumber(data)];
}

/** P as the row it is. */
function rowTex(data: Nested | null): string | null {
  if (data === null) return null;
  const entries = flat(data);
  if (entries.length === 1) return numberTex(entries[0]!);
  return tensorTex(tensorOf([entries], [1, entries.length]), LIMITS);
}

function matrixTex(data: Nested | null): string | null {
  if (data === null || !Array.isArray(data)) return null;
  const shape = shapeOf(data);
  if (shape[0] === 1 && shape[1] === 1) {
    const tex = numberTex(flat(data)[0]!);
    return tex.startsWith("-") ? `\\left(${tex}\\right)` : `\\cdot ${tex}`;
  }
  return tensorTex(tensorOf(data, shape), LIMITS);
}
