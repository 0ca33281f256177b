import { randomUUID } from 'node:crypto';
import { phaseOf, shardOf, type CheckResult } from '@gomon/domain';
import { connect, ROLES, type Db } from '@gomon/persistence';
import { createTestDatabase, createTestRedis } from '@gomon/test-support';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createSchedulerMetrics } from '../src/metrics.ts';

export const SHARD_COUNT = 4;
export const logger = pino({ level: 'silent' });

/**
 * A database and a Redis for one spec file; with a `still` clock, only `advance` moves the
 * database's clock.
 */
export async function openStores({ clock = 'running' }: { clock?: 'running' | 'still' } = {}) {
  const database = await createTestDatabase();
  const server = await createTestRedis();
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  if (clock === 'still') await stopClock(database.url);
  const db = openPool(database.url);
  const asScheduler = openPool(database.urlAs(ROLES.scheduler));
  const close = async () => {
    redis.disconnect();
    await Promise.all([db.$disconnect(), asScheduler.$disconnect()]);
    await Promise.all([database.drop(), server.close()]);
  };
  return {
    db,
    /** The same database, with a scheduler's privileges only. */
    asScheduler,
    databaseUrl: database.url,
    redis,
    redisUrl: server.url,
    metrics: createSchedulerMetrics(new Registry()),
    logger,
    advance: async (seconds: number) => {
      await db.$executeRaw`UPDATE clock.present SET at = at + ${seconds} * interval '1 second'`;
    },
    close,
  };
}

const openPool = (url: string) =>
  connect({
    url,
    poolSize: 8,
    applicationName: 'test',
    statementTimeoutMs: 10_000,
    onConnectionError: (error) => console.error(error),
  });

/** Sessions of this database find our clock_timestamp() before PostgreSQL's. */
async function stopClock(url: string): Promise<void> {
  const db = openPool(url);
  for (const statement of [
    `CREATE SCHEMA clock`,
    `CREATE TABLE clock.present AS SELECT date_trunc('second', now()) AS at`,
    `CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT at FROM clock.present'`,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = clock, public, pg_catalog', current_database()); END $$`,
  ])
    await db.$executeRawUnsafe(statement);
  await db.$disconnect();
}

export interface MonitorFixture {
  readonly intervalSeconds?: number;
  readonly threshold?: number;
  readonly windowSeconds?: number;
  readonly paused?: boolean;
  readonly shard?: number;
  /** Instead of the shard that follows from its id. */
  readonly phase?: number;
  /** How long ago it was created, in seconds. */
  readonly ageSeconds?: number;
  readonly immediateSlot?: number;
}

export async function createMonitor(
  db: Db,
  fixture: MonitorFixture = {},
): Promise<{ id: string; shard: number; phase: number }> {
  const {
    intervalSeconds = 10,
    threshold = 2,
    windowSeconds = 60,
    paused = false,
    ageSeconds = 7200,
    immediateSlot,
  } = fixture;
  const id = idInShard(fixture.shard);
  const ownerId = randomUUID();
  await db.user.create({ data: { id: ownerId, username: `user-${ownerId}`, passwordHash: '' } });
  const phase = fixture.phase ?? phaseOf(id, intervalSeconds);
  const shard = shardOf(id, SHARD_COUNT);
  const since = new Date(Date.now() - ageSeconds * 1000);
  await db.monitor.create({
    data: {
      id,
      ownerId,
      shard,
      phase,
      name: id,
      target: 'http://target.test/',
      settings: { url: 'http://target.test/' },
      threshold,
      intervalSeconds,
      timeoutMs: 500,
      windowSeconds,
      paused,
      activeSince: since,
      ruleSince: since,
      createdAt: since,
      ...(immediateSlot === undefined
        ? {}
        : { immediateSlot: new Date(immediateSlot * 1000), immediatePending: true }),
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

export function result(
  monitorId: string,
  slot: number,
  outcome: CheckResult['outcome'],
): CheckResult {
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
