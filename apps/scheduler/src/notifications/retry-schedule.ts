/** Pauses after the first attempt, the second, and so on; after the last one a notification is dead. About a day in all. */
const PAUSES_SECONDS = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800];

/** A receiver that asks for a longer pause gets this one. */
export const LONGEST_ASKED_SECONDS = 3600;

/**
 * Seconds until a notification is tried again that was tried `tries` times; null when it is given up. `jitter` in [0, 1) spreads
 * those that failed together over a fifth of the pause. A receiver may ask for a longer pause, up to an hour.
 */
export function retryPause(tries: number, jitter: number, askedSeconds = 0): number | null {
  const pause = PAUSES_SECONDS[tries - 1];
  if (pause === undefined) return null;
  return Math.max(pause * (0.9 + 0.2 * jitter), Math.min(askedSeconds, LONGEST_ASKED_SECONDS));
}
