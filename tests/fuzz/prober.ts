import type { CheckResult } from '@gomon/domain';
import { databaseFault, endDryRun, takeDryRuns, type Db } from '@gomon/persistence';
import { createLoop } from '@gomon/scheduler/testing';

export interface RunningProber {
  /** What went wrong in it. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

const DELAY_MS = 20;
const PATIENCE_SECONDS = 10;

/** What a check may find, one after another. */
const VERDICTS: readonly Pick<CheckResult, 'outcome' | 'statusCode' | 'reason' | 'durationMs'>[] = [
  { outcome: 'success', statusCode: 200, reason: null, durationMs: 12 },
  { outcome: 'failure', statusCode: 503, reason: 'http_status', durationMs: 7 },
  { outcome: 'failure', statusCode: null, reason: 'timeout', durationMs: 1000 },
  { outcome: 'unknown', statusCode: null, reason: 'blocked_target', durationMs: null },
];

/** In place of a scheduler and a prober: every dry run that is asked for ends with a verdict, and nothing is probed. */
export function startProber(db: Db): RunningProber {
  const faults: string[] = [];
  let tried = 0;
  const runOnce = async () => {
    for (const { id, takenAt } of await takeDryRuns(db, PATIENCE_SECONDS)) {
      const verdict = VERDICTS[tried++ % VERDICTS.length] as (typeof VERDICTS)[number];
      await endDryRun(db, { monitorId: id, slot: 0, checkedAt: takenAt.getTime(), ...verdict });
    }
  };
  const loop = createLoop({
    runOnce,
    delayMs: () => DELAY_MS,
    onFailure: (error) => {
      if (databaseFault(error) !== 'unavailable')
        faults.push(`the prober failed: ${error.message}`); // Slow is the machine's fault.
    },
  });
  loop.start();
  return {
    faults,
    async stop() {
      await loop.stop();
    },
  };
}
