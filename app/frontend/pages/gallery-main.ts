// The way in: the search at once; the running graph and the small pictures when the page has been painted.

import { followReading, startSearch } from "./gallery.ts";
import { startPage } from "./page.ts";

startPage(document.documentElement);
startSearch(document);
followReading(document);
requestAnimationFrame(() => setTimeout(() => void import("./gallery-live.ts").then(start)));

async function start({ runShow, drawPictures }: typeof import("./gallery-live.ts")): Promise<void> {
  drawPictures(document);
  await runShow(document);
}
