import type { Queryable } from '../db/db.ts';

/** Whether the user has logged in from this network in the past 90 days. */
export async function isKnownNetwork(
  db: Queryable,
  userId: string | null,
  network: string,
): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM known_networks
    WHERE user_id = ${userId}::uuid AND network = ${network} AND last_login_at > now() - interval '90 days'`;
  return rows.length > 0;
}

/** Records a login of the user from this network, and removes records older than 90 days. */
export async function rememberNetwork(
  db: Queryable,
  userId: string,
  network: string,
): Promise<void> {
  await db.$executeRaw`
    WITH old AS (
      DELETE FROM known_networks
      WHERE user_id = ${userId}::uuid AND network <> ${network} AND last_login_at <= now() - interval '90 days'
    )
    INSERT INTO known_networks (user_id, network) VALUES (${userId}::uuid, ${network})
    ON CONFLICT (user_id, network) DO UPDATE SET last_login_at = now()`;
}
