// The laboratory as a page that stands for itself; the order of these two matters.

import "./boot.ts";
import "../main.ts";
