import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres, type Server } from '@gomon/test-support';
import pg from 'pg';

/** PostgreSQL as the faults treat it: it may be stopped in any way and is started again on the same data. */
export interface Database {
  port(): number;
  /** Not through any link; the address changes with each start. */
  url(): string;
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** SIGINT is its fast shutdown, SIGQUIT its immediate one, SIGKILL takes the postmaster alone. */
  stop(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
}

const ALL_GONE_MS = 20_000;

export async function startDatabase(directory: string, logDir: string): Promise<Database> {
  const open = () =>
    startPostgres({
      dataDir: join(directory, 'postgres'),
      logFile: join(logDir, 'postgres.log'),
      password: 'chaos',
      persistent: true,
      onProgress: () => undefined,
    });
  let server: Server | null = await open();
  let lastUrl = server.url;
  let frozen: number[] = [];
  const thaw = () => {
    for (const pid of frozen.splice(0)) signalIfThere(pid, 'SIGCONT');
  };
  return {
    port: () => Number(new URL(lastUrl).port),
    url: () => lastUrl,
    query: (sql, values) => queryOnce(lastUrl, sql, values),
    stop: async (signal) => {
      thaw();
      if (!server) return;
      const { pid, exited } = server;
      server = null;
      const children = childrenOf(pid);
      process.kill(pid, signal);
      await exited;
      await untilGone(children);
    },
    start: async () => {
      server ??= await open();
      lastUrl = server.url;
    },
    freeze: () => {
      if (!server) return;
      // The postmaster first: from then on it has no new children.
      process.kill(server.pid, 'SIGSTOP');
      frozen = [server.pid, ...childrenOf(server.pid)];
      for (const pid of frozen.slice(1)) signalIfThere(pid, 'SIGSTOP');
    },
    thaw,
  };
}

async function queryOnce<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 3000,
    query_timeout: 30_000,
  });
  client.on('error', () => undefined); // What is under way rejects.
  try {
    await client.connect();
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await Promise.race([client.end().catch(() => undefined), delay(1000)]); // A server that is frozen never answers.
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    return Number(afterName.split(' ')[1]);
  } catch {
    return null; // It has ended meanwhile.
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  if (parentOf(pid) !== null) process.kill(pid, signal);
}

/** The backends of a killed postmaster end by themselves; the next one must not share the data with them. */
async function untilGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + ALL_GONE_MS;
  while (pids.some((pid) => parentOf(pid) !== null)) {
    if (performance.now() > deadline)
      throw new Error('backends of a PostgreSQL that was stopped do not end');
    await delay(20);
  }
}
