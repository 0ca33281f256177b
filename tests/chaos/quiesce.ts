import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Evidence, Resources } from './evidence/evidence.ts';
import { gatherAlarms, gatherResources, gatherStats, gatherStored } from './evidence/gather.ts';
import { gatherDeliveries, isOutboxEmpty } from './evidence/gather-deliveries.ts';
import { resourceFaults } from './invariants/processes.ts';
import type { AppEnd } from './stack/app.ts';
import type { ChaosStack } from './stack/chaos-stack.ts';
import { heal } from './stack/heal.ts';
import { ALL_QUEUES, withQueue } from './stack/queues.ts';
import { until } from './until.ts';
import type { Sampler } from './watch/sampler.ts';
import type { StatusWatch } from './watch/statuses.ts';
import type { Workload } from './workload/workload.ts';

export interface RestOptions {
  readonly stack: ChaosStack;
  readonly workload: Workload;
  /** Resolves when no edit is under way any more. */
  readonly edited: Promise<void>;
  readonly sampler: Sampler;
  readonly statuses: StatusWatch;
  readonly ends: readonly AppEnd[];
  readonly before: Resources;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const READY_MS = 60_000;
const CYCLE_MS = 90_000;
/** Longer than the longest window: the last windows hold only what happened after all was healed. */
const CALM_MS = 13_000;
/** Then the window cache is emptied, and has so long to be as the rows say again. */
const REFILL_MS = 5000;
const DRAIN_MS = 120_000;
const STILL_MS = 3000;
/** Longer than the longest pause of a message, its lease and its deadline. */
const OUTBOX_MS = 60_000;
const RESOURCES_MS = 60_000;

/** Heals the system, lets it run without faults and drain, and gathers the evidence. */
export async function quiesce(options: RestOptions): Promise<Evidence> {
  const { stack, workload, edited, sampler, statuses, ends, before, say, signal } = options;
  say('Healing');
  await heal(stack, AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]));
  const healedAt = Date.now() / 1000;
  await edited;
  const firstCycleSeconds = await measureFirstCycle(sampler, healedAt, signal);
  await delay(CALM_MS, undefined, { signal });
  await stack.windows.run((redis) => redis.flushall());
  const flushedAt = Date.now() / 1000;
  await delay(REFILL_MS, undefined, { signal });

  say('Pausing all monitors and waiting until nothing is under way');
  await workload.readBackAll();
  await workload.pauseAll();
  const endedAt = Date.now() / 1000;
  const drained = await until(() => isDrained(stack), DRAIN_MS, signal);
  const stored = await gatherStored(stack); // Soon: the windows expire by themselves.
  await until(() => isOutboxEmpty(stack), OUTBOX_MS, signal); // Whether it is, an invariant says.
  const deliveries = await gatherDeliveries(stack);
  const stats = await gatherStats(workload.monitors);
  let after = await gatherResources(stack);
  const areBack = async () => {
    after = await gatherResources(stack);
    return resourceFaults(before, after).length === 0;
  };
  await until(areBack, RESOURCES_MS, signal);

  say('Ending all processes');
  await sampler.stop();
  await statuses.stop();
  await Promise.all([...stack.apps.values()].map((app) => app.terminate()));
  await Promise.all([stack.target.stop(), stack.receivers.stop()]);
  const evidence = {
    ...stored,
    deliveries,
    lives: workload.monitors,
    targetLog: stack.target.targetLog(),
    stats,
    ends,
    api: workload.record,
    before,
    after,
    samples: sampler,
    statuses,
    alarms: gatherAlarms(stack.directory, stack.apps.keys()),
    endedAt,
    flushedAt,
    firstCycleSeconds,
    drained,
  };
  writeFileSync(
    join(stack.directory, 'evidence.json'),
    JSON.stringify({ ...evidence, progress: sampler.progress }, toPlain),
  );
  return evidence;
}

/** For the person who looks into a failed run. */
function toPlain(name: string, value: unknown): unknown {
  if (name === 'owner') return undefined;
  return value instanceof Map ? Object.fromEntries(value) : value;
}

async function measureFirstCycle(
  sampler: Sampler,
  healedAt: number,
  signal: AbortSignal,
): Promise<number | null> {
  const ended = await until(
    () => (sampler.progress.at(-1)?.through ?? 0) > healedAt,
    CYCLE_MS,
    signal,
  );
  return ended ? Date.now() / 1000 - healedAt : null;
}

/** No job is there, nothing that was lost is still to be made up for, and no row comes for some seconds. */
async function isDrained({ database, queue: server }: ChaosStack): Promise<boolean> {
  const before = await countRows();
  await delay(STILL_MS);
  for (const name of ALL_QUEUES) {
    const counts = await withQueue(server, name, (queue) => queue.getJobCounts());
    if (Object.entries(counts).some(([state, count]) => state !== 'completed' && count > 0))
      return false;
  }
  const unsettled = await database.query('SELECT FROM shards WHERE reconcile_since IS NOT NULL');
  return unsettled.length === 0 && (await countRows()) === before;

  async function countRows(): Promise<number> {
    const [row] = await database.query<{ count: number }>(
      'SELECT count(*)::int4 AS count FROM checks',
    );
    return row?.count ?? 0;
  }
}
