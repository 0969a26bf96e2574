// The panels that are loaded after the first view, one object in a table.

import { effect } from "@preact/signals-core";
import { pointed, rested } from "../scene/entry.ts";
import { accountPanel } from "./account.ts";
import { formulaPanel, freezePanel, linksPanel } from "./basics.ts";
import { checkPanel } from "./check.ts";
import { copyPanel } from "./copy.ts";
import { jacobianPanel } from "./jacobian.ts";
import { memoryPanel, originsPanel } from "./memory.ts";
import { morePanels, type Panel } from "./parts.ts";
import { pathsPanel } from "./paths.ts";
import { followPointed, readingPanel, tangentPanel, valuePanel } from "./value.ts";
import { drawing } from "../canvas/stage.ts";
import { inspected } from "../state.ts";

/** A pointer that stays for so long means it, in milliseconds. */
const REST = 150;

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
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const now = pointed.value;
    clearTimeout(timer);
    timer = setTimeout(() => (rested.value = now), REST);
  });
  // What one points at belongs to the node on show.
  effect(() => {
    void inspected.value;
    pointed.value = null;
  });
}
