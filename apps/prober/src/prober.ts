import { setTimeout as delay } from 'node:timers/promises';
import {
  PROBE_QUEUE,
  QUEUE_PREFIX,
  QUARANTINE_QUEUE,
  parseProbeJob,
  type ProbeJob,
} from '@gomon/queue-contracts';
import { createFaultLog, createStallWatch, type Logger, type Stoppable } from '@gomon/runtime';
import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import { createJobIntake } from './job-intake.ts';
import { createProberMetrics } from './metrics.ts';
import type { Probe } from './probes/probe.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createResultReporter } from './result-reporter.ts';
import { runProbeJob } from './run-probe-job.ts';
import type { SelfCheck } from './self-check/self-check.ts';
import { createServerClock } from './server-clock.ts';
import { createLimiter } from './limiter.ts';

export interface ProberOptions {
  /** A `blocking` connection, for the worker. */
  readonly blockingRedis: Redis;
  /** A `commands` connection, for everything else. */
  readonly redis: Redis;
  readonly probe: Probe;
  /** Absent: every failure is believed. */
  readonly selfCheck?: SelfCheck | undefined;
  /** Probes in flight at once, in total and to one host. */
  readonly concurrency: number;
  readonly hostConcurrency: number;
  readonly registry: Registry;
  readonly logger: Logger;
  /** How long probes in flight may continue after `stop`. */
  readonly graceMs?: number;
  /** The shortest time a job stays with a prober that no longer answers. */
  readonly lockMs?: number;
}

export interface Prober extends Stoppable {
  /** Resolves when the prober takes jobs, which needs Redis. */
  start(): Promise<void>;
}

type FaultLog = ReturnType<typeof createFaultLog>;

const LOCK_MS = 15_000; // When a prober dies, another takes its job within 4/3 of this.
/** How often to drop waiting checks whose interval is over. */
const EXPIRE_EVERY_MS = 1000;
/** Pause before a job whose results could not be reported is tried again. */
const RETRY_AFTER_MS = 1000;
const GRACE_MS = 15_000;
/** If Redis does not answer by then, unreturned jobs are left to another prober. */
const STOP_TIMEOUT_MS = 22_000;
/**
 * After this many deaths of its prober a job fails permanently, and schedulers quarantine its
 * targets to find the culprit. Most jobs in progress at a death are innocent, so they are retried;
 * a quarantined job is the only one in progress.
 */
const DEATHS: Readonly<Record<string, number>> = { [PROBE_QUEUE]: 1, [QUARANTINE_QUEUE]: 0 };

/**
 * Takes probe jobs of every shard from the queue and reports their results. Keeps no state beyond a
 * job.
 */
export function createProber(options: ProberOptions): Prober {
  const { logger, selfCheck, graceMs = GRACE_MS, concurrency: limit } = options;
  const onFault = createFaultLog(logger);
  const halt = new AbortController();
  const parts = createParts(options, onFault, () => jobIntake.check());
  const { limiter, metrics, clock, stalls, reporter, heartbeat } = parts;
  const deps = { ...parts, probe: options.probe, selfCheck, halt: halt.signal };
  halt.signal.addEventListener('abort', () => selfCheck?.stop());

  async function work(job: Job, token: string | undefined): Promise<void> {
    const probeJob = parse(job, () => metrics.malformedJobs.inc());
    const left = await runProbeJob(probeJob, deps).catch(async (error: unknown) => {
      await delay(RETRY_AFTER_MS, undefined, { ref: false });
      throw error;
    });
    if (left.length > 0) await putBack(job, token, { ...probeJob, targets: left });
  }

  const probes = openWorker(PROBE_QUEUE, options, onFault, (job, token) =>
    jobIntake.during(lateSecondsOf(job, clock.now()), () => work(job, token)),
  );
  const quarantine = openWorker(QUARANTINE_QUEUE, options, onFault, work);
  const jobIntake = createJobIntake({ worker: probes, limiter, limit });

  const expiry = setInterval(() => limiter.expire(), EXPIRE_EVERY_MS).unref();

  async function end(): Promise<void> {
    clearInterval(expiry);
    jobIntake.stop();
    limiter.close();
    const leave = heartbeat.stop();
    const grace = setTimeout(() => halt.abort(), graceMs);
    const closed = Promise.all([probes.close(), quarantine.close()]).then(() => true);
    const inTime = await Promise.race([closed, delay(STOP_TIMEOUT_MS, false, { ref: false })]);
    if (!inTime)
      logger.warn('the queue does not answer: leaving unfinished jobs to another prober');
    clearTimeout(grace);
    clock.stop();
    stalls.stop();
    selfCheck?.stop();
    await Promise.all([leave, reporter.stop()]);
  }
  let ended: Promise<void> | undefined;

  return {
    start: async () => {
      await clock.start();
      heartbeat.start();
      for (const worker of [probes, quarantine]) void worker.run(); // If its loop fails, the process exits: it could do nothing else.
    },
    stop: () => (ended ??= end()),
  };
}

function createParts(
  options: ProberOptions,
  onFault: (what: string, error: Error) => void,
  onEnd: () => void,
) {
  const { redis, selfCheck, concurrency: limit, hostConcurrency: hostLimit } = options;
  const limiter = createLimiter({ limit, hostLimit, onEnd });
  const metrics = createProberMetrics(options.registry, limiter);
  const clock = createServerClock(redis, onFault);
  const onReported = (count: number) => metrics.resultsReported.inc(count);
  const isCutOff = () => selfCheck?.cutOff ?? false;
  return {
    limiter,
    metrics,
    clock,
    stalls: createStallWatch(),
    reporter: createResultReporter({ redis, clock, onReported, onFault }),
    heartbeat: createHeartbeat({ redis, clock, isCutOff, onFault }),
  };
}

/**
 * Takes one job at a time. Waits on a separate connection: a duplicate of the given one, with the
 * same options.
 */
function openWorker(
  queue: string,
  { blockingRedis, lockMs = LOCK_MS, logger }: ProberOptions,
  onFault: FaultLog,
  work: (job: Job, token: string | undefined) => Promise<void>,
): Worker {
  const worker = new Worker(queue, work, {
    connection: blockingRedis,
    prefix: QUEUE_PREFIX,
    autorun: false,
    lockDuration: lockMs,
    stalledInterval: lockMs / 3,
    maxStalledCount: DEATHS[queue],
    drainDelay: 5,
  });
  worker.on('error', (error) => onFault(`queue of ${queue}`, error));
  worker.on('failed', (job, error) =>
    logger.error({ jobId: job?.id, error: error.message }, 'probe job failed'),
  );
  return worker;
}

/** Null when the job does not name its targets' owner. */
function lateSecondsOf(
  { data }: { readonly data: Partial<ProbeJob> | null },
  now: number,
): number | null {
  return data?.slot === undefined || data.targets?.[0]?.owner === undefined
    ? null
    : now / 1000 - data.slot;
}

function parse(job: Job, onMalformed: () => void): ProbeJob {
  try {
    return parseProbeJob(job.data);
  } catch {
    onMalformed();
    throw new UnrecoverableError('not a probe job');
  }
}

/** Puts the job back ahead of all others, with its remaining targets. */
async function putBack(job: Job, token: string | undefined, rest: ProbeJob): Promise<never> {
  await job.updateData(rest);
  await job.moveToWait(token);
  throw new WaitingError();
}
