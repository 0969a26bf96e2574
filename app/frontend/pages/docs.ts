// The API's reference is complete without a script; this adds the theme switch.

import { startPage } from "./page.ts";

startPage(document.documentElement);
