// What the panels of the inspector share: their input, their frame, and the face of a tensor with room.

import { signal } from "@preact/signals-core";
import { html, nothing, type TemplateResult } from "lit-html";
import { faceOf, ROOMY, type Face } from "../scene/cells.ts";
import type { GraphNode, Tensor } from "../events.ts";
import { gridOf } from "../format.ts";
import { t } from "../i18n.ts";
import type { Program } from "../trace/program.ts";
import type { Frame } from "../timeline.ts";

export interface InspectorInput {
  program: Program;
  frame: Frame;
  scale: number;
}

export type Shown = TemplateResult | typeof nothing;
export type Panel = (input: InspectorInput, node: GraphNode) => Shown;

/** What is loaded after the first view, by name: it adds to the panels, or takes the place of one. */
export const morePanels = signal<Record<string, Panel>>({});

/** Room for a matrix, in pixels. */
export const WIDTH = 286;

export function section(key: string, content: unknown, note: unknown = nothing): TemplateResult {
  return html`<section class="fact" data-fact=${key}><h4>${t(`inspector.${key}`)}${note}</h4>${content}</section>`;
}

/** Numbers are written where they fit; else they are painted. */
export function isWritten(rows: number, cols: number): boolean {
  return cols <= 6 && rows <= 12;
}

/** A tensor with room to be read: numbers where they fit, colours where they do not. */
export function largeFace(tensor: Tensor, shape: readonly number[], scale: number): Face {
  const { rows, cols } = gridOf(shape);
  const written = isWritten(rows, cols);
  const cell = written ? Math.min(62, WIDTH / cols) : Math.min(18, WIDTH / Math.min(16, cols));
  const [down, across] = written ? [rows, cols] : [Math.min(16, rows), Math.min(16, cols)];
  if (down * across === 1) return faceOf(tensor, shape, ROOMY, scale);
  const kind = written ? "grid" : "map";
  const [width, height] = [across * cell, down * (written ? 26 : cell)];
  return faceOf(tensor, shape, { kind, rows: down, cols: across, width, height, em: 13 }, scale);
}
