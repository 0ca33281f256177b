import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEncryption } from '@gomon/encryption';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import pg from 'pg';
import { runAdmin, type Ended } from './run-admin.ts';

const OLD = 'the key until now, of thirty-two bytes or more';
const NEW = 'the key from now on, of thirty-two bytes or more';
/** More than are renewed at once. */
const MONITORS = 230;

let database: TestDatabase;
let sql: pg.Client;
const ownerId = randomUUID();
const monitorIds = Array.from({ length: MONITORS }, () => randomUUID());
const channelId = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await sql.query(`INSERT INTO users (id, username, password_hash) VALUES ($1, 'ada', '')`, [
    ownerId,
  ]);
  const encryption = await createEncryption(OLD);
  for (const id of monitorIds)
    await addMonitor(id, {
      'x-a': await encryption.encrypt(`a of ${id}`, id),
      'x-b': await encryption.encrypt('b', id),
    });
  const settings = {
    url: 'https://hook.test/',
    attempts: 3,
    signing: { secret: await encryption.encrypt('secret', channelId) },
    note: null,
  };
  await sql.query(
    `INSERT INTO channels (id, user_id, kind, name, settings) VALUES ($1, $2, 'webhook', 'hook', $3)`,
    [channelId, ownerId, settings],
  );
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});

function addMonitor(id: string, headers: Record<string, string>) {
  return sql.query(
    `INSERT INTO monitors (id, user_id, shard, phase, name, target, threshold, interval_seconds, timeout_ms, window_seconds, settings)
     VALUES ($1::uuid, $2, 0, 0, $1::uuid::text, 'https://target.test/', 1, 60, 1000, 300, $3)`,
    [id, ownerId, { url: 'https://target.test/', headers }],
  );
}

const rotate = (previous: string): Promise<Ended> =>
  runAdmin(['rotate-secrets'], {
    DATABASE_URL: database.url,
    SECRETS_KEY: NEW,
    SECRETS_KEY_PREVIOUS: previous,
  });

test('everything in the database is under the new key afterwards, and says the same', async () => {
  const report = (count: number) => `Encrypted ${count} secrets again, under SECRETS_KEY\n`;
  expect(await rotate(OLD)).toEqual({ code: 0, output: report(2 * MONITORS + 1) });
  const encryption = await createEncryption(NEW);
  const { rows } = await sql.query<{ id: string; headers: Record<string, string> }>(
    `SELECT id, settings->'headers' AS headers FROM monitors`,
  );
  expect(rows).toHaveLength(MONITORS);
  for (const { id, headers } of rows) {
    expect(Object.keys(headers)).toEqual(['x-a', 'x-b']);
    expect(await encryption.decrypt(headers['x-a'] ?? '', id)).toBe(`a of ${id}`);
  }
  const { rows: channels } = await sql.query<{ settings: { signing: { secret: string } } }>(
    'SELECT settings FROM channels',
  );
  const { signing, ...others } = channels[0]?.settings ?? { signing: { secret: '' } };
  expect(others).toEqual({ url: 'https://hook.test/', attempts: 3, note: null });
  expect(await encryption.decrypt(signing.secret, channelId)).toBe('secret');
  expect(await rotate(OLD)).toEqual({ code: 0, output: report(0) });
});

test('what neither key opens stays as it is, and is named', async () => {
  const [id, strange] = [
    randomUUID(),
    await (await createEncryption('a key that nobody has any more, of 32 bytes')).encrypt('x', 'y'),
  ];
  await addMonitor(id, { 'x-a': strange });
  const { code, output } = await rotate(OLD);
  expect({ code, output }).toEqual({
    code: 1,
    output: expect.stringContaining(`Neither key opens a secret of monitors ${id}\n`),
  });
  expect(
    (await sql.query(`SELECT settings->'headers' AS headers FROM monitors WHERE id = $1`, [id]))
      .rows,
  ).toEqual([{ headers: { 'x-a': strange } }]);
});

test('a short key is refused', async () => {
  expect(await rotate('short')).toMatchObject({
    code: 1,
    output: expect.stringMatching(/SECRETS_KEY_PREVIOUS/),
  });
});
