/**
 * The state of the cycle of dispatch, probe and ingest, over all shards. Null for what is not
 * known.
 */
export interface CycleReading {
  /** Since the newest dispatched slot of the shard that is furthest behind. */
  readonly lastDispatchedAgeSeconds: number | null;
  /** Since the slot of the check that has waited longest for a prober; 0 when none waits. */
  readonly queueAgeSeconds: number | null;
  /** Since the outcome of the result that has waited longest to be stored; 0 when none waits. */
  readonly ingestDelaySeconds: number | null;
  /** Probers that reach the queue and, as far as they know, the targets' network. */
  readonly probersSeen: number | null;
  /** Checks of the last two minutes that no prober took before their next one was due. */
  readonly checksExpired: number | null;
}

/**
 * Beyond these limits a cycle is late: dispatch runs every second, and a dead prober is replaced
 * within 20.
 */
export const CYCLE_LIMITS = {
  lastDispatchedAgeSeconds: 15,
  queueAgeSeconds: 30,
  ingestDelaySeconds: 60,
} as const;

/** Whether checks are dispatched, probed and stored in time. Anything unknown is not in time. */
export function cyclesEndInTime(reading: CycleReading): boolean {
  const within = (name: keyof typeof CYCLE_LIMITS) =>
    (reading[name] ?? Infinity) <= CYCLE_LIMITS[name];
  const inTime =
    within('lastDispatchedAgeSeconds') && within('queueAgeSeconds') && within('ingestDelaySeconds');
  return inTime && (reading.probersSeen ?? 0) > 0;
}

/**
 * Whether checks are skipped because probers do not keep up: the cycle may be in time for all
 * others.
 */
export function checksExpire({ checksExpired }: CycleReading): boolean {
  return (checksExpired ?? 0) > 0;
}
