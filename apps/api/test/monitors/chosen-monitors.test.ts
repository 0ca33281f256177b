import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pointersOf, register, startTestApi, type MonitorBody, type TestApi } from '../test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

test('the list of monitors can be filtered by ids, and reveals nothing of other users', async () => {
  const [client, other] = [await api.signUp(), await api.signUp()];
  const monitors = [await register(client), await register(client), await register(client)];
  const foreign = await register(other);
  const [first, , third] = monitors.map(({ id }) => id);
  const ids = [third, foreign.id, first].join();
  const { body } = await client.send<{ items: MonitorBody[] }>('GET', `/v1/monitors?ids=${ids}`);
  expect(body.items.map(({ id }) => id)).toEqual([first, third]);
});

test.each(['', ',', 'x', "1' OR 'a'='a"])('invalid ids are refused: %j', async (ids) => {
  const client = await api.signUp();
  const answer = await client.send('GET', `/v1/monitors?ids=${encodeURIComponent(ids)}`);
  expect(answer.status).toBe(400);
  expect(pointersOf(answer)).toEqual(['/ids']);
});
