import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { claimNotifications, endAttempt } from '@gomon/persistence';
import { startTestApi, type Client, type TestApi } from '../test-api.ts';

interface Delivery {
  readonly recipient: string | null;
  readonly transition: string;
  readonly status: string;
  readonly attempts: readonly { readonly error: string | null }[];
}

const [ADA, BOB] = ['ada@monitor.test', 'bob@monitor.test'] as const;
let api: TestApi;
let client: Client;
let channelId: string;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  client = await api.signUp();
  const body = {
    kind: 'email',
    name: randomUUID(),
    settings: { to: [`${randomUUID()}${ADA}`, `${randomUUID()}${BOB}`] },
  };
  channelId = (await client.send<{ id: string }>('POST', '/v1/channels', body)).body.id;
  await api.sql.query(`UPDATE notifications SET status = 'delivered'`);
  await api.sql.query(`UPDATE email_addresses SET confirmed_at = now()`);
});

/** Ends the attempts of this many notifications, as a scheduler does: those to Bob fail. */
async function attempt(count: number): Promise<void> {
  const limits = {
    limit: 10,
    channelLimit: 10,
    userLimit: 10,
    busyChannels: [],
    busyUsers: [],
    leaseSeconds: 60,
  };
  for (let ended = 0; ended < count;) {
    for (const { id, channelId: of, attempts, confirmed } of await claimNotifications(
      api.db,
      limits,
    )) {
      const error = confirmed[0]?.endsWith(BOB) ? 'the mail server answered 450' : null;
      const retryInSeconds = error ? 30 : null;
      await endAttempt(api.db, {
        id,
        channelId: of,
        attempts,
        durationMs: 5,
        statusCode: 250,
        error,
        retryInSeconds,
      });
      ended += 1;
    }
  }
}
const list = async () =>
  (await client.send<{ items: Delivery[] }>('GET', `/v1/channels/${channelId}/deliveries`)).body
    .items;
const tests = async () => (await list()).filter(({ transition }) => transition === 'test');
const ask = (headers = {}) =>
  client.send<Delivery>('POST', `/v1/channels/${channelId}/test`, undefined, headers);

test('a test goes to each address, and returns the worst result', async () => {
  const [answer] = await Promise.all([ask(), attempt(2)]);
  expect(answer).toMatchObject({
    status: 200,
    body: { status: 'pending', recipient: expect.stringContaining(BOB) },
  });
  expect(answer.body.attempts).toMatchObject([{ error: 'the mail server answered 450' }]);
  const shown = (await tests())
    .map(({ recipient, status }) => [recipient?.slice(36), status])
    .sort();
  expect(shown).toEqual([
    [ADA, 'delivered'],
    [BOB, 'pending'],
  ]);
});

test('a test with an Idempotency-Key goes to each address once', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const [first] = await Promise.all([ask(key), attempt(2)]);
  expect((await ask(key)).body).toEqual(first.body);
  expect(await tests()).toHaveLength(2);
});

test('nothing more is sent to an address that was removed from the channel', async () => {
  await Promise.all([ask(), attempt(2)]);
  const { body } = await client.send<{ settings: { to: string[] } }>(
    'GET',
    `/v1/channels/${channelId}`,
  );
  await client.send('PATCH', `/v1/channels/${channelId}`, {
    settings: { to: body.settings.to.slice(0, 1) },
  });
  expect((await tests()).map(({ status }) => status).sort()).toEqual(['delivered', 'dropped']);
});

test('a delivery by a channel with one receiver has no recipient', async () => {
  const settings = { url: 'https://hook.test/' };
  const { body } = await client.send<{ id: string }>('POST', '/v1/channels', {
    kind: 'webhook',
    name: randomUUID(),
    settings,
  });
  channelId = body.id;
  const [answer] = await Promise.all([ask(), attempt(1)]);
  expect(answer.body).toMatchObject({ status: 'delivered', recipient: null });
});
