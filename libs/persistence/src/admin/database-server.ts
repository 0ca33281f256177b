import type { Queryable } from '../db/db.ts';

export interface DatabaseServer {
  /** As the server says it, such as "18.1 (Debian 18.1-1)". */
  readonly version: string;
  readonly majorVersion: number;
  /** Its clock, in milliseconds since the epoch. */
  readonly now: number;
  /** Whom the connection acts for. */
  readonly role: string;
}

export async function readDatabaseServer(db: Queryable): Promise<DatabaseServer> {
  const [server] = await db.$queryRaw<[DatabaseServer]>`
    SELECT coalesce(current_setting('server_version'), '') AS version,
           coalesce(current_setting('server_version_num')::int / 10000, 0) AS "majorVersion",
           extract(epoch FROM clock_timestamp())::float8 * 1000 AS now, current_user::text AS role`;
  return server;
}
