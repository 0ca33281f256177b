import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addExpiredChecks, recordQueueReading } from '@gomon/persistence';
import { send, startTestApi, type TestApi } from '../test-api.ts';

interface StatusBody {
  readonly status: string;
  readonly [name: string]: unknown;
}

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const status = async () => (await send<StatusBody>(api.app, { url: '/v1/status' })).body;
const dispatchAll = () => api.sql.query('UPDATE shards SET dispatched_through = now()');

test('says publicly, while no scheduler runs, that checks are late', async () => {
  await api.sql.query(`UPDATE shards SET dispatched_through = now() - interval '1 hour'`);
  const answer = await send<StatusBody>(api.app, { url: '/v1/status' });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    status: 'degraded',
    lastDispatchedAgeSeconds: expect.any(Number),
    queueAgeSeconds: null,
    ingestDelaySeconds: null,
    probersSeen: null,
    checksExpired: null,
    checkedAt: null,
  });
  expect(answer.body['lastDispatchedAgeSeconds']).toBeGreaterThanOrEqual(3600);
});

test('says that checks are in time as soon as all shards are dispatched and a prober runs', async () => {
  await dispatchAll();
  await recordQueueReading(api.db, {
    oldestProbeJobAt: null,
    oldestResultAt: null,
    probersSeen: 2,
  });
  expect(await status()).toMatchObject({
    status: 'ok',
    queueAgeSeconds: 0,
    ingestDelaySeconds: 0,
    probersSeen: 2,
  });
  expect(Date.parse(String((await status())['checkedAt']))).not.toBeNaN();
});

test.each([
  ['no prober is there', { probersSeen: 0 }],
  ['checks wait for probers', { oldestProbeJobAt: Date.now() - 60_000 }],
  ['results wait for their rows', { oldestResultAt: Date.now() - 120_000 }],
])('says that checks are late when %s', async (_, change) => {
  await dispatchAll();
  await recordQueueReading(api.db, {
    oldestProbeJobAt: null,
    oldestResultAt: null,
    probersSeen: 1,
    ...change,
  });
  expect(await status()).toMatchObject({ status: 'degraded' });
});

test('says that checks expire, even while others are dispatched and probed in time', async () => {
  await dispatchAll();
  await recordQueueReading(api.db, {
    oldestProbeJobAt: null,
    oldestResultAt: null,
    probersSeen: 1,
  });
  await addExpiredChecks(api.db, 2);
  expect(await status()).toMatchObject({ status: 'degraded', checksExpired: 2 });
  await api.sql.query('UPDATE queue_readings SET expired = 0');
});

test('says that checks are late when a single shard is behind', async () => {
  await recordQueueReading(api.db, {
    oldestProbeJobAt: null,
    oldestResultAt: null,
    probersSeen: 1,
  });
  await dispatchAll();
  expect(await status()).toMatchObject({ status: 'ok' });
  await api.sql.query(
    `UPDATE shards SET dispatched_through = now() - interval '1 minute' WHERE id = 2`,
  );
  expect(await status()).toMatchObject({ status: 'degraded' });
});
