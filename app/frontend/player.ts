// The only clock. It turns elapsed time into steps and knows nothing of what a step shows.

export interface Playback {
  /** Steps a second at speed 1. */
  readonly pace: number;
  isPlaying(): boolean;
  speed(): number;
  /** Takes one step; false when there is none left. */
  advance(): boolean;
  stop(): void;
}

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4] as const;

export function nextSpeed(speed: number, direction: 1 | -1): number {
  const place = SPEEDS.findIndex((candidate) => candidate >= speed);
  return SPEEDS[Math.min(Math.max(0, place + direction), SPEEDS.length - 1)]!;
}

/** Starts the clock; it runs only while something plays. Returns what starts it again. */
export function createPlayer(playback: Playback): () => void {
  let last: number | null = null;
  let owed = 0;
  const tick = (now: number) => {
    if (!playback.isPlaying()) {
      last = null;
      return;
    }
    owed += last === null ? 0 : ((now - last) / 1000) * playback.pace * playback.speed();
    last = now;
    // A tab that slept owes many steps: it takes one, not all at once.
    if (owed >= 1) {
      owed = Math.min(owed - 1, 1);
      if (!playback.advance()) playback.stop();
    }
    requestAnimationFrame(tick);
  };
  return () => {
    if (last !== null) return;
    owed = 0;
    requestAnimationFrame(tick);
  };
}
