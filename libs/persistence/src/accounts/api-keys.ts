import { randomUUID } from 'node:crypto';
import { DomainError, type ApiKey, type ApiKeyScope } from '@gomon/domain';
import { arrayLiteral } from '../db/array-literal.ts';
import { readRows, type Queryable } from '../db/db.ts';
import { Prisma } from '../generated/client.ts';

export interface NewApiKey {
  readonly userId: string;
  readonly name: string;
  readonly prefix: string;
  /** SHA-256 of the whole key. */
  readonly keyHash: Uint8Array<ArrayBuffer>;
  readonly scopes: readonly ApiKeyScope[];
  readonly expiresAt: Date | null;
  /** The most keys a user may have. */
  readonly limit: number;
}

export interface ApiKeyFilter {
  /** Only keys after this one in the list. */
  readonly after?: Pick<ApiKey, 'createdAt' | 'id'> | undefined;
  readonly limit: number;
}

/** A valid key, as a request needs it. */
export interface LiveApiKey extends Pick<ApiKey, 'id' | 'scopes'> {
  readonly userId: string;
  readonly keyHash: Uint8Array;
  /** Whether its last use was recorded more than a minute ago. */
  readonly unnoted: boolean;
}

const shown = {
  id: true,
  name: true,
  prefix: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
} as const;

/** Throws `api_key_limit_reached`; simultaneous calls cannot exceed the limit. Opens a transaction. */
export async function createApiKey(db: Queryable, { limit, ...key }: NewApiKey): Promise<ApiKey> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${key.userId}::uuid FOR NO KEY UPDATE`;
    if ((await tx.apiKey.count({ where: { userId: key.userId } })) >= limit) {
      throw new DomainError(
        'api_key_limit_reached',
        `You have as many API keys as you may have: ${limit}.`,
      );
    }
    const data = { ...key, id: randomUUID(), scopes: [...key.scopes] };
    return toApiKey(await tx.apiKey.create({ data, select: shown }));
  });
}

/** The user's keys, oldest first. */
export async function listApiKeys(
  db: Queryable,
  userId: string,
  { after, limit }: ApiKeyFilter,
): Promise<ApiKey[]> {
  const rows = await db.apiKey.findMany({
    where: {
      userId,
      ...(after && {
        createdAt: { gte: after.createdAt },
        OR: [{ createdAt: { gt: after.createdAt } }, { id: { gt: after.id } }],
      }),
    },
    select: shown,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: limit,
  });
  return rows.map(toApiKey);
}

/** Removes the key; it is invalid from now on. False when the user has no such key. */
export async function deleteApiKey(db: Queryable, userId: string, id: string): Promise<boolean> {
  const { count } = await db.apiKey.deleteMany({ where: { id, userId } });
  return count > 0;
}

/** The key for each prefix; null when there is none or it has expired. */
export async function findLiveApiKeys(
  db: Queryable,
  prefixes: readonly string[],
): Promise<(LiveApiKey | null)[]> {
  // On trust, "scopes": no other is ever written there.
  const rows = await readRows<LiveApiKey & { prefix: string }>(
    db,
    Prisma.sql`/* prepared */
    SELECT prefix, id, user_id AS "userId", key_hash AS "keyHash", scopes,
           coalesce(last_used_at <= now() - interval '1 minute', true) AS unnoted
    FROM api_keys WHERE prefix = ANY(${arrayLiteral(prefixes)}::text[]) AND (expires_at IS NULL OR expires_at > now())`,
  );
  const keys = new Map(rows.map(({ prefix, ...key }) => [prefix, key]));
  return prefixes.map((prefix) => keys.get(prefix) ?? null);
}

/** Records that the key is used now; skips a key that someone else is recording or removing. */
export async function noteApiKeyUse(db: Queryable, id: string): Promise<void> {
  await db.$executeRaw`
    UPDATE api_keys SET last_used_at = now()
    WHERE id = (SELECT id FROM api_keys WHERE id = ${id}::uuid FOR NO KEY UPDATE SKIP LOCKED)`;
}

function toApiKey<Row extends { scopes: string[] }>(row: Row) {
  return { ...row, scopes: row.scopes as ApiKeyScope[] };
}
