// The whole screen for the page.

export function toggleFullScreen(): void {
  const change = document.fullscreenElement
    ? document.exitFullscreen()
    : document.documentElement.requestFullscreen();
  // A browser may refuse, as in a frame that was not allowed to: then nothing happens.
  change.catch(() => undefined);
}
