import type { Logger } from '@gomon/runtime';

/** Which side does not keep up: the probers, or the schedulers with the database. */
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

/** Logs skipped checks: at once, once a minute while it continues, and when it ends. */
export interface SkippedChecksLog {
  add(skipped: SkippedCheck): void;
  /** No check of this shard is skipped any more. */
  end(shard: number): void;
}

const LOG_AGAIN_AFTER_MS = 60_000;

export function createSkippedChecksLog(logger: Logger): SkippedChecksLog {
  const ongoing = new Map<number, { unlogged: SkippedCheck | null; loggedAt: number }>();

  function log(skipped: SkippedCheck): void {
    const { cause, ...span } = skipped;
    logger.warn(
      span,
      `checks were skipped: ${cause === 'probers' ? 'probers do' : 'ingestion does'} not keep up`,
    );
  }

  return {
    add(skipped) {
      const { unlogged, loggedAt } = ongoing.get(skipped.shard) ?? {
        unlogged: null,
        loggedAt: -Infinity,
      };
      const sum =
        unlogged === null
          ? skipped
          : { ...skipped, after: unlogged.after, checks: unlogged.checks + skipped.checks };
      const isTime = performance.now() - loggedAt >= LOG_AGAIN_AFTER_MS;
      if (isTime) log(sum);
      ongoing.set(
        skipped.shard,
        isTime ? { unlogged: null, loggedAt: performance.now() } : { unlogged: sum, loggedAt },
      );
    },
    end(shard) {
      const unlogged = ongoing.get(shard)?.unlogged;
      if (unlogged) log(unlogged);
      ongoing.delete(shard);
    },
  };
}
