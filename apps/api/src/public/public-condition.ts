import type { DayCount, PublicMonitor, Spell } from '@gomon/persistence';

/** The condition of a day; of several, the worst counts: the later in this list. */
export const CONDITIONS = ['none', 'up', 'degraded', 'down'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** A monitor's current condition. For the whole page, the first in this list that occurs counts. */
export const STATES = [
  'down',
  'degraded',
  'stale',
  'pending',
  'maintenance',
  'up',
  'paused',
] as const;
export type PublicState = (typeof STATES)[number];

export const DAY_MS = 86_400_000;

/**
 * Maintenance wins over an alert: what is expected is not an outage. Failures without an alert are
 * not yet an outage.
 */
export function stateOf({ status, alerting, maintenanceUntil }: PublicMonitor): PublicState {
  if (status === 'paused') return 'paused';
  if (maintenanceUntil) return 'maintenance';
  if (status === 'down') return alerting ? 'down' : 'degraded';
  return status;
}

/** Null when the page shows no monitor. */
export function overallState(states: readonly PublicState[]): PublicState | null {
  return STATES.find((state) => states.includes(state)) ?? null;
}

/** Down when an alert was open, degraded when checks failed otherwise. */
export function conditionOfDay(
  day: Date,
  counts: readonly DayCount[],
  spells: readonly Spell[],
): Condition {
  const end = new Date(day.getTime() + DAY_MS);
  if (
    spells.some(
      ({ openedAt, resolvedAt }) => openedAt < end && (resolvedAt === null || resolvedAt >= day),
    )
  )
    return 'down';
  const own = counts.filter((count) => count.day.getTime() === day.getTime());
  if (sum(own, 'failures') > 0) return 'degraded';
  return sum(own, 'successes') > 0 ? 'up' : 'none';
}

/** Successes among successes and failures; null without any. */
export function uptimeOf(counts: readonly DayCount[]): number | null {
  const [successes, failures] = [sum(counts, 'successes'), sum(counts, 'failures')];
  return successes + failures === 0 ? null : successes / (successes + failures);
}

function sum(counts: readonly DayCount[], name: 'successes' | 'failures'): number {
  return counts.reduce((total, count) => total + count[name], 0);
}
