import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CheckResult } from '@gomon/domain';
import {
  PROBE_JOB_OPTIONS,
  PROBE_QUEUE,
  PROBER_PERMISSIONS,
  QUEUE_PREFIX,
  parseResultJob,
  resultQueueName,
} from '@gomon/queue-contracts';
import { connectRedis, createLogger } from '@gomon/runtime';
import { createTestRedis } from '@gomon/test-support';
import { Queue, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { createProber, type Prober, type ProberOptions } from '../src/prober.ts';
import type { Probe } from '../src/probes/probe.ts';
import { probeAllowing } from './probe-once.ts';

const logger = createLogger('prober', 'silent');

/**
 * A separate Redis, with the prober's queues as the scheduler sees them, and its URL for a prober's
 * own user.
 */
export async function openQueues() {
  const testRedis = await createTestRedis();
  const redis = connectRedis(testRedis.url, 'blocking', logger);
  const proberUrl = await addProberUser(redis, testRedis.url);
  const probes = new Queue(PROBE_QUEUE, { connection: redis, prefix: QUEUE_PREFIX });
  const connections: Redis[] = [redis];
  const probers: Prober[] = [];

  async function reportedOf(shard: number): Promise<CheckResult[]> {
    const queue = new Queue(resultQueueName(shard), { connection: redis, prefix: QUEUE_PREFIX });
    const jobs = await queue.getJobs(['waiting']);
    await queue.close();
    return jobs.flatMap((job: Job) => parseResultJob(job.data).results);
  }

  return {
    url: testRedis.url,
    proberUrl,
    probes,
    add: (data: object) => probes.add('probe', data, PROBE_JOB_OPTIONS),
    reportedOf,
    /** Waits until this many results of the shard are on its queue. */
    results: async (shard: number, count: number): Promise<CheckResult[]> => {
      for (;;) {
        const results = await reportedOf(shard);
        if (results.length >= count) return results;
        await delay(20);
      }
    },
    startProber: async (options: Partial<ProberOptions> = {}) => {
      const registry = new Registry();
      const blockingRedis = connectRedis(proberUrl, 'blocking', logger);
      const commands = connectRedis(proberUrl, 'commands', logger);
      connections.push(blockingRedis, commands);
      const probe = (await probeAllowing('127.0.0.0/8')) as Probe;
      const limits = { concurrency: 50, hostConcurrency: 1000 };
      const prober = createProber({
        blockingRedis,
        redis: commands,
        probe,
        ...limits,
        registry,
        logger,
        ...options,
      });
      probers.push(prober);
      await prober.start();
      return { prober, registry };
    },
    close: async () => {
      await Promise.all(probers.map((prober) => prober.stop()));
      await probes.close();
      await redis.acl('DELUSER', new URL(proberUrl).username);
      for (const connection of connections) connection.disconnect();
      await testRedis.close();
    },
  };
}

/** In addition to a prober's permissions, it may select the test's logical database. */
async function addProberUser(redis: Redis, url: string): Promise<string> {
  const [username, password] = [`prober-${randomUUID()}`, randomUUID()];
  await redis.acl('SETUSER', username, 'on', `>${password}`, ...PROBER_PERMISSIONS, '+select');
  return Object.assign(new URL(url), { username, password }).href;
}

/** Takes the next probe job as a prober would, and then does nothing, as a killed one. */
export async function takeAndDie(url: string): Promise<void> {
  const redis = connectRedis(url, 'blocking', logger);
  const worker = new Worker(PROBE_QUEUE, null, {
    connection: redis,
    prefix: QUEUE_PREFIX,
    lockDuration: 500,
  });
  await worker.getNextJob('token of a dead prober');
  await worker.close(true);
  redis.disconnect();
}
