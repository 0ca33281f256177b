import { randomUUID } from 'node:crypto';
import { DomainError, type User } from '@gomon/domain';
import type { Db, Queryable } from '../db/db.ts';
import { isDuplicate } from '../db/fault.ts';

export interface Credentials {
  readonly userId: string;
  readonly passwordHash: string;
}

/** The fields to change; the rest stays. */
export interface AccountChange {
  readonly username?: string | undefined;
  readonly passwordHash?: string | undefined;
}

const account = { id: true, username: true, createdAt: true } as const;

/** Throws `username_taken` when an account has this name, regardless of case. */
export async function createUser(
  db: Queryable,
  user: { username: string; passwordHash: string },
): Promise<User> {
  return withFreeUsername(() =>
    db.user.create({ data: { id: randomUUID(), ...user }, select: account }),
  );
}

export async function findCredentials(
  db: Queryable,
  username: string,
): Promise<Credentials | null> {
  const [credentials] = await db.$queryRaw<Credentials[]>`
    SELECT id AS "userId", password_hash AS "passwordHash" FROM users WHERE lower(username) = lower(${username})`;
  return credentials ?? null;
}

export async function findCredentialsOf(
  db: Queryable,
  userId: string,
): Promise<Credentials | null> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { passwordHash: true } });
  return user && { userId, ...user };
}

/** The account, with the number of its monitors. */
export async function findUser(
  db: Queryable,
  id: string,
): Promise<(User & { monitorCount: number }) | null> {
  const row = await db.user.findUnique({
    where: { id },
    select: { ...account, _count: { select: { monitors: true } } },
  });
  if (!row) return null;
  const { _count: counts, ...user } = row;
  return { ...user, monitorCount: counts.monitors };
}

/**
 * Changes the account; a new password ends all sessions but `sessionId`. Throws `wrong_password`
 * when the credentials are no longer valid, or `username_taken`. Opens a transaction.
 */
export async function updateUser(
  db: Db,
  credentials: Credentials,
  sessionId: string,
  change: AccountChange,
): Promise<void> {
  const { userId, passwordHash } = credentials;
  await withFreeUsername(() =>
    db.$transaction(async (tx) => {
      const { count } = await tx.user.updateMany({
        where: { id: userId, passwordHash },
        data: change,
      });
      if (count === 0) throw staleCredentials();
      if (change.passwordHash)
        await tx.session.deleteMany({ where: { userId, id: { not: sessionId } } });
    }),
  );
}

/** Stores a new hash of the same password, unless the password has changed. */
export async function replacePasswordHash(
  db: Queryable,
  { userId, passwordHash }: Credentials,
  next: string,
): Promise<void> {
  await db.user.updateMany({ where: { id: userId, passwordHash }, data: { passwordHash: next } });
}

/** 100,000 monitors, more than anyone has, take some seconds. */
const DELETION_TIMEOUT_MS = 60_000;

/**
 * Removes the user with all resources; alerts, notifications and check rows, which are unreachable
 * from now on, go later. Monitors go first, in the order of their ids: reconciling alerts locks
 * them before their users and in that order, too. Throws `wrong_password` when the credentials are
 * no longer valid. Opens a transaction.
 */
export async function deleteUser(db: Db, { userId, passwordHash }: Credentials): Promise<void> {
  const remove = async (tx: Queryable) => {
    await tx.$executeRaw`SELECT set_config('statement_timeout', ${`${DELETION_TIMEOUT_MS}`}, true)`;
    await tx.$executeRaw`SELECT FROM monitors WHERE user_id = ${userId}::uuid ORDER BY id FOR UPDATE`;
    await tx.monitor.deleteMany({ where: { ownerId: userId } });
    const { count } = await tx.user.deleteMany({ where: { id: userId, passwordHash } });
    if (count === 0) throw staleCredentials();
  };
  await db.$transaction(remove, { timeout: DELETION_TIMEOUT_MS });
}

function staleCredentials(): DomainError {
  return new DomainError('wrong_password', 'The password has just changed.');
}

async function withFreeUsername<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (isDuplicate(error, 'users_username_key'))
      throw new DomainError('username_taken', 'This username is taken.');
    throw error;
  }
}
