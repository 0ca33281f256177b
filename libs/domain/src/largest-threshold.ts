import type { AlertRule } from './alert.ts';

/**
 * The threshold of monitors that only count checks; valid even where the window cannot hold that
 * many.
 */
export const NEVER_ALERTS = 1000;

/**
 * The largest threshold that failures can exceed: one less than the grid slots in (slot − window,
 * slot]. An immediate slot may add one for a moment; no rule should rely on that.
 */
export function largestThreshold({
  intervalSeconds,
  windowSeconds,
}: { intervalSeconds: number } & Pick<AlertRule, 'windowSeconds'>): number {
  return Math.floor((windowSeconds - 1) / intervalSeconds);
}
