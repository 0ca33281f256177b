import { setTimeout as delay } from 'node:timers/promises';
import type { CheckResult } from '@gomon/domain';
import { RESULT_JOB_OPTIONS, type ResultJob } from '@gomon/queue-contracts';
import type { Job, Queue } from 'bullmq';
import type { Random } from '../random.ts';
import { pauseResults, RESULT_QUEUES, resumeResults, withQueue } from '../stack/queues.ts';
import type { RedisServer } from '../stack/redis.ts';
import type { FaultKind, Scene } from './fault.ts';
import { putJunkProbes, putJunkResults } from './junk.ts';
import { repeatRows } from './repeated-rows.ts';

const lane = 'jobs';
const subjects = ['result jobs'];

export const jobFaults: readonly FaultKind[] = [
  { name: 'doubled and shuffled results', lane, subjects, seconds: [1, 3], inject: doubleResults },
  { name: 'late results', lane, subjects, seconds: [4, 9], inject: delayResults },
  {
    name: 'repeated and contradicting results',
    lane,
    subjects,
    seconds: [0.5, 2],
    inject: repeatRows,
  },
  { name: 'junk results', lane, subjects, seconds: [0.5, 2], inject: putJunkResults },
  { name: 'junk probes', lane, subjects: ['probe jobs'], seconds: [0.5, 2], inject: putJunkProbes },
];

const COLLECTING_MS = 1500;
const PIECE = 7;
/** A Redis that is away meanwhile is back by then. */
const ATTEMPTS = 60;

/** Nobody takes results for a while; then they are there twice, in another order, and once more in pieces. */
async function doubleResults({
  stack: { queue: server },
  random,
}: Scene): Promise<() => Promise<void>> {
  await holdResults(server);
  return async () => {
    for (const name of RESULT_QUEUES)
      await persist(() =>
        withQueue(server, name, async (queue) => {
          const jobs = await waitingJobs(queue);
          await add(queue, rearranged(jobs, random));
          for (const job of jobs) await job.remove();
        }),
      );
    await persist(() => resumeResults(server));
  };
}

/** What was reported within some time is taken away and comes back after what was reported later. */
async function delayResults({
  stack: { queue: server },
  random,
}: Scene): Promise<() => Promise<void>> {
  await holdResults(server);
  await delay(COLLECTING_MS);
  const kept = new Map<string, ResultJob[]>();
  for (const name of RESULT_QUEUES)
    await withQueue(server, name, (queue) => takeAway(queue, name, kept)).catch(() => undefined); // It keeps the rest.
  await persist(() => resumeResults(server));
  return async () => {
    for (const [name, batches] of kept)
      await persist(() => withQueue(server, name, (queue) => add(queue, random.shuffle(batches))));
  };
}

async function holdResults(server: RedisServer): Promise<void> {
  try {
    await pauseResults(server);
  } catch (error) {
    await persist(() => resumeResults(server));
    throw error;
  }
}

/** Remembered before it is removed: what is removed without our knowing comes back, too. */
async function takeAway(queue: Queue, name: string, kept: Map<string, ResultJob[]>): Promise<void> {
  const jobs = await waitingJobs(queue);
  kept.set(
    name,
    jobs.map((job) => job.data),
  );
  for (const job of jobs) await job.remove();
}

async function waitingJobs(queue: Queue): Promise<Job<ResultJob>[]> {
  const jobs = (await queue.getJobs(['wait'], 0, 500)) as Job<ResultJob>[];
  return jobs.filter((job) => Array.isArray(job?.data?.results));
}

function rearranged(jobs: readonly Job<ResultJob>[], random: Random): ResultJob[] {
  const whole = jobs.map((job) => job.data);
  const pieces: CheckResult[][] = [];
  const all = random.shuffle(whole.flatMap(({ results }) => results));
  for (let i = 0; i < all.length; i += PIECE) pieces.push(all.slice(i, i + PIECE));
  return random.shuffle([...whole, ...pieces.map((results) => ({ results }))]);
}

async function add(queue: Queue, batches: readonly ResultJob[]): Promise<void> {
  if (batches.length > 0)
    await queue.addBulk(
      batches.map((data) => ({ name: 'results', data, opts: RESULT_JOB_OPTIONS })),
    );
}

async function persist(act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await delay(500);
    }
  }
}
