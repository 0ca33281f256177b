import type { AlertRule } from './alert.ts';

/** A threshold for monitors whose checks are only counted: where the window cannot hold so many, it is taken as it is. */
export const NEVER_ALERTS = 1000;

/**
 * The largest threshold that failures can exceed: one less than the slots of the grid in (slot − window, slot]. An immediate slot may make
 * it one more for a moment, which is nothing to build a rule on.
 */
export function largestThreshold({
  intervalSeconds,
  windowSeconds,
}: { intervalSeconds: number } & Pick<AlertRule, 'windowSeconds'>): number {
  return Math.floor((windowSeconds - 1) / intervalSeconds);
}
