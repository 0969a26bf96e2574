// What is loaded after the first picture, in one file: parts that came one by one would split what they share.

export { openFind } from "./canvas/find.ts";
export { renderHelp } from "./panels/help.ts";
export { openSpeaker, startLecture, toggleBlank, toggleSpotlight } from "./panels/lecture.ts";
export { startMinimap } from "./canvas/minimap.ts";
export { renderModes } from "./panels/modes.ts";
export { peek } from "./panels/peek.ts";
export { renderOrigin, renderShare } from "./picture/share.ts";
export { startVersus } from "./panels/versus.ts";
