// The panels that are loaded after the first view, one object in a table.

import { effect } from "@preact/signals-core";
import { pointed } from "./entry.ts";
import { accountPanel } from "./inspector-account.ts";
import { formulaPanel, freezePanel, linksPanel } from "./inspector-basics.ts";
import { checkPanel } from "./inspector-check.ts";
import { copyPanel } from "./inspector-copy.ts";
import { jacobianPanel } from "./inspector-jacobian.ts";
import { memoryPanel, originsPanel } from "./inspector-memory.ts";
import { morePanels, type Panel } from "./inspector-parts.ts";
import { pathsPanel } from "./inspector-paths.ts";
import { followPointed, readingPanel, tangentPanel, valuePanel } from "./inspector-value.ts";
import { drawing } from "./stage.ts";
import { inspected } from "./state.ts";

const PANELS: Record<string, Panel> = {
  origins: originsPanel,
  formula: formulaPanel,
  value: valuePanel,
  jacobians: jacobianPanel,
  adjoint: accountPanel,
  tangent: tangentPanel,
  check: checkPanel,
  paths: pathsPanel,
  memory: memoryPanel,
  copy: copyPanel,
  links: linksPanel,
  freeze: freezePanel,
  reading: readingPanel,
};

export function addPanels(): void {
  morePanels.value = PANELS;
  effect(() => followPointed(drawing.value?.program ?? null));
  // What one points at belongs to the node on show.
  effect(() => {
    void inspected.value;
    pointed.value = null;
  });
}
