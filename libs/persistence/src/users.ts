import { randomUUID } from 'node:crypto';
import { DomainError, type User } from '@gomon/domain';
import type { Queryable } from './db.ts';
import { isDuplicate } from './fault.ts';

export interface Credentials {
  readonly userId: string;
  readonly passwordHash: string;
}

const account = { id: true, username: true, createdAt: true } as const;

/** Throws `username_taken` when the name is an account's already, whatever its case. */
export async function createUser(db: Queryable, user: { username: string; passwordHash: string }): Promise<User> {
  try {
    return await db.user.create({ data: { id: randomUUID(), ...user }, select: account });
  } catch (error) {
    if (isDuplicate(error, 'users_username_key')) throw new DomainError('username_taken', 'This username is taken.');
    throw error;
  }
}

export async function findCredentials(db: Queryable, username: string): Promise<Credentials | null> {
  const [credentials] = await db.$queryRaw<Credentials[]>`
    SELECT id AS "userId", password_hash AS "passwordHash" FROM users WHERE lower(username) = lower(${username})`;
  return credentials ?? null;
}

/** The account, with the number of its monitors. */
export async function findUser(db: Queryable, id: string): Promise<(User & { monitorCount: number }) | null> {
  const row = await db.user.findUnique({ where: { id }, select: { ...account, _count: { select: { monitors: true } } } });
  if (!row) return null;
  const { _count: counts, ...user } = row;
  return { ...user, monitorCount: counts.monitors };
}
