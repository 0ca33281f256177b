import { randomUUID } from 'node:crypto';
import { phaseOf, shardOf, type CheckResult } from '@gomon/domain';
import { connect, type Db } from '@gomon/persistence';
import { createTestDatabase, createTestRedis } from '@gomon/test-support';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createSchedulerMetrics } from '../src/metrics.ts';

export const SHARD_COUNT = 4;
export const logger = pino({ level: 'silent' });

/** A database and a Redis of its own for one spec file. */
export async function openStores() {
  const database = await createTestDatabase();
  const server = await createTestRedis();
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  const db = connect({
    url: database.url,
    poolSize: 8,
    applicationName: 'test',
    statementTimeoutMs: 10_000,
    onConnectionError: (error) => console.error(error),
  });
  const close = async () => {
    redis.disconnect();
    await db.$disconnect();
    await Promise.all([database.drop(), server.close()]);
  };
  return {
    db,
    databaseUrl: database.url,
    redis,
    redisUrl: server.url,
    metrics: createSchedulerMetrics(new Registry()),
    logger,
    close,
  };
}

export interface MonitorFixture {
  readonly intervalSeconds?: number;
  readonly threshold?: number;
  readonly windowSeconds?: number;
  readonly paused?: boolean;
  readonly shard?: number;
  /** How long ago it was created, in seconds. */
  readonly ageSeconds?: number;
  readonly immediateSlot?: number;
}

export async function createMonitor(db: Db, fixture: MonitorFixture = {}): Promise<{ id: string; shard: number; phase: number }> {
  const { intervalSeconds = 10, threshold = 2, windowSeconds = 60, paused = false, ageSeconds = 7200, immediateSlot } = fixture;
  const id = idInShard(fixture.shard);
  const userId = randomUUID();
  await db.user.create({ data: { id: userId, username: `user-${userId}`, passwordHash: '' } });
  const phase = phaseOf(id, intervalSeconds);
  const shard = shardOf(id, SHARD_COUNT);
  const since = new Date(Date.now() - ageSeconds * 1000);
  await db.monitor.create({
    data: {
      id,
      userId,
      shard,
      phase,
      name: id,
      url: 'http://target.test/',
      threshold,
      intervalSeconds,
      timeoutMs: 500,
      windowSeconds,
      method: 'GET',
      expectedStatus: ['200'],
      followRedirects: true,
      paused,
      activeSince: since,
      ruleSince: since,
      createdAt: since,
      ...(immediateSlot === undefined ? {} : { immediateSlot: new Date(immediateSlot * 1000), immediatePending: true }),
    },
  });
  return { id, shard, phase };
}

function idInShard(shard: number | undefined): string {
  for (;;) {
    const id = randomUUID();
    if (shard === undefined || shardOf(id, SHARD_COUNT) === shard) return id;
  }
}

export function result(monitorId: string, slot: number, outcome: CheckResult['outcome']): CheckResult {
  const reason = outcome === 'failure' ? 'timeout' : outcome === 'unknown' ? 'internal' : null;
  return {
    monitorId,
    slot,
    outcome,
    statusCode: outcome === 'success' ? 200 : null,
    reason,
    durationMs: 5,
    checkedAt: slot * 1000 + 5,
  };
}

export const secondsNow = () => Math.floor(Date.now() / 1000);
