import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addNumberedMonitors, connect, createUser, type Db } from '@gomon/persistence';
import { startTarget, type Target } from '@gomon/test-support';
import { until } from './product.ts';
import { startTestStack, type RunningStack } from './stack.ts';

const MONITORS = 120;
const DEADLY = 57;
const PROBERS = 3;
const program = fileURLToPath(new URL('prober-that-dies.ts', import.meta.url));

let stack: RunningStack;
let target: Target;
let db: Db;
const probers = new Map<number, ChildProcess>();
let deaths = 0;
let isOver = false;

/** Where a prober dies, another takes its place. */
function startProber(number: number): void {
  const child = fork(program, [String(DEADLY)], {
    env: { ...process.env, QUEUE_REDIS_URL: stack.queueRedisUrl },
  });
  probers.set(number, child);
  child.once('exit', () => {
    if (isOver) return;
    deaths++;
    startProber(number);
  });
}

beforeAll(async () => {
  target = await startTarget();
  for (let i = 1; i <= MONITORS; i++)
    target.respond(`/${i}`, () => ({ status: 200, delayMs: 300 }));
  stack = await startTestStack(2, 0);
  const onConnectionError = (error: Error) => console.error(error);
  db = connect({
    url: stack.databaseUrl,
    poolSize: 2,
    applicationName: 'test',
    statementTimeoutMs: 5000,
    onConnectionError,
  });
  await createMonitors();
  for (let number = 0; number < PROBERS; number++) startProber(number);
});
afterAll(async () => {
  isOver = true;
  for (const child of probers.values()) {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  await db?.$disconnect();
  await stack?.close();
  await target?.stop();
});

/** All of them have an immediate slot at the same second: they come in few jobs. */
async function createMonitors(): Promise<void> {
  const user = { id: randomUUID(), username: 'ada', passwordHash: '' };
  await createUser(db, user);
  const settings = {
    name: 'monitor',
    url: `${target.url}/`,
    intervalSeconds: 3600,
    threshold: 0,
    shardCount: 4,
  };
  await addNumberedMonitors(db, { ownerId: user.id, ...settings }, 1, MONITORS);
  await db.monitor.updateMany({
    data: { immediateSlot: new Date(Math.ceil(Date.now() / 1000) * 1000), immediatePending: true },
  });
}

/** The oldest check of each monitor, by its number. */
async function firstChecks(): Promise<Map<number, string>> {
  const rows = await db.$queryRaw<{ number: number; check: string }[]>`
    SELECT DISTINCT ON (m.id) substring(m.target FROM '[0-9]+$')::int4 AS number, concat_ws(' ', c.outcome, c.reason) AS check
    FROM monitors m JOIN checks c ON c.monitor_id = m.id ORDER BY m.id, c.slot`;
  return new Map(rows.map(({ number, check }) => [number, check]));
}

async function sumOf(metric: string): Promise<number> {
  const pages = await Promise.all(
    ['scheduler', 'scheduler-2'].map(async (app) =>
      (await fetch(stack.metricsUrls[app] ?? '')).text(),
    ),
  );
  return pages.reduce(
    (sum, page) => sum + Number(new RegExp(`^${metric} (\\d+)$`, 'm').exec(page)?.[1]),
    0,
  );
}

test('a target at which every prober dies is found out: its check is unknown, all others are probed', async () => {
  await until(
    async () => deaths,
    (count) => count > 1,
  );
  const checks = await until(firstChecks, (found) => found.size === MONITORS);
  expect([...checks].filter(([, check]) => check !== 'success')).toEqual([
    [DEADLY, 'unknown internal'],
  ]);
  await until(
    () => sumOf('gomon_checks_given_up_total'),
    (count) => count === 1,
  );
  console.log(
    `${deaths} deaths, ${await sumOf('gomon_probe_jobs_taken_apart_total')} jobs taken apart`,
  );
  expect(deaths).toBeLessThanOrEqual(6);
});
