/**
 * Pauses in seconds after the first attempt, the second, and so on; after the last one a
 * notification is dead. About a day in total.
 */
const PAUSES_SECONDS = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800];

/** The longest pause that a receiver can ask for. */
export const LONGEST_ASKED_SECONDS = 3600;

/**
 * Seconds until the next attempt after `tries` attempts; null to give up. `jitter` in [0, 1)
 * spreads notifications that failed together over a fifth of the pause. A receiver may ask for a
 * longer pause, up to an hour.
 */
export function retryPause(tries: number, jitter: number, askedSeconds = 0): number | null {
  const pause = PAUSES_SECONDS[tries - 1];
  if (pause === undefined) return null;
  return Math.max(pause * (0.9 + 0.2 * jitter), Math.min(askedSeconds, LONGEST_ASKED_SECONDS));
}
