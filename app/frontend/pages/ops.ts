// The reference of ops: its search at once, and its formulas as they come into view.

import { followReading, startSearch } from "./gallery.ts";
import { startPage } from "./page.ts";

startPage(document.documentElement);
startSearch(document);
followReading(document);
requestAnimationFrame(() =>
  setTimeout(
    () => void import("./ops-formulas.ts").then(({ typesetInView }) => typesetInView(document)),
  ),
);
