import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { connect, type Db } from '@gomon/persistence';
import type { CheckResult } from '@gomon/domain';
import { RESULT_BATCH_SIZE } from '@gomon/queue-contracts';
import {
  batched,
  ingestCheckResults,
  type ResultDelivery,
  BATCHES,
  JOBS_IN_HAND,
  createSchedulerMetrics,
  createRowBackedWindows,
} from '@gomon/scheduler/testing';
import { openLoad, type Load } from './load.ts';
import { startServers, type Servers } from './servers.ts';

/** Their results come on time for an hour, so that slots may follow each other faster than real ones would. */
const INTERVAL_SECONDS = 3600;
const AGE_DAYS = 60;
const RETENTION_DAYS = 40;
const SECONDS_BETWEEN_ROUNDS = 15;
const FAILS_EVERY = 100;

/** The part of a scheduler behind the queue, in this process, and monitors whose results it takes. */
export interface Ingestion {
  readonly servers: Servers;
  readonly load: Load;
  readonly db: Db;
  /** The ids of each shard's monitors. */
  readonly monitors: readonly (readonly string[])[];
  /** What a prober would report of the shard's monitors at the next of their slots: one in a hundred fails. */
  nextRound(shard: number): CheckResult[];
  /** How many results all rounds together had. */
  readonly handedOut: () => number;
  /** As the worker does: many jobs in hand, gathered into batches. `onJob` gets the milliseconds that each job took. */
  ingest(
    shard: number,
    results: readonly CheckResult[],
    onJob?: (milliseconds: number) => void,
  ): Promise<void>;
  stop(): Promise<void>;
}

export async function startIngestion(
  monitorsPerShard: number,
  say: (line: string) => void,
): Promise<Ingestion> {
  const servers = await startServers(0, say);
  const { databaseUrl, windowRedisUrl } = servers.connections;
  const load = await openLoad(databaseUrl);
  const onConnectionError = (error: Error) => say(error.message);
  const options = {
    url: databaseUrl,
    poolSize: 16,
    applicationName: 'gomon-bench-ingest',
    statementTimeoutMs: 60_000,
  };
  const db = connect({ ...options, onConnectionError });
  const redis = new Redis(windowRedisUrl, { maxRetriesPerRequest: null });
  const stop = async () => {
    redis.disconnect();
    await Promise.all([db.$disconnect(), load.stop()]);
    await servers.stop();
  };
  try {
    const monitors = await registerMonitors(load, monitorsPerShard);
    const metrics = createSchedulerMetrics(new Registry());
    const deps = {
      db,
      windows: createRowBackedWindows([redis], db),
      retentionDays: RETENTION_DAYS,
      metrics,
    };
    const take = batched(
      (deliveries: readonly ResultDelivery[]) => ingestCheckResults(deliveries, deps),
      BATCHES,
    );
    const firstSlot = Math.floor(Date.now() / 1000) - INTERVAL_SECONDS + 600;
    const rounds = monitors.map(() => 0);
    return {
      servers,
      load,
      db,
      monitors,
      nextRound: (shard) => {
        const round = (rounds[shard] = (rounds[shard] ?? 0) + 1);
        return (monitors[shard] ?? []).map((id, i) =>
          resultOf(id, firstSlot + round * SECONDS_BETWEEN_ROUNDS, i),
        );
      },
      handedOut: () =>
        rounds.reduce((total, count, shard) => total + count * (monitors[shard]?.length ?? 0), 0),
      ingest: async (shard, results, onJob = () => undefined) => {
        const jobs = jobsOf(results);
        const hand = async () => {
          for (let job = jobs.shift(); job; job = jobs.shift()) {
            const startedAt = performance.now();
            await take({ shard, job });
            onJob(performance.now() - startedAt);
          }
        };
        await Promise.all(Array.from({ length: JOBS_IN_HAND }, hand));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function resultOf(monitorId: string, slot: number, place: number): CheckResult {
  const failed = place % FAILS_EVERY === 0;
  const durationMs = 80 + ((place * 7919 + slot * 31) % 240);
  return {
    monitorId,
    slot,
    outcome: failed ? 'failure' : 'success',
    statusCode: failed ? 500 : 200,
    reason: failed ? 'http_status' : null,
    durationMs,
    phases: [2, 20, 21, durationMs - 50],
    checkedAt: slot * 1000 + durationMs,
  };
}

function jobsOf(results: readonly CheckResult[]): { results: CheckResult[] }[] {
  const count = Math.ceil(results.length / RESULT_BATCH_SIZE);
  return Array.from({ length: count }, (_, i) => ({
    results: results.slice(i * RESULT_BATCH_SIZE, (i + 1) * RESULT_BATCH_SIZE),
  }));
}

/** As many of each shard, and old enough for any slot. */
async function registerMonitors(load: Load, perShard: number): Promise<string[][]> {
  const { sql } = load;
  const { rows: shards } = await sql.query<{ id: number }>('SELECT id FROM shards');
  await load.register(Math.ceil(1.1 * perShard * shards.length) + 100, {
    intervalSeconds: INTERVAL_SECONDS,
    url: 'http://target.test/',
  });
  const since = `now() - interval '${AGE_DAYS} days'`;
  await sql.query(
    `UPDATE monitors SET created_at = ${since}, active_since = ${since}, rule_since = ${since}`,
  );
  await sql.query('VACUUM (ANALYZE) monitors');
  const { rows } = await sql.query<{ ids: string[] }>(
    `SELECT (array_agg(id ORDER BY id))[:$1] AS ids FROM monitors GROUP BY shard ORDER BY shard`,
    [perShard],
  );
  return rows.map(({ ids }) => ids);
}
