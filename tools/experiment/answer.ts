/** What the target gives for a path: `null` is never. */
export interface Answer {
  readonly status: number;
  readonly delayMs: number | null;
}

const OUTAGE_EVERY_MS = 900_000;
const OUTAGE_LASTS_MS = 300_000;
const SLOW_MS = 2000;

/**
 * Of every hundred numbers at a path's end: 0 and 1 always fail, 2 to 4 are down for five minutes of every fifteen, 5 never
 * answers, 6 to 9 are slow, all others answer 200 at once. The number alone and the time decide.
 */
export function answerTo(path: string, now: number): Answer {
  const place = Number(/\d*$/.exec(path)?.[0]) % 100;
  if (place <= 1) return { status: 500, delayMs: 0 };
  if (place <= 4)
    return { status: now % OUTAGE_EVERY_MS < OUTAGE_LASTS_MS ? 503 : 200, delayMs: 0 };
  if (place === 5) return { status: 200, delayMs: null };
  return { status: 200, delayMs: place <= 9 ? SLOW_MS : 0 };
}
