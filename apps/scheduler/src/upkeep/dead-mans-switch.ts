import { cyclesEndInTime } from '@gomon/domain';
import { readStatus, type Db } from '@gomon/persistence';
import type { Logger } from '@gomon/runtime';
import got from 'got';
import type { SchedulerMetrics } from '../metrics.ts';

export interface DeadMansSwitchDeps {
  readonly url: string;
  readonly db: Db;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
}

export interface DeadMansSwitch {
  /** Calls the URL once, unless cycles are late. Throws only when the database fails. */
  runOnce(): Promise<void>;
}

const DEADLINE_MS = 10_000;

/**
 * A dead man's switch: the receiver raises an alarm when the calls stop. The URL is secret, so it
 * is never logged.
 */
export function createDeadMansSwitch({
  url,
  db,
  metrics,
  logger,
}: DeadMansSwitchDeps): DeadMansSwitch {
  let failing = false;

  async function call(): Promise<boolean> {
    try {
      await got(url, { retry: { limit: 0 }, signal: AbortSignal.timeout(DEADLINE_MS) });
      if (failing) logger.info('the heartbeat URL answers again');
      return true;
    } catch (error) {
      if (!failing)
        logger.warn({ code: (error as { code?: string }).code }, 'the heartbeat URL failed');
      return false;
    }
  }

  return {
    async runOnce() {
      if (!cyclesEndInTime(await readStatus(db)))
        return metrics.heartbeats.inc({ result: 'withheld' });
      failing = !(await call());
      metrics.heartbeats.inc({ result: failing ? 'failed' : 'sent' });
    },
  };
}
