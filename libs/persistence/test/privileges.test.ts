import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@gomon/test-support';
import pg from 'pg';
import {
  createShards,
  grantPrivileges,
  maintainPartitions,
  migrate,
  PRIVILEGES,
  ROLES,
  type RoleOwner,
} from '../src/index.ts';

const OWNERS = Object.keys(ROLES) as RoleOwner[];
let database: TestDatabase;
let admin: pg.Client;
const clients = {} as Record<RoleOwner, pg.Client>;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.url });
  for (const owner of OWNERS) clients[owner] = new pg.Client({ connectionString: urlOf(owner) });
  for (const client of [admin, ...Object.values(clients)]) await client.connect();
});
afterAll(async () => {
  for (const client of [admin, ...Object.values(clients)]) await client.end();
  await database.drop();
});

const urlOf = (owner: RoleOwner) => database.urlAs(ROLES[owner]);

/** As in PRIVILEGES: with the columns where a privilege covers only some. */
async function privilegesOf(role: string): Promise<Record<string, string[]>> {
  const { rows } = await admin.query<{ table: string; privileges: string[] }>(
    `WITH held AS (
       SELECT relname, privilege_type AS privilege FROM pg_class, aclexplode(relacl) WHERE grantee = $1::regrole
       UNION ALL
       SELECT relname, privilege_type || ' (' || string_agg(attname, ', ' ORDER BY attname) || ')'
       FROM pg_attribute JOIN pg_class c ON c.oid = attrelid, aclexplode(attacl) WHERE grantee = $1::regrole GROUP BY relname, privilege_type
     )
     SELECT relname AS table, array_agg(privilege ORDER BY privilege COLLATE "C") AS privileges FROM held GROUP BY relname`,
    [role],
  );
  return Object.fromEntries(rows.map(({ table, privileges }) => [table, privileges]));
}

test('every table has its privileges defined', async () => {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT relispartition`,
  );
  expect(Object.keys(PRIVILEGES).sort()).toEqual(rows.map((row) => row.name).sort());
});

test.each(OWNERS)(
  'the role of the %s has exactly its privileges, none on partitions, and no membership in other roles',
  async (owner) => {
    const written = Object.entries(PRIVILEGES).flatMap(([table, of]) =>
      of[owner] ? [[table, [...of[owner]].sort()]] : [],
    );
    expect(await privilegesOf(ROLES[owner])).toEqual(Object.fromEntries(written));
    const { rows } = await admin.query(
      `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS mighty,
            (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS memberships
     FROM pg_roles r WHERE rolname = $1`,
      [ROLES[owner]],
    );
    expect(rows).toEqual([{ mighty: false, memberships: 0 }]);
  },
);

test('the next migration revokes additional grants', async () => {
  await admin.query(`GRANT SELECT ON users TO ${ROLES.scheduler}`);
  await grantPrivileges(database.url, {});
  expect(await privilegesOf(ROLES.scheduler)).not.toHaveProperty('users');
});

test('a database without roles for the apps stays unchanged', async () => {
  const other = await createTestDatabase();
  await expect(grantPrivileges(other.url, {})).resolves.toBeUndefined();
  await other.drop();
});

test('an owner without superuser and CREATEROLE suffices when the roles exist', async () => {
  const name = `owner_${randomBytes(4).toString('hex')}`;
  await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
  await admin.query(`CREATE DATABASE ${name} OWNER ${name}`);
  const asOwner = Object.assign(new URL(database.url), {
    username: name,
    password: name,
    pathname: name,
  });
  try {
    await migrate(
      asOwner.href,
      fileURLToPath(new URL('../../../prisma/migrations', import.meta.url)),
    );
    await createShards(asOwner.href, 1);
    await grantPrivileges(asOwner.href, {});
    const asScheduler = Object.assign(new URL(urlOf('scheduler')), { pathname: name });
    expect(await maintainPartitions(asScheduler.href, 30)).toEqual({ created: 0, dropped: 0 });
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.query(`DROP ROLE ${name}`);
  }
});

describe('is refused', () => {
  const INSUFFICIENT_PRIVILEGE = '42501';

  test.each([
    ['api', 'CREATE TABLE mine (id int)'],
    ['api', 'CREATE TEMPORARY TABLE mine (id int)'],
    ['api', 'CREATE FUNCTION mine() RETURNS int LANGUAGE sql RETURN 1'],
    ['api', 'CREATE INDEX ON monitors (target)'],
    ['api', 'ALTER TABLE users ADD COLUMN admin boolean'],
    ['api', 'DROP TABLE users'],
    ['api', 'TRUNCATE sessions'],
    ['api', 'DELETE FROM checks'],
    ['api', "UPDATE checks SET outcome = 'success'"],
    ['api', 'DELETE FROM rollups'],
    ['api', 'INSERT INTO alerts SELECT * FROM alerts'],
    ['api', 'UPDATE alerts SET resolved_at = now()'],
    ['api', 'UPDATE shards SET dispatched_through = now()'],
    ['api', 'UPDATE sessions SET expires_at = now()'],
    ['api', 'UPDATE api_keys SET scopes = ARRAY[]::text[]'],
    ['api', 'SELECT * FROM checks_s0'],
    ['api', 'SELECT * FROM _prisma_migrations'],
    ['api', 'SELECT rolpassword FROM pg_authid'],
    ['api', "SELECT pg_read_file('PG_VERSION')"],
    ['api', "COPY monitors TO PROGRAM 'cat'"],
    ['api', "SELECT create_partition('checks_s0', current_date + 20)"],
    ['api', "SELECT drop_partition('checks_s0_20200101')"],
    ['scheduler', 'SELECT end_paused_alerts(ARRAY[]::uuid[])'],
    ['scheduler', 'CREATE TABLE mine (id int)'],
    ['scheduler', 'CREATE TEMPORARY TABLE mine (id int)'],
    ['scheduler', 'CREATE FUNCTION mine() RETURNS int LANGUAGE sql RETURN 1'],
    ['scheduler', 'DROP TABLE checks_s0'],
    ['scheduler', 'TRUNCATE checks'],
    ['scheduler', 'DELETE FROM checks'],
    ['scheduler', "UPDATE checks SET outcome = 'success'"],
    ['scheduler', 'SELECT password_hash FROM users'],
    ['scheduler', 'SELECT username FROM users'],
    ['scheduler', 'SELECT key_hash FROM api_keys'],
    ['scheduler', 'SELECT id FROM sessions'],
    [
      'scheduler',
      "INSERT INTO sessions VALUES (gen_random_uuid(), gen_random_uuid(), now(), 'infinity')",
    ],
    ['scheduler', 'SELECT answer FROM idempotency_keys'],
    ['scheduler', 'SELECT network FROM known_networks'],
    ['scheduler', "UPDATE monitors SET target = 'http://elsewhere.test'"],
    ['scheduler', 'DELETE FROM monitors'],
    ['scheduler', 'DELETE FROM channels'],
    ['scheduler', "SELECT create_partition('users', current_date)"],
    ['scheduler', "SELECT create_partition('checks_s0', current_date + 100)"],
    ['scheduler', "SELECT drop_partition('users')"],
    ['scheduler', "SELECT drop_partition('checks_s0')"],
    ['scheduler', `SELECT drop_partition('checks_s0_' || to_char(current_date - 1, 'YYYYMMDD'))`],
    ['scheduler', `SELECT drop_partition('rollups_s0_' || to_char(current_date, 'YYYYMM'))`],
  ] as const)('to the %s: %s', async (owner, statement) => {
    await expect(clients[owner].query(statement)).rejects.toMatchObject({
      code: INSUFFICIENT_PRIVILEGE,
    });
  });
});

test('the scheduler creates missing partitions and drops expired ones', async () => {
  const stamp = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const name = (days: number) => `checks_s1_${stamp(days).replaceAll('-', '')}`;
  await admin.query(`DROP TABLE ${name(5)}`);
  await admin.query(
    `CREATE TABLE ${name(-40)} PARTITION OF checks_s1 FOR VALUES FROM ('${stamp(-40)}') TO ('${stamp(-39)}')`,
  );
  expect(await maintainPartitions(urlOf('scheduler'), 30)).toEqual({ created: 1, dropped: 1 });
  expect(await maintainPartitions(urlOf('scheduler'), 30)).toEqual({ created: 0, dropped: 0 });
});
