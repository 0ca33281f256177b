import { fingerprint } from './fingerprint.ts';
import { INTERVALS_SECONDS } from './monitor.ts';

// They differ so that the monitors of one shard have every phase.
const SHARD_SEED = 0x5a17;
const PHASE_SEED = 0x9e37;

/** The monitors with this interval and phase are due at `slot` (seconds since the epoch). */
export interface DueSlot {
  readonly intervalSeconds: number;
  readonly phase: number;
  readonly slot: number;
}

/**
 * The newest slot in (`after`, `through`] of every possible (interval, phase), both in whole seconds since the epoch.
 * Consecutive spans name each slot of a monitor at most once; a span no longer than the interval misses none.
 */
export function dueSlots(after: number, through: number): DueSlot[] {
  return INTERVALS_SECONDS.flatMap((intervalSeconds) => {
    const oldest = Math.max(after + 1, through - intervalSeconds + 1);
    return Array.from({ length: Math.max(0, through - oldest + 1) }, (_, i) => {
      const slot = through - i;
      return { intervalSeconds, phase: slot % intervalSeconds, slot };
    });
  });
}

/**
 * The newest slot in (`after`, `through`] that `dueSlots` may leave out for monitors of this interval, or null when it
 * leaves out none.
 */
export function lastSkippedSlot(after: number, through: number, intervalSeconds: number): number | null {
  const newest = through - intervalSeconds;
  return newest > after ? newest : null;
}

/** The shard of a monitor: 0 ≤ shard < `shardCount`. */
export function shardOf(monitorId: string, shardCount: number): number {
  return fingerprint(monitorId, SHARD_SEED) % shardCount;
}

/** The phase of a monitor: its slots are the seconds that are ≡ phase (mod interval). */
export function phaseOf(monitorId: string, intervalSeconds: number): number {
  return fingerprint(monitorId, PHASE_SEED) % intervalSeconds;
}

/**
 * The first slot after `now` that neither the monitor's grid nor its `previous` immediate slot has used or will use, so
 * that it has a row of its own. All in whole seconds since the epoch. With an interval of one second the grid has them all.
 */
export function nextImmediateSlot(
  now: number,
  grid: Pick<DueSlot, 'intervalSeconds' | 'phase'>,
  previous: number | null,
): number {
  const taken = (slot: number) => slot === previous || (grid.intervalSeconds > 1 && slot % grid.intervalSeconds === grid.phase);
  let slot = now + 1;
  while (taken(slot)) slot += 1;
  return slot;
}
