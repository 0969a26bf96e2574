// Asks the worker for a layout; the latest question is answered last.

import type { Layout, LayoutInput } from "../layout.ts";

export type Ask = (input: LayoutInput) => Promise<Layout>;

export function createLayoutWorker(url: string): Ask {
  const worker = new Worker(url, { type: "module" });
  const waiting = new Map<number, (layout: Layout) => void>();
  let tickets = 0;
  worker.addEventListener(
    "message",
    ({ data }: MessageEvent<{ ticket: number; layout: Layout }>) => {
      waiting.get(data.ticket)?.(data.layout);
      waiting.delete(data.ticket);
    },
  );
  return (input) =>
    new Promise((resolve) => {
      const start = performance.now();
      waiting.set(++tickets, (layout) => {
        // For whoever wants to know how long it took: the benchmark does.
        performance.measure("layout", { start });
        resolve(layout);
      });
      worker.postMessage({ ticket: tickets, input });
    });
}
