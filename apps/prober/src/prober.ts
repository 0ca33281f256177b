import { setTimeout as delay } from 'node:timers/promises';
import { PROBE_QUEUE, QUEUE_PREFIX, parseProbeJob, type ProbeJob } from '@gomon/queue-contracts';
import { createFaultLog, type Logger, type Stoppable } from '@gomon/runtime';
import { UnrecoverableError, WaitingError, Worker, type Job, type Processor } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import { createProberMetrics } from './metrics.ts';
import type { Probe } from './probe-http.ts';
import { createResultReporter } from './result-reporter.ts';
import { runProbeJob } from './run-probe-job.ts';
import { createServerClock } from './server-clock.ts';
import { createStallWatch } from './stall-watch.ts';
import { createTurns } from './turns.ts';

export interface ProberOptions {
  /** A `blocking` connection, for the worker. */
  readonly blockingRedis: Redis;
  /** A `commands` connection, for everything else. */
  readonly redis: Redis;
  readonly probe: Probe;
  readonly concurrency: number;
  readonly registry: Registry;
  readonly logger: Logger;
  /** How long probes in flight may go on after `stop`. */
  readonly graceMs?: number;
}

export interface Prober extends Stoppable {
  /** Resolves when jobs are being taken, which needs Redis to be there. */
  start(): Promise<void>;
}

type FaultLog = ReturnType<typeof createFaultLog>;

const WORKER_OPTIONS = {
  prefix: QUEUE_PREFIX,
  autorun: false,
  lockDuration: 15_000, // A job whose prober died is taken by another one within this and the next.
  stalledInterval: 5000,
  maxStalledCount: 3, // Further probers are not sacrificed to one job.
  drainDelay: 5,
} as const;
const GRACE_MS = 15_000;
/** When Redis does not answer, what could not be returned is left to another prober. */
const STOP_TIMEOUT_MS = 22_000;

/** Takes probe jobs from the queue, of every shard, and reports their results. Holds no state that outlives a job. */
export function createProber(options: ProberOptions): Prober {
  const { redis, logger, graceMs = GRACE_MS } = options;
  const onFault = createFaultLog(logger);
  const halt = new AbortController();
  const turns = createTurns(options.concurrency);
  const metrics = createProberMetrics(options.registry, turns);
  const clock = createServerClock(redis, onFault);
  const stalls = createStallWatch();
  const reporter = createResultReporter({ redis, onReported: (count) => metrics.resultsReported.inc(count), onFault });
  const deps = { clock, turns, probe: options.probe, stalls, reporter, metrics, halt: halt.signal };
  const worker = openWorker(options, onFault, async (job, token) => {
    const probeJob = parse(job, () => metrics.malformedJobs.inc());
    const left = await runProbeJob(probeJob, deps);
    if (left.length > 0) await putBack(job, token, { ...probeJob, targets: left });
  });

  async function end(): Promise<void> {
    turns.close();
    const grace = setTimeout(() => halt.abort(), graceMs);
    const closed = worker.close().then(() => true);
    const inTime = await Promise.race([closed, delay(STOP_TIMEOUT_MS, false, { ref: false })]);
    if (!inTime) logger.warn('the queue does not answer: jobs in hand are left to another prober');
    clearTimeout(grace);
    clock.stop();
    stalls.stop();
    await reporter.stop();
  }
  let ended: Promise<void> | undefined;

  return {
    start: async () => {
      await clock.start();
      void worker.run(); // Should its loop ever fail, the process ends: there would be nothing left to do.
    },
    stop: () => (ended ??= end()),
  };
}

/** The worker waits on a second connection, a duplicate of the one that it is given, with the same options. */
function openWorker({ blockingRedis, concurrency, logger }: ProberOptions, onFault: FaultLog, process: Processor): Worker {
  const worker = new Worker(PROBE_QUEUE, process, { ...WORKER_OPTIONS, connection: blockingRedis, concurrency });
  worker.on('error', (error) => onFault('probe queue', error));
  worker.on('failed', (job, error) => logger.error({ jobId: job?.id, error: error.message }, 'a probe job failed'));
  return worker;
}

function parse(job: Job, onMalformed: () => void): ProbeJob {
  try {
    return parseProbeJob(job.data);
  } catch {
    onMalformed();
    throw new UnrecoverableError('not a probe job');
  }
}

/** The job waits again, ahead of all others, with what was left of it. */
async function putBack(job: Job, token: string | undefined, rest: ProbeJob): Promise<never> {
  await job.updateData(rest);
  await job.moveToWait(token);
  throw new WaitingError();
}
