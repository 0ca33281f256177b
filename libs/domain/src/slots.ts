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
 * Seconds' worth of checks that may be dispatched at once: in 10 seconds at most 1.2 times the
 * usual number.
 */
const AT_ONCE_SECONDS = 3;
/** After a longer outage, one missed second is made up for per this many seconds. */
const CATCH_UP_SECONDS = 10;
const LATEST_CATCH_UP_SECONDS = 60;

/**
 * The slots in (`after`, `through`] to dispatch, of every possible (interval, phase), in whole
 * seconds since the epoch: the newest of each, unless its turn after an outage (`dispatchDelay`)
 * comes with the next slot or later, or later than a minute. Consecutive spans name each slot of a
 * monitor at most once.
 */
export function dueSlots(after: number, through: number): DueSlot[] {
  return INTERVALS_SECONDS.flatMap((intervalSeconds) => {
    const oldest = oldestDueSlot(after, through, intervalSeconds);
    return Array.from({ length: Math.max(0, through - oldest + 1) }, (_, i) => {
      const slot = through - i;
      return { intervalSeconds, phase: slot % intervalSeconds, slot };
    });
  });
}

/**
 * Seconds by which to delay the dispatch of a slot that `dueSlots` named, so that an outage does
 * not end in a burst.
 */
export function dispatchDelay(after: number, through: number, slot: number): number {
  return through - after <= AT_ONCE_SECONDS ? 0 : (through - slot) * CATCH_UP_SECONDS;
}

/**
 * The newest slot in (`after`, `through`] that `dueSlots` may skip for monitors of this interval,
 * or null when it skips none.
 */
export function lastSkippedSlot(
  after: number,
  through: number,
  intervalSeconds: number,
): number | null {
  const newest = oldestDueSlot(after, through, intervalSeconds) - 1;
  return newest > after ? newest : null;
}

function oldestDueSlot(after: number, through: number, intervalSeconds: number): number {
  const isAtOnce = through - after <= AT_ONCE_SECONDS;
  const latest = Math.min(
    Math.ceil(intervalSeconds / (CATCH_UP_SECONDS + 1)) - 1,
    LATEST_CATCH_UP_SECONDS / CATCH_UP_SECONDS,
  );
  return Math.max(after + 1, through - (isAtOnce ? intervalSeconds - 1 : latest));
}

/** The shard of a monitor: 0 ≤ shard < `shardCount`. */
export function shardOf(monitorId: string, shardCount: number): number {
  return fingerprint(monitorId, SHARD_SEED) % shardCount;
}

/** The phase of a monitor: its slots are the seconds ≡ phase (mod interval). */
export function phaseOf(monitorId: string, intervalSeconds: number): number {
  return fingerprint(monitorId, PHASE_SEED) % intervalSeconds;
}

/**
 * The first slot after `now` that neither the monitor's grid nor its `previous` immediate slot has
 * used or will use, so that it has its own row. All in whole seconds since the epoch. With an
 * interval of one second the grid has them all.
 */
export function nextImmediateSlot(
  now: number,
  grid: Pick<DueSlot, 'intervalSeconds' | 'phase'>,
  previous: number | null,
): number {
  const taken = (slot: number) =>
    slot === previous || (grid.intervalSeconds > 1 && slot % grid.intervalSeconds === grid.phase);
  let slot = now + 1;
  while (taken(slot)) slot += 1;
  return slot;
}
