import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import pg from 'pg';
import { migrate } from '../src/index.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
const KINDS = '20261201010000_kinds';

let database: TestDatabase;
let client: pg.Client;
let earlier: string;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  earlier = mkdtempSync(join(tmpdir(), 'gomon-earlier-'));
  for (const name of readdirSync(MIGRATIONS).filter((each) => each < KINDS)) {
    cpSync(join(MIGRATIONS, name), join(earlier, name), { recursive: true });
  }
  await migrate(database.url, earlier);
});
afterAll(async () => {
  rmSync(earlier, { recursive: true });
  await client.end();
  await database.drop();
});

test('monitors of before have the kind http, and as settings what differs from its defaults', async () => {
  await client.query(
    `INSERT INTO users (id, username, password_hash) VALUES (gen_random_uuid(), 'ada', '')`,
  );
  const columns =
    'id, user_id, shard, phase, threshold, interval_seconds, timeout_ms, window_seconds, name, url, method';
  await client.query(`
    INSERT INTO monitors (${columns}, headers, expected_status, body_contains, max_body_bytes, follow_redirects)
    SELECT gen_random_uuid(), u.id, 0, 0, 2, 60, 1000, 300, m.* FROM users u CROSS JOIN (VALUES
      ('usual', 'https://a.test/', 'GET', '{}'::jsonb, '{200}'::text[], NULL, 1048576, true),
      ('other', 'https://b.test/', 'HEAD', '{"x-a": "s1.x"}', '{200-299,404}', 'well', 2048, false)
    ) AS m`);
  await migrate(database.url, MIGRATIONS);
  const { rows } = await client.query(
    'SELECT name, kind, target, settings FROM monitors ORDER BY name DESC',
  );
  expect(rows).toEqual([
    {
      name: 'usual',
      kind: 'http',
      target: 'https://a.test/',
      settings: { url: 'https://a.test/' },
    },
    {
      name: 'other',
      kind: 'http',
      target: 'https://b.test/',
      settings: {
        url: 'https://b.test/',
        method: 'HEAD',
        headers: { 'x-a': 's1.x' },
        expectedStatus: ['200-299', '404'],
        bodyContains: 'well',
        maxBodyBytes: 2048,
        followRedirects: false,
      },
    },
  ]);
});
