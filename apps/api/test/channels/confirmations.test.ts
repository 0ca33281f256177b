import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startTestApi, type Client, type TestApi } from '../test-api.ts';

interface ChannelBody {
  readonly id: string;
  readonly unconfirmed: readonly string[];
  readonly code?: string;
}

let api: TestApi;
let client: Client;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  client = await api.signUp();
});

const newAddress = () => `${randomUUID()}@monitor.test`;
const make = (to: readonly string[], by = client) =>
  by.send<ChannelBody>('POST', '/v1/channels', {
    kind: 'email',
    name: randomUUID(),
    settings: { to },
  });
const confirm = (id: string, code: string, by = client) =>
  by.send<ChannelBody>('POST', `/v1/channels/${id}/confirm`, { code });

/** The codes that the address is mailed, oldest first. */
async function codesOf(address: string): Promise<string[]> {
  const { rows } = await api.sql.query<{ code: string }>(
    `SELECT content->'confirmation'->>'code' AS code FROM notifications
     WHERE transition = 'confirmation' AND content->'confirmation'->>'address' = $1 ORDER BY created_at`,
    [address],
  );
  return rows.map(({ code }) => code);
}

test('each address is confirmed with its emailed code, for all channels of the user', async () => {
  const [ada, bob] = [newAddress(), newAddress()];
  const { body } = await make([ada, bob]);
  expect(body.unconfirmed).toEqual([ada, bob]);
  const [code = ''] = await codesOf(bob);
  const confirmed = await confirm(body.id, code.toLowerCase());
  expect(confirmed).toMatchObject({ status: 200, body: { id: body.id, unconfirmed: [ada] } });
  expect(
    (await client.send<ChannelBody>('GET', `/v1/channels/${body.id}`)).body.unconfirmed,
  ).toEqual([ada]);
  expect((await make([bob])).body.unconfirmed).toEqual([]);
  expect(await codesOf(bob)).toHaveLength(1);
});

test('a code is valid once, for a day, for its address, and until the next code', async () => {
  const address = newAddress();
  const { body } = await make([address]);
  expect((await confirm(body.id, 'A'.repeat(10))).body).toMatchObject({
    status: 409,
    code: 'wrong_code',
  });
  await client.send('PATCH', `/v1/channels/${body.id}`, { settings: { to: [address] } });
  const [first = '', second = ''] = await codesOf(address);
  expect((await confirm(body.id, first)).status).toBe(409);
  const other = await make([newAddress()]);
  expect((await confirm(other.body.id, second)).status).toBe(409);
  await api.sql.query(`UPDATE email_addresses SET code_expires_at = now() WHERE address = $1`, [
    address,
  ]);
  expect((await confirm(body.id, second)).status).toBe(409);
  await api.sql.query(
    `UPDATE email_addresses SET code_expires_at = now() + interval '1 hour' WHERE address = $1`,
    [address],
  );
  expect((await confirm(body.id, second)).status).toBe(200);
  expect((await confirm(body.id, second)).status).toBe(409);
});

test('another user cannot confirm the channel, and does not get the address confirmed', async () => {
  const address = newAddress();
  const { body } = await make([address]);
  const [code = ''] = await codesOf(address);
  const stranger = await api.signUp();
  expect((await confirm(body.id, code, stranger)).status).toBe(404);
  await confirm(body.id, code);
  expect((await make([address], stranger)).body.unconfirmed).toEqual([address]);
});

test('an address gets at most three codes a day from all users', async () => {
  const address = newAddress();
  for (const letter of ['x', 'X']) await make([address.replace('@', `${letter}@`)]);
  const stranger = await api.signUp();
  const third = await make([address.replace('@', 'x@')], stranger);
  expect(third.status).toBe(201);
  await stranger.send('DELETE', `/v1/channels/${third.body.id}`);
  const refused = await make([address.replace('@', 'X@')], await api.signUp());
  expect(refused.body).toMatchObject({ status: 429, code: 'confirmation_limit_reached' });
  expect(refused.headers['retry-after']).toBe('86400');
  const { rows } = await api.sql.query(
    `SELECT FROM channels WHERE user_id = (SELECT id FROM users ORDER BY created_at DESC LIMIT 1)`,
  );
  expect(rows).toEqual([]);
});

test('a user has twenty codes mailed a day', async () => {
  const ten = () => Array.from({ length: 10 }, newAddress);
  expect([
    (await make(ten())).status,
    (await make(ten())).status,
    (await make([newAddress()])).status,
  ]).toEqual([201, 201, 429]);
});

test('a change that leaves the addresses alone sends no code, and a mail that asks is not sent again', async () => {
  const address = newAddress();
  const { body } = await make([address]);
  await client.send('PATCH', `/v1/channels/${body.id}`, { name: randomUUID() });
  expect(await codesOf(address)).toHaveLength(1);
  const { body: page } = await client.send<{ items: { id: string }[] }>(
    'GET',
    `/v1/channels/${body.id}/deliveries`,
  );
  expect(
    (await client.send('POST', `/v1/notifications/${page.items[0]?.id}/redeliver`)).status,
  ).toBe(404);
});
