import type { CheckResult, Outcome, Reason } from '@gomon/domain';
import { RESULT_BATCH_SIZE, RESULT_JOB_OPTIONS, resultQueueName } from '@gomon/queue-contracts';
import { withQueue } from '../stack/queues.ts';
import { nothingToEnd, type Scene } from './fault.ts';

interface StoredResult {
  readonly shard: number;
  readonly monitorId: string;
  readonly slot: number;
  readonly outcome: Outcome;
  readonly reason: Reason | null;
  readonly statusCode: number | null;
}

const SECONDS = 40;

/** Checks that have their row are reported again: as the row says, and as the contrary. What the row says must stand. */
export async function repeatRows({ stack, random }: Scene): Promise<() => Promise<void>> {
  const rows = await stack.database.query<StoredResult & Record<string, unknown>>(
    `SELECT shard, monitor_id AS "monitorId", extract(epoch FROM slot)::float8 AS slot, outcome, reason, status_code AS "statusCode"
     FROM checks WHERE slot > now() - make_interval(secs => ${SECONDS}) ORDER BY slot, monitor_id`,
  );
  for (const [shard, own] of Map.groupBy(rows, (row) => row.shard)) {
    const results = random
      .shuffle(own.flatMap((row) => [asStored(row), contrary(row)]))
      .slice(0, RESULT_BATCH_SIZE);
    await withQueue(stack.queue, resultQueueName(shard), (queue) =>
      queue.add('results', { results }, RESULT_JOB_OPTIONS),
    );
  }
  return nothingToEnd;
}

function asStored({ monitorId, slot, outcome, reason, statusCode }: StoredResult): CheckResult {
  return { monitorId, slot, outcome, reason, statusCode, durationMs: 1, checkedAt: Date.now() };
}

function contrary(row: StoredResult): CheckResult {
  const verdict =
    row.outcome === 'success'
      ? ({ outcome: 'failure', reason: 'http_status', statusCode: 500 } as const)
      : ({ outcome: 'success', reason: null, statusCode: 200 } as const);
  return { ...asStored(row), ...verdict };
}
