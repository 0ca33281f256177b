import type { Logger } from '@gomon/runtime';

/** Who does not keep up: the probers, or the schedulers with the database. */
export const SKIP_CAUSES = ['probers', 'ingest'] as const;

export type SkipCause = (typeof SKIP_CAUSES)[number];

/** Checks of slots in (`after`, `through`], in seconds since the epoch, that were not dispatched. */
export interface SkippedCheck {
  readonly shard: number;
  readonly after: number;
  readonly through: number;
  readonly checks: number;
  readonly cause: SkipCause;
}

/** Tells that checks are left out: at once, once a minute for as long as it goes on, and when it is over. */
export interface SkippedChecksLog {
  add(leftOut: SkippedCheck): void;
  /** Nothing more is left out of this shard. */
  end(shard: number): void;
}

const TELL_AGAIN_AFTER_MS = 60_000;

export function createSkippedChecksLog(logger: Logger): SkippedChecksLog {
  const going = new Map<number, { untold: SkippedCheck | null; toldAt: number }>();

  function tell(leftOut: SkippedCheck): void {
    const { cause, ...span } = leftOut;
    logger.warn(span, `checks were left out: ${cause === 'probers' ? 'probers do' : 'ingestion does'} not keep up`);
  }

  return {
    add(leftOut) {
      const { untold, toldAt } = going.get(leftOut.shard) ?? { untold: null, toldAt: -Infinity };
      const sum = untold === null ? leftOut : { ...leftOut, after: untold.after, checks: untold.checks + leftOut.checks };
      const isTime = performance.now() - toldAt >= TELL_AGAIN_AFTER_MS;
      if (isTime) tell(sum);
      going.set(leftOut.shard, isTime ? { untold: null, toldAt: performance.now() } : { untold: sum, toldAt });
    },
    end(shard) {
      const untold = going.get(shard)?.untold;
      if (untold) tell(untold);
      going.delete(shard);
    },
  };
}
