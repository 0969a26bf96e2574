// What is loaded after the first picture, in one file: parts that came one by one would split what they share.

export { openFind } from "./find.ts";
export { renderHelp } from "./help.ts";
export { openSpeaker, startLecture, toggleBlank, toggleSpotlight } from "./lecture.ts";
export { startMinimap } from "./minimap.ts";
export { renderModes } from "./modes.ts";
export { peek } from "./peek.ts";
export { renderOrigin, renderShare } from "./share.ts";
export { startVersus } from "./versus.ts";
