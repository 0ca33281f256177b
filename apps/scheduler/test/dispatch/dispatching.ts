import { PROBE_QUEUE, QUEUE_PREFIX, type ProbeJobData } from '@gomon/queue-contracts';
import { Queue, Worker, type Job } from 'bullmq';
import { dispatchDueChecks, type DispatchDeps } from '../../src/dispatch/dispatch-due-checks.ts';
import { createDispatcher } from '../../src/dispatch/dispatcher.ts';
import { createSkippedChecksLog } from '../../src/dispatch/skipped-checks-log.ts';
import { createBackpressure } from '../../src/dispatch/backpressure.ts';
import { createQueueProgress, type QueueProgress } from '../../src/dispatch/queue-progress.ts';
import { openStores } from '../fixtures.ts';

export interface Check {
  readonly monitorId: string;
  readonly slot: number;
}

interface Gap {
  readonly shard: number;
  readonly from: number;
  readonly through: number;
}

/** The other shards have no monitors. */
export const SHARDS = [0, 1];

export type Dispatching = Awaited<ReturnType<typeof openDispatching>>;

/**
 * Dispatch of `SHARDS` on a database with a clock that only `tick` moves, and probers that take
 * what the test allows.
 */
export async function openDispatching() {
  const stores = await openStores({ clock: 'still' });
  const { db, redis } = stores;
  const probes = new Queue<ProbeJobData>(PROBE_QUEUE, { connection: redis, prefix: QUEUE_PREFIX });
  const prober = new Worker<ProbeJobData>(PROBE_QUEUE, null, {
    connection: redis,
    prefix: QUEUE_PREFIX,
  });
  const told: object[] = [];
  const logger = stores.logger.child({});
  logger.warn = (line: object) => void told.push(line);
  const deps: DispatchDeps = {
    ...stores,
    logger,
    probes,
    progress: createQueueProgress(redis),
    backlog: createBackpressure(probes, redis),
    skippedLog: createSkippedChecksLog(logger),
  };
  let dispatcher = createDispatcher(SHARDS, deps);

  async function now(): Promise<number> {
    const [row] = await db.$queryRaw<
      [{ now: number }]
    >`SELECT extract(epoch FROM clock_timestamp())::float8 AS now`;
    return row.now;
  }
  const take = () => prober.getNextJob('token', { block: false });
  const checksOf = (jobs: readonly Job<ProbeJobData>[]): Check[] =>
    jobs.flatMap(({ data: { slot, targets } }) =>
      targets.map(({ monitorId }) => ({ monitorId, slot })),
    );

  return {
    ...stores,
    deps,
    told,
    now,
    probes,
    take,
    checksOf,
    giveBack: (job: Job) => job.moveToWait('token'),
    /** A second passes, and every shard is dispatched. */
    tick: async (seconds = 1) => {
      await stores.advance(seconds);
      await dispatcher.runOnce();
    },
    dispatch: (shard: number) => dispatchDueChecks([shard], null, deps),
    /** Probers finish all waiting checks. */
    takeAll: async (): Promise<Check[]> => {
      const jobs: Job<ProbeJobData>[] = [];
      for (let job = await take(); job; job = await take()) {
        await job.moveToCompleted(null, 'token', false);
        jobs.push(job);
      }
      return checksOf(jobs);
    },
    waiting: async () => checksOf(await probes.getWaiting()),
    gaps: async (): Promise<Gap[]> => {
      const epoch = (date: Date) => date.getTime() / 1000;
      const rows = await db.gap.findMany({ orderBy: [{ shard: 'asc' }, { fromSlot: 'asc' }] });
      return rows.map(({ shard, fromSlot, throughSlot }) => ({
        shard,
        from: epoch(fromSlot),
        through: epoch(throughSlot),
      }));
    },
    /** Another scheduler, which has seen nothing yet. */
    restart: () => {
      dispatcher = createDispatcher(SHARDS, {
        ...deps,
        backlog: createBackpressure(probes, redis),
      });
    },
    /** An empty queue, no monitors, and every shard dispatched up to now. */
    reset: async () => {
      await redis.flushdb();
      await db.gap.deleteMany();
      await db.monitor.deleteMany();
      await db.shard.updateMany({
        data: { dispatchedThrough: new Date((await now()) * 1000), reconcileSince: null },
      });
      await rememberProgress(deps.progress, SHARDS, await now());
      dispatcher = createDispatcher(SHARDS, {
        ...deps,
        backlog: createBackpressure(probes, redis),
      });
      told.length = 0;
    },
    close: async () => {
      await prober.close();
      await probes.close();
      await stores.close();
    },
  };
}

/** Sets these shards' progress on the queue's Redis to this slot. */
export async function rememberProgress(
  progress: QueueProgress,
  shards: readonly number[],
  slot: number,
): Promise<void> {
  await progress.write(shards, slot, await progress.read(shards));
}

/** The slots of a grid in (after, through]. */
export function slotsBetween(
  after: number,
  through: number,
  intervalSeconds: number,
  phase: number,
): number[] {
  return Array.from({ length: through - after }, (_, i) => after + 1 + i).filter(
    (slot) => slot % intervalSeconds === phase,
  );
}

export const liesIn = (gaps: readonly Gap[], shard: number, slot: number) =>
  gaps.some((gap) => gap.shard === shard && slot > gap.from && slot <= gap.through);
