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

test('tells nobody in particular, while no scheduler runs, that checks are not done in time', async () => {
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

test('tells that they are, as soon as all shards are dispatched and a prober is there', async () => {
  await dispatchAll();
  await recordQueueReading(api.db, { oldestProbeJobAt: null, oldestResultAt: null, probersSeen: 2 });
  expect(await status()).toMatchObject({ status: 'ok', queueAgeSeconds: 0, ingestDelaySeconds: 0, probersSeen: 2 });
  expect(Date.parse(String((await status())['checkedAt']))).not.toBeNaN();
});

test.each([
  ['no prober is there', { probersSeen: 0 }],
  ['checks wait for probers', { oldestProbeJobAt: Date.now() - 60_000 }],
  ['results wait for their rows', { oldestResultAt: Date.now() - 120_000 }],
])('tells that they are not when %s', async (_, change) => {
  await dispatchAll();
  await recordQueueReading(api.db, { oldestProbeJobAt: null, oldestResultAt: null, probersSeen: 1, ...change });
  expect(await status()).toMatchObject({ status: 'degraded' });
});

test('tells that checks expire, which all that is dispatched and probed in time may hide', async () => {
  await dispatchAll();
  await recordQueueReading(api.db, { oldestProbeJobAt: null, oldestResultAt: null, probersSeen: 1 });
  await addExpiredChecks(api.db, 2);
  expect(await status()).toMatchObject({ status: 'degraded', checksExpired: 2 });
  await api.sql.query('UPDATE queue_readings SET expired = 0');
});

test('tells that they are not when a single shard is left behind', async () => {
  await recordQueueReading(api.db, { oldestProbeJobAt: null, oldestResultAt: null, probersSeen: 1 });
  await dispatchAll();
  expect(await status()).toMatchObject({ status: 'ok' });
  await api.sql.query(`UPDATE shards SET dispatched_through = now() - interval '1 minute' WHERE id = 2`);
  expect(await status()).toMatchObject({ status: 'degraded' });
});
