import { randomInt, randomUUID } from 'node:crypto';
import type { TestApi } from '@gomon/api/testing';
import type { Step } from './steps.ts';

/** A user with a session, as far as the API can know by its answers. */
export interface Account {
  readonly userId: string;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  /** Where its requests come from. */
  readonly address: string;
  /** What it has ended: its session, or itself with its API keys. */
  readonly ended: 'session' | 'account' | null;
  /** The account as it is once this step was answered with this status. */
  after(step: Step, status: number): Account;
}

const PASSWORD = 'correct horse battery';
/** Of this password, by an earlier account: hashing is slow on purpose. */
const hashes = new WeakMap<TestApi, string>();

/** A new account with a session. Each has its own address because failed logins also count by address. */
export async function openAccount(api: TestApi): Promise<Account> {
  const [userId, sessionId, username] = [randomUUID(), randomUUID(), `user-${randomUUID()}`];
  await api.sql.query('INSERT INTO users (id, username, password_hash) VALUES ($1, $2, $3)', [
    userId,
    username,
    await hashFor(api),
  ]);
  const expiresAt = new Date(Date.now() + 3_600_000);
  await api.sql.query('INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, $3)', [
    sessionId,
    userId,
    expiresAt,
  ]);
  const address = `fd00:${randomInt(0x1_0000).toString(16)}:${randomInt(0x1_0000).toString(16)}:${randomInt(0x1_0000).toString(16)}::1`;
  const token = api.app.signToken(userId, { id: sessionId, expiresAt });
  return account({ userId, username, password: PASSWORD, token, address, ended: null });
}

async function hashFor(api: TestApi): Promise<string> {
  const known = hashes.get(api);
  if (known) return known;
  const { userId } = await api.signUp();
  const { rows } = await api.sql.query<{ hash: string }>(
    'SELECT password_hash AS hash FROM users WHERE id = $1',
    [userId],
  );
  const hash = rows[0]?.hash ?? '';
  hashes.set(api, hash);
  return hash;
}

function account(state: Omit<Account, 'after'>): Account {
  return {
    ...state,
    after: ({ operation, body }, status) => {
      if (status >= 300) return account(state);
      if (operation === 'DELETE /v1/users/me') return account({ ...state, ended: 'account' });
      if (operation === 'DELETE /v1/sessions/current')
        return account({ ...state, ended: state.ended ?? 'session' });
      if (operation !== 'PATCH /v1/users/me' || !body || !('json' in body)) return account(state);
      const { username = state.username, password = state.password } =
        body.json as Partial<Account>;
      return account({ ...state, username, password });
    },
  };
}
