import { randomUUID } from 'node:crypto';
import { arrayLiteral } from '../db/array-literal.ts';
import { readRows, type Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';
import type { Credentials } from './users.ts';

export interface Session {
  readonly id: string;
  readonly expiresAt: Date;
}

/**
 * Opens a session that lives `lifetimeSeconds`, and removes the user's expired sessions. Null when
 * the password has changed: a login and a change of the password wait for each other, so no session
 * outlives its password.
 */
export async function createSession(
  db: Queryable,
  { userId, passwordHash }: Credentials,
  lifetimeSeconds: number,
): Promise<Session | null> {
  const [session] = await db.$queryRaw<Session[]>`
    WITH expired AS (DELETE FROM sessions WHERE user_id = ${userId}::uuid AND expires_at <= now()),
         owner AS (SELECT id FROM users WHERE id = ${userId}::uuid AND password_hash = ${passwordHash} FOR SHARE)
    INSERT INTO sessions (id, user_id, expires_at)
    SELECT ${randomUUID()}::uuid, owner.id, now() + make_interval(secs => ${lifetimeSeconds}) FROM owner
    RETURNING id, expires_at AS "expiresAt"`;
  return session ?? null;
}

/** The owner of each session, by its id; null when it has ended or expired. */
export async function ownersOfSessions(
  db: Queryable,
  ids: readonly string[],
): Promise<(string | null)[]> {
  const rows = await readRows<{ id: string; userId: string }>(
    db,
    Prisma.sql`/* prepared */
    SELECT id, user_id AS "userId" FROM sessions WHERE id = ANY(${arrayLiteral(ids)}::uuid[]) AND expires_at > now()`,
  );
  const owners = new Map(rows.map(({ id, userId }) => [id, userId]));
  return ids.map((id) => owners.get(id) ?? null);
}

/** The ids that belong to a session or an API key that has neither ended nor expired. */
export async function listLiveCredentials(
  db: Queryable,
  ids: readonly string[],
): Promise<Set<string>> {
  const asked = arrayLiteral(ids);
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM sessions WHERE id = ANY(${asked}::uuid[]) AND expires_at > now()
    UNION ALL
    SELECT id FROM api_keys WHERE id = ANY(${asked}::uuid[]) AND (expires_at IS NULL OR expires_at > now())`;
  return new Set(rows.map(({ id }) => id));
}

/** Ends the session; its token is invalid from now on. Does nothing when it has already ended. */
export async function deleteSession(db: Queryable, id: string): Promise<void> {
  await db.session.deleteMany({ where: { id } });
}

/** Removes every session that has expired. */
export async function deleteExpiredSessions(db: Queryable): Promise<void> {
  await db.$executeRaw`DELETE FROM sessions WHERE expires_at <= now()`;
}
