// Between the editor and the picture: which line lights which node, and what a word of the text means.

import type { Surroundings } from "../editor.ts";
import { shapeText } from "../format.ts";
import { t } from "../i18n.ts";
import { linesOf, nodeOfLine } from "../trace/lines.ts";
import type { Program } from "../trace/program.ts";
import { drawing } from "../canvas/stage.ts";
import { caretNode, field, frame, hovered, sourceText, shownRequest } from "../state.ts";
import { fetchOps, type OpRecord } from "../wire.ts";

let ops: readonly OpRecord[] = [];

/** The registry is read with the code editor; without it there is nothing to suggest, and no harm. */
export async function learnOps(): Promise<void> {
  ops = await fetchOps().catch(() => []);
}

/** The program in the picture, where its lines are those of the text. */
function current(): Program | null {
  if (shownRequest.value?.source !== sourceText.value) return null;
  return drawing.value?.program ?? null;
}

const events: Surroundings["events"] = {
  ops: () => ops,
  kind: (kind) => t(`editor.kind.${kind}`),
  describe(name) {
    const node = current()?.nodes.get(name);
    if (!node) return null;
    const shape = node.shape.length ? shapeText(node.shape) : t("card.scalar");
    return t("editor.node", { id: node.id, shape, source: node.source });
  },
  onCaret(line) {
    const program = current();
    caretNode.value = program && nodeOfLine(program, line);
  },
  onPoint(line) {
    const program = current();
    hovered.value = line === null || !program ? null : nodeOfLine(program, line);
  },
};

export function surroundings(): Surroundings {
  const program = current();
  const active = frame.value?.activeNode ?? null;
  const meant = hovered.value ?? field.selection.value;
  return {
    active: program && active !== null ? (linesOf(program, active)?.[0] ?? null) : null,
    lit: program && meant ? linesOf(program, meant) : null,
    events,
  };
}
