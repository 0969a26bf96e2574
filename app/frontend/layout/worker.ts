// The layout, off the main thread: one request in, one answer out, matched by number.

import { layoutGroups } from "./groups.ts";
import type { LayoutInput } from "../layout.ts";

addEventListener("message", ({ data }: MessageEvent<{ ticket: number; input: LayoutInput }>) => {
  postMessage({ ticket: data.ticket, layout: layoutGroups(data.input) });
});
