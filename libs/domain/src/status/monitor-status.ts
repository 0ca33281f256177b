import type { Outcome } from '../check.ts';

/**
 * A monitor's status: `down` while an alert is open or when its newest check failed; `stale` when
 * no result came in time; `pending` while it waits for its first check, or when its newest check is
 * unknown.
 */
export const MONITOR_STATUSES = ['up', 'down', 'paused', 'pending', 'stale'] as const;
export type MonitorStatus = (typeof MONITOR_STATUSES)[number];

/** Covers the time from a slot to its row: dispatch, queue and ingest. */
export const STALE_MARGIN_SECONDS = 15;

export interface StatusFacts {
  readonly paused: boolean;
  readonly intervalSeconds: number;
  readonly timeoutMs: number;
  readonly alerting: boolean;
  /** When it was created, resumed or given another interval. */
  readonly activeSince: Date;
  /** Of its newest check, which may be unknown. */
  readonly lastOutcome: Outcome | null;
  /** Of its newest check that succeeded or failed. */
  readonly lastKnownSlot: Date | null;
}

/** The rule for a monitor's status. PostgreSQL applies it by its own clock: a test compares the two. */
export function statusOf(
  facts: StatusFacts,
  now: Date,
): { readonly status: MonitorStatus; readonly stale: boolean } {
  const since = now.getTime() - staleAfterSeconds(facts) * 1000;
  const isKnown = (facts.lastKnownSlot?.getTime() ?? -Infinity) > since;
  const stale = !facts.paused && !isKnown && facts.activeSince.getTime() <= since;
  return { status: toStatus(facts, isKnown, stale), stale };
}

/** A monitor without a result for this long is stale. */
export function staleAfterSeconds({
  intervalSeconds,
  timeoutMs,
}: Pick<StatusFacts, 'intervalSeconds' | 'timeoutMs'>): number {
  return 2 * intervalSeconds + timeoutMs / 1000 + STALE_MARGIN_SECONDS;
}

function toStatus(
  { paused, alerting, lastOutcome }: StatusFacts,
  isKnown: boolean,
  stale: boolean,
): MonitorStatus {
  if (paused) return 'paused';
  if (alerting) return 'down';
  if (stale) return 'stale';
  if (!isKnown || lastOutcome === 'unknown' || lastOutcome === null) return 'pending';
  return lastOutcome === 'success' ? 'up' : 'down';
}
