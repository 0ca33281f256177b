import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROLES } from '@gomon/persistence';
import { startTarget, type Target } from '@gomon/test-support';
import pg from 'pg';
import { until } from './product.ts';
import { startTestStack, type RunningStack } from './stack.ts';

interface StatusAnswer {
  readonly status: 'ok' | 'degraded';
  readonly probersSeen: number | null;
}

let stack: RunningStack;
let receiver: Target;

beforeAll(async () => {
  receiver = await startTarget();
  stack = await startTestStack(2, 2, { HEARTBEAT_URL: `${receiver.url}/heartbeat` });
});
afterAll(async () => {
  await stack?.close();
  await receiver?.stop();
});

const status = async () =>
  (await fetch(`${stack.apiUrl}/v1/status`)).json() as Promise<StatusAnswer>;

test('the status is well and the heartbeat is heard while schedulers and probers run', async () => {
  expect(await until(status, ({ probersSeen }) => probersSeen === 2)).toMatchObject({
    status: 'ok',
  });
  await until(
    async () => receiver.log.length,
    (calls) => calls > 0,
  );
  expect(receiver.log[0]).toMatchObject({ path: '/heartbeat', status: 200 });
});

test('each app goes to the database as its own role', async () => {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ role: string }>(
    `SELECT DISTINCT usename AS role FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY 1`,
  );
  await client.end();
  expect(rows.map(({ role }) => role)).toEqual([ROLES.api, ROLES.scheduler]);
});

test('the status is degraded when the probers have died', async () => {
  for (const { name, pid } of stack.processes)
    if (name.startsWith('prober')) process.kill(pid, 'SIGKILL');
  expect(await until(status, ({ probersSeen }) => probersSeen === 0)).toMatchObject({
    status: 'degraded',
  });
});
