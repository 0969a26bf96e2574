// The icons, drawn on a 24 grid in the colour of the text.

import { svg, type TemplateResult } from "lit-html";
import { html } from "lit-html";

const PATHS = {
  first: "M6 5v14M19 5.5v13L9 12z",
  back: "M17 5.5v13L7 12z",
  play: "M7.5 4.8v14.4L19.5 12z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  forward: "M7 5.5v13L17 12z",
  last: "M18 5v14M5 5.5v13L15 12z",
  plus: "M12 6v12M6 12h12",
  minus: "M6 12h12",
  find: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.3 15.3 20.5 20.5",
  unfold: "M8 8.5 12 4.5l4 4M8 15.5l4 4 4-4M5 12h14",
  refold: "M8 4.5l4 4 4-4M8 19.5l4-4 4 4M5 12h14",
  fit: "M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15",
  full: "M8 3.5H3.5V8M16 3.5h4.5V8M20.5 16v4.5H16M8 20.5H3.5V16M9.5 9.5h5v5h-5z",
  sun: "M12 8.2a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  moon: "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z",
  lecture: "M3 4.5h18M4.5 4.5v10.5h15V4.5M12 15v3M8 21l4-3 4 3",
  help: "M9.2 9.2a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2M12 17.2v.1",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  share: "M12 15V3.5M7.5 8 12 3.5 16.5 8M5 12v8.5h14V12",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.6 1.6M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.6-1.6",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 17M15.5 9v.1",
  code: "M8.5 7 3.5 12l5 5M15.5 7l5 5-5 5",
  undo: "M9 5 4.5 9.5 9 14M5 9.5h9a5 5 0 0 1 0 10h-3",
  redo: "M15 5l4.5 4.5L15 14M19 9.5h-9a5 5 0 0 0 0 10h3",
  mark: "M7 4.5h10v15.5l-5-4-5 4z",
  blank: "M3.5 5h17v11.5h-17zM9 20.5h6M3.5 16.5l17-11.5",
  spotlight: "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12 2v2M12 20v2M2 12h2M20 12h2",
  speaker: "M3.5 4.5h11v8h-11zM17.5 7.5h3v12h-13v-4M10.5 15.5h7M10.5 12.5v3",
  alert: "M12 8v5M12 16.2v.1M12 3.8 2.8 19.5h18.4z",
} as const;

export type Icon = keyof typeof PATHS;
const FILLED = new Set<Icon>(["play", "back", "forward", "first", "last"]);

export function icon(name: Icon): TemplateResult {
  return html`<svg class="icon ${FILLED.has(name) ? "filled" : ""}" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${PATHS[name]}></path>`}</svg>`;
}
