// The value of a node, every entry of it within reach; its tangent; and the line that reads out an entry.

import { html, nothing } from "lit-html";
import { lights, pointed, rested, type Lights } from "../scene/entry.ts";
import type { EdgeName, GraphNode } from "../events.ts";
import { face, math } from "../canvas/face.ts";
import { entriesOf, exact, number, shapeText } from "../format.ts";
import { t } from "../i18n.ts";
import { answerOf } from "./ask.ts";
import { chosenEntry } from "./check.ts";
import { exactly, summary } from "./facts.ts";
import { section, type InspectorInput, type Panel, type Shown } from "./parts.ts";
import { sheetView, type Sheet } from "./sheet.ts";
import { leafEditor } from "../leaf/editor.ts";
import { sizeOf, type Program } from "../trace/program.ts";
import { trace } from "../state.ts";
import { edgeKey, frameAt } from "../timeline.ts";
import {
  entryName,
  lightsOf,
  lightsOfJacobian,
  trailOf,
  type Reach,
  type Trail,
} from "../trace/trail.ts";
import { fetchEntries } from "../wire.ts";

export function valueSheet({ frame, scale }: InspectorInput, node: GraphNode): Sheet | null {
  const value = frame.valueOf(node.name)?.value;
  return (
    (value && {
      what: "value",
      node: node.name,
      tensor: value,
      whole: node.shape,
      shape: node.shape,
      nameOf: (place) => entryName(node.name, node.shape, place),
      label: t("sheet.value", { name: node.name, shape: shapeText(node.shape) }),
      scale,
      pick: (place) => (chosenEntry.value = { node: node.name, place }),
    }) ??
    null
  );
}

export const valuePanel: Panel = (input, node) => {
  const editor = leafEditor(node, input.scale);
  if (editor) return section("given", editor);
  const sheet = valueSheet(input, node);
  if (!sheet) return section("value", face({ kind: "pending" }));
  return section(
    "value",
    html`${sheetView(sheet)}${exactly(sheet.tensor)}${summary(sheet.tensor)}`,
  );
};

export const tangentPanel: Panel = ({ frame, scale }, node) => {
  const found = frame.tangentOf(node.name)?.value;
  if (!found) return nothing;
  const sheet: Sheet = {
    what: "tangent",
    node: node.name,
    tensor: found,
    whole: node.shape,
    shape: node.shape,
    nameOf: (place) => entryName(node.name, node.shape, place),
    label: t("sheet.tangent", { name: node.name, shape: shapeText(node.shape) }),
    scale,
  };
  return section(
    "tangent",
    sheetView(sheet),
    html` <span class="sign">${math(`\\dot{${node.symbol}}`)}</span>`,
  );
};

/** A row or a column of a local Jacobian: from the trace where it came whole, else by a window. */
function line(edge: EdgeName, axis: 0 | 1, at: number): ArrayLike<number> | null {
  const found = frameAt(trace.value, Infinity).jacobianOf(edgeKey(edge));
  if (!found) return null;
  const [rows, cols] = found.shape;
  const entries = found.dense && entriesOf(found.dense);
  if (!entries) {
    if (rested.value !== pointed.value) return null;
    const ranges = axis === 0 ? [[at, at + 1], null] : [null, [at, at + 1]];
    const name = { from: edge.from, to: edge.to, slot: edge.slot };
    const answer = answerOf("entries", { what: "jacobian", edge: name, ranges }, fetchEntries);
    return answer.state === "ready" ? answer.value.data : null;
  }
  if (axis === 0) return entries.slice(at * cols, (at + 1) * cols);
  return Array.from({ length: rows }, (_, row) => entries[row * cols + at]!);
}

/** Where the entry that one points at came from and where it goes; also lights the picture up. */
export function followPointed(program: Program | null): void {
  const now = pointed.value;
  if (!now || !program?.nodes.has(now.node)) return void (lights.value = NO_LIGHTS);
  const edge = now.edge ? program.edges.get(now.edge) : undefined;
  if (edge) {
    const cols = sizeOf(program.nodes.get(edge.from)!.shape);
    lights.value = lightsOfJacobian(edge, now.row, now.col, cols);
    return;
  }
  const place = placeOf(program);
  lights.value = lightsOf(program, now.node, place, trail(program, now.node, place));
}

const NO_LIGHTS: Lights = new Map();

/** The place, in the node's own shape, of what one points at; P has a row for each output. */
function placeOf(program: Program): number {
  const { row, col, what, node } = pointed.value!;
  const shape = program.nodes.get(node)!.shape;
  if (what === "adjoint") return col;
  return row * (shape.length > 1 ? shape.at(-1)! : 1) + col;
}

function trail(program: Program, node: string, place: number): Trail {
  return trailOf(program, node, place, {
    row: (edge, row) => line(edge, 0, row),
    column: (edge, column) => line(edge, 1, column),
  });
}

const MOST_NAMED = 5;

function reached(program: Program, reach: Reach[]): string {
  const names = reach.flatMap(({ node, places }) =>
    places.map((place) => entryName(node, program.nodes.get(node)!.shape, place)),
  );
  const more = names.length - MOST_NAMED;
  const said = names.slice(0, MOST_NAMED).join(", ");
  return more > 0 ? `${said} ${t("sheet.more", { count: more })}` : said;
}

/** One line for all sheets, at the foot of the inspector: so nothing moves under the pointer. */
export const readingPanel: Panel = ({ program }): Shown => {
  const now = pointed.value;
  if (!now) return html`<div class="reading" role="status" hidden></div>`;
  const trailing = now.what === "value" && program.nodes.has(now.node);
  const { from, to } = trailing ? trail(program, now.node, placeOf(program)) : { from: [], to: [] };
  const digits = now.value === null ? "…" : number(now.value);
  return html`<div class="reading" role="status"><p><span class="of">${now.name}</span> = <b
    data-value=${now.value === null ? nothing : exact(now.value)} title=${now.value === null ? nothing : exact(now.value)}>${digits}</b></p>
    ${from.length ? html`<p class="from"><i>${t("sheet.from")}</i> ${reached(program, from)}</p>` : nothing}
    ${to.length ? html`<p class="to"><i>${t("sheet.to")}</i> ${reached(program, to)}</p>` : nothing}</div>`;
};
