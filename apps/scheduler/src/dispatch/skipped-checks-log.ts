import type { Logger } from '@gomon/runtime';

/** Who does not keep up: the probers, or the schedulers with the database. */
export const LEFT_OUT_CAUSES = ['probers', 'ingest'] as const;

export type LeftOutCause = (typeof LEFT_OUT_CAUSES)[number];

/** Checks of slots in (`after`, `through`], in seconds since the epoch, that were not dispatched. */
export interface LeftOut {
  readonly shard: number;
  readonly after: number;
  readonly through: number;
  readonly checks: number;
  readonly cause: LeftOutCause;
}

/** Tells that checks are left out: at once, once a minute for as long as it goes on, and when it is over. */
export interface LeftOutLog {
  add(leftOut: LeftOut): void;
  /** Nothing more is left out of this shard. */
  end(shard: number): void;
}

const TELL_AGAIN_AFTER_MS = 60_000;

export function createLeftOutLog(logger: Logger): LeftOutLog {
  const going = new Map<number, { untold: LeftOut | null; toldAt: number }>();

  function tell(leftOut: LeftOut): void {
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
