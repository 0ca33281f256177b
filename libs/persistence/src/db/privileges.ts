import pg from 'pg';
import { scramVerifier } from './scram.ts';

/** The database roles of the apps. A prober has none. */
export const ROLES = { api: 'gomon_api', scheduler: 'gomon_scheduler' } as const;

export type RoleOwner = keyof typeof ROLES;

/**
 * What each role may do with each table; nothing where a role is absent. Columns are in
 * alphabetical order. `FOR UPDATE` needs UPDATE on some column.
 */
export const PRIVILEGES: Readonly<Record<string, Partial<Record<RoleOwner, readonly string[]>>>> = {
  _prisma_migrations: {},
  users: { api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  sessions: { api: ['SELECT', 'INSERT', 'DELETE'], scheduler: ['SELECT (expires_at)', 'DELETE'] },
  api_keys: { api: ['SELECT', 'INSERT', 'UPDATE (last_used_at)', 'DELETE'] },
  known_networks: { api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  login_throttles: {
    api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    scheduler: ['SELECT (counted_at)', 'DELETE'],
  },
  idempotency_keys: { api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  monitors: {
    api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    scheduler: ['SELECT', 'UPDATE (immediate_pending)'],
  },
  shards: {
    api: ['SELECT'],
    scheduler: ['SELECT', 'UPDATE (dispatched_through, reconcile_since)'],
  },
  queue_readings: { api: ['SELECT'], scheduler: ['SELECT', 'INSERT', 'UPDATE'] },
  badges: { api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  status_pages: { api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  status_messages: { api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  gaps: { scheduler: ['SELECT', 'INSERT', 'UPDATE (through_slot)', 'DELETE'] },
  checks: { api: ['SELECT'], scheduler: ['SELECT', 'INSERT'] },
  rollups: { api: ['SELECT'], scheduler: ['SELECT', 'INSERT', 'UPDATE'] },
  alerts: {
    api: ['SELECT', 'UPDATE (acknowledged_at)'],
    scheduler: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  dry_runs: {
    api: ['SELECT', 'INSERT'],
    scheduler: [
      'SELECT',
      'UPDATE (cause, cause_detail, checked_at, duration_ms, outcome, phases, reason, status_code, taken_at)',
      'DELETE',
    ],
  },
  channels: {
    api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    scheduler: ['SELECT', 'UPDATE (disabled_reason, enabled, paused_until, updated_at, version)'],
  },
  email_addresses: {
    api: ['SELECT', 'INSERT', 'UPDATE'],
    scheduler: ['SELECT (address, confirmed_at, user_id)'],
  },
  confirmation_mails: { api: ['SELECT', 'INSERT'], scheduler: ['SELECT (id, sent_at)', 'DELETE'] },
  monitor_channels: { api: ['SELECT', 'INSERT', 'DELETE'], scheduler: ['SELECT'] },
  leftovers: {
    api: ['SELECT', 'INSERT', 'UPDATE'],
    scheduler: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  notifications: {
    api: ['SELECT', 'INSERT', 'UPDATE'],
    scheduler: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  notification_attempts: { api: ['SELECT'], scheduler: ['SELECT', 'INSERT', 'UPDATE'] },
  maintenance_windows: {
    api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    scheduler: ['SELECT', 'UPDATE (spans_through)'],
  },
  maintenance_spans: {
    api: ['SELECT', 'INSERT', 'DELETE'],
    scheduler: ['SELECT', 'INSERT', 'DELETE'],
  },
};

/** Functions that run as the tables' owner, and for whom: see their migrations. */
export const FUNCTIONS: Readonly<Record<RoleOwner, readonly string[]>> = {
  api: ['end_paused_alerts(uuid[])'],
  /** Everything that is created or dropped after the migrations. */
  scheduler: ['create_partition(text, date)', 'drop_partition(text)'],
};

export type RolePasswords = Partial<Record<RoleOwner, string | undefined>>;

/**
 * Grants the apps' roles what `PRIVILEGES` says and nothing else. A role with a password here is
 * created, or gets that password; one without stays as it is and may be absent. Needs the
 * database's owner, and CREATEROLE to create roles.
 */
export async function grantPrivileges(
  databaseUrl: string,
  passwords: RolePasswords,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE shards IN EXCLUSIVE MODE'); // One at a time.
    for (const owner of Object.keys(ROLES) as RoleOwner[]) {
      if (await hasRole(client, owner, passwords[owner])) await grantTo(client, owner);
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

async function hasRole(
  client: pg.Client,
  owner: RoleOwner,
  password: string | undefined,
): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [
    ROLES[owner],
  ]);
  const isThere = rowCount === 1;
  if (!password) return isThere;
  await client.query(
    `${isThere ? 'ALTER' : 'CREATE'} ROLE ${ROLES[owner]} LOGIN PASSWORD '${scramVerifier(password)}'`,
  );
  return true;
}

async function grantTo(client: pg.Client, owner: RoleOwner): Promise<void> {
  const role = ROLES[owner];
  await client.query(
    `DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$`,
  );
  await client.query(`REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
  for (const [table, privileges] of Object.entries(PRIVILEGES)) {
    await client.query(`REVOKE ALL ON ${table} FROM ${role}`);
    if (privileges[owner])
      await client.query(`GRANT ${privileges[owner].join(', ')} ON ${table} TO ${role}`);
  }
  await client.query(
    `REVOKE EXECUTE ON FUNCTION ${Object.values(FUNCTIONS).flat().join(', ')} FROM PUBLIC`,
  );
  await client.query(`GRANT EXECUTE ON FUNCTION ${FUNCTIONS[owner].join(', ')} TO ${role}`);
}
