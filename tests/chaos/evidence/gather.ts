import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shardOf } from '@gomon/domain';
import { QUEUE_PREFIX } from '@gomon/queue-contracts';
import type { Redis } from 'ioredis';
import { SHARD_COUNT } from '../stack/app-environment.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import type { Database } from '../stack/database.ts';
import { ALL_QUEUES, withQueue } from '../stack/queues.ts';
import { isDeleted, type OwnedMonitor } from '../workload/edits.ts';
import type {
  CachedWindow,
  Evidence,
  Gap,
  QueueState,
  Resources,
  Row,
  Stats,
  StoredAlert,
  StoredMonitor,
} from './evidence.ts';

type Stored = Pick<
  Evidence,
  'shardOf' | 'rows' | 'gaps' | 'alerts' | 'monitors' | 'windows' | 'queues' | 'refusesSecondAlert'
>;

/** Reads what the servers hold, past all links, when the run has come to rest. */
export async function gatherStored({ database, windows, queue }: ChaosStack): Promise<Stored> {
  const epoch = (column: string) => `extract(epoch FROM ${column})::float8`;
  const rows = await database.query<Row & { monitorId: string }>(
    `SELECT monitor_id AS "monitorId", ${epoch('slot')} AS slot, ${epoch('checked_at')} AS "checkedAt", outcome, reason, status_code AS "statusCode" FROM checks`,
  );
  return {
    shardOf: (id) => shardOf(id, SHARD_COUNT),
    rows: Map.groupBy(rows, (row) => row.monitorId),
    gaps: await database.query<Gap & Record<string, unknown>>(
      `SELECT shard, ${epoch('from_slot')} AS after, ${epoch('through_slot')} AS through, ${epoch('recorded_at')} AS "recordedAt" FROM gaps`,
    ),
    alerts: await database.query<StoredAlert & Record<string, unknown>>(
      `SELECT id, monitor_id AS "monitorId", ${epoch('opened_at')} AS "openedAt", ${epoch('resolved_at')} AS "resolvedAt", failures, ended_by AS "endedBy" FROM alerts`,
    ),
    monitors: await database.query<StoredMonitor & Record<string, unknown>>(
      `SELECT id, shard, threshold, window_seconds AS "windowSeconds", ceil(${epoch('rule_since')})::float8 AS "ruleSince",
              coalesce(ceil(${epoch('window_since')}), 0)::float8 AS "windowSince" FROM monitors`,
    ),
    windows: await windows.run((redis) => readWindows(redis)),
    queues: await Promise.all(ALL_QUEUES.map((name) => readQueue(name, { queue }))),
    refusesSecondAlert: await refusesSecondAlert(database),
  };
}

/** Those of the server's present run that are filled; others are not believed by anybody. */
async function readWindows(redis: Redis): Promise<CachedWindow[]> {
  const run = /run_id:(\w+)/.exec(await redis.info('server'))?.[1] ?? '';
  const keys = (await redis.keys('gomon:window:*')).filter((key) => key.split(':')[3] === run);
  const windows = await Promise.all(
    keys.map(async (key) => {
      const [monitorId = '', windowSeconds] = key.split(':').slice(4);
      const members = await redis.zrange(key, '0', '-1');
      return {
        isFilled: !members.includes('unfilled'),
        monitorId,
        windowSeconds: Number(windowSeconds),
        newest: Number(await redis.zscore(key, 'newest')),
        failures: members.map(Number).filter(Number.isInteger),
      };
    }),
  );
  return windows.filter(({ isFilled }) => isFilled);
}

const STATES = ['wait', 'active', 'delayed', 'prioritized', 'waiting-children', 'failed'] as const;

async function readQueue(
  name: string,
  { queue: server }: Pick<ChaosStack, 'queue'>,
): Promise<QueueState> {
  const counts = await withQueue(server, name, (queue) => queue.getJobCounts(...STATES));
  const keys = await server.run((redis) => redis.keys(`${QUEUE_PREFIX}:${name}:*`));
  const ofJobs = keys.map((key) => key.split(':')[2] ?? '').filter((part) => /\d/.test(part));
  return { name, counts, orphans: [...new Set(ofJobs)] };
}

const UNIQUE_VIOLATION = '23505';

/** Whatever the product does, the database itself must not take it: tried with an alert that is already there, and undone. */
async function refusesSecondAlert(database: Database): Promise<boolean> {
  const copy = `
    INSERT INTO alerts (id, monitor_id, user_id, opened_at, failures, threshold, window_seconds)
    SELECT gen_random_uuid(), m.id, m.user_id, now() - make_interval(secs => n), 1, 0, 60 FROM (SELECT * FROM monitors LIMIT 1) m, generate_series(1, 2) n`;
  try {
    await database.query(`DO $$ BEGIN ${copy}; RAISE 'both were taken'; END $$`);
    return false;
  } catch (error) {
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return true;
    if (error instanceof Error && error.message === 'both were taken') return false;
    throw error;
  }
}

/** What the API answers about the last 24 hours of every monitor that is still there. */
export async function gatherStats(monitors: readonly OwnedMonitor[]): Promise<Map<string, Stats>> {
  const stats = new Map<string, Stats>();
  for (const monitor of monitors.filter((one) => !isDeleted(one))) {
    const { body } = await monitor.owner.send('GET', `/v1/monitors/${monitor.id}/stats?period=24h`);
    const { successes, failures, unknown } = body as unknown as Stats;
    stats.set(monitor.id, { successes, failures, unknown });
  }
  return stats;
}

export async function gatherResources({ apps, database, queue }: ChaosStack): Promise<Resources> {
  const processes = new Map<string, { descriptors: number; megabytes: number }>();
  for (const app of apps.values()) {
    const pid = app.pid();
    if (pid !== null)
      processes.set(app.name, {
        descriptors: readdirSync(`/proc/${pid}/fd`).length,
        megabytes: residentMegabytes(pid),
      });
  }
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int4 AS count FROM pg_stat_activity WHERE application_name LIKE 'gomon%'`,
  );
  const clients = /connected_clients:(\d+)/.exec(
    await queue.run((redis) => redis.info('clients')),
  )?.[1];
  return { processes, databaseConnections: row?.count ?? 0, queueClients: Number(clients) };
}

function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

const ALARMS = /unhandledRejection|UnhandledPromiseRejection|MaxListenersExceededWarning/;

/** Lines of the apps' logs that none of them may write once it has started. */
export function gatherAlarms(directory: string, names: Iterable<string>): string[] {
  const logs = join(directory, 'logs');
  return [...names].flatMap((name) =>
    readFileSync(join(logs, `${name}.log`), 'utf8')
      .split('\n')
      .filter((line) => ALARMS.test(line))
      .map((line) => `${name} logged ${line.slice(0, 300)}`),
  );
}
