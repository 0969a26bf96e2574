// What a node holds in memory, and where what is not finite was first made.

import { html, nothing } from "lit-html";
import type { Tensor, TraceEvent } from "../events.ts";
import { number } from "../format.ts";
import { t } from "../i18n.ts";
import { answerOf } from "./ask.ts";
import { drawer } from "./drawer.ts";
import { section, type InspectorInput, type Panel, type Shown } from "./parts.ts";
import type { GraphNode } from "../events.ts";
import { sizeOf } from "../trace/program.ts";
import { signs } from "../formulas/notation.ts";
import { trace, update } from "../state.ts";
import { edgeKey } from "../timeline.ts";
import { entryName } from "../trace/trail.ts";
import { fetchEvaluation, type Origin } from "../wire.ts";

const BYTES: Record<string, number> = { float64: 8, float32: 4, int64: 8, int32: 4, bool: 1 };

function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = count < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(count) / 10));
  return `${number(count / 1024 ** power)} ${units[power]}`;
}

export const memoryPanel: Panel = (input, node) =>
  input.frame.valueOf(node.name) ? drawer("memory", () => account(input, node)) : nothing;

function account({ program, frame }: InspectorInput, node: GraphNode): Shown {
  const value = sizeOf(node.shape) * (BYTES[node.dtype] ?? 8);
  const size = BYTES[trace.value[0]?.kind === "graph" ? trace.value[0].dtype : "float64"] ?? 8;
  const stored = (program.inputs.get(node.name) ?? []).reduce(
    (sum, edge) => sum + (frame.jacobianOf(edgeKey(edge))?.stored ?? 0),
    0,
  );
  const full = (program.inputs.get(node.name) ?? []).reduce(
    (sum, edge) => sum + sizeOf(node.shape) * sizeOf(program.nodes.get(edge.from)!.shape),
    0,
  );
  const adjoint = node.op === "const" || !node.reached ? 0 : program.m * sizeOf(node.shape) * size;
  const last = trace.value.at(-1);
  return html`<dl class="totals"><dt>${t("memory.value")}</dt><dd data-part="value">${bytes(value)}</dd>
    ${full ? html`<dt>${t("memory.jacobians")}</dt><dd data-part="jacobians">${t("memory.of", { held: bytes(stored * size), full: bytes(full * size) })}</dd>` : nothing}
    ${adjoint ? html`<dt>${t("memory.adjoint", { symbol: signs().word })}</dt><dd data-part="adjoint">${bytes(adjoint)}</dd>` : nothing}
    ${last?.kind === "finished" ? html`<dt>${t("memory.peak")}</dt><dd data-part="peak">${bytes(last.bytes)}</dd>` : nothing}</dl>`;
}

const spoilt = new WeakMap<readonly TraceEvent[], boolean>();

/** Whether any value or P of the run is not finite: only then is it worth asking where that began. */
function isSpoilt(events: readonly TraceEvent[]): boolean {
  let known = spoilt.get(events);
  if (known === undefined) {
    known = events.some((event) => "value" in event && notFinite(event.value));
    spoilt.set(events, known);
  }
  return known;
}

function notFinite({ data, summary }: Tensor): boolean {
  if (summary) return summary.nan + summary.posinf + summary.neginf > 0;
  const flat = Array.isArray(data) ? (data as unknown[]).flat(Infinity) : [data];
  return flat.some((entry) => typeof entry === "string");
}

export const originsPanel: Panel = ({ program }) => {
  if (!isSpoilt(trace.value)) return nothing;
  const answer = answerOf("evaluate", {}, fetchEvaluation);
  if (answer.state !== "ready" || !answer.value.origins?.length) return nothing;
  const shown = answer.value.origins.slice(0, 6);
  return section(
    "origins",
    html`<ul class="origins">${shown.map((origin) => {
      const node = program.nodes.get(origin.node);
      return node ? html`<li>${told(origin, node)}</li>` : nothing;
    })}</ul>`,
  );
};

function told({ of, kind, entry, count }: Origin, node: GraphNode): Shown {
  const place = entry % Math.max(1, sizeOf(node.shape));
  const where = entryName(node.name, node.shape, place);
  const text = t(`origin.${of}.${kind}`, { where, count, symbol: signs().adjointText(node.id) });
  return html`<button type="button" class="link" @click=${() => update({ selection: node.name })}>${node.name}</button> ${text}`;
}
