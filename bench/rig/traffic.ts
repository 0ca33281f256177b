import { Redis } from 'ioredis';
import type { Rig } from './rig.ts';

/** Bytes since the servers were started. */
export interface Traffic {
  /** What PostgreSQL wrote to its log. */
  readonly wal: number;
  /** What the queue's Redis sent and received. */
  readonly queue: number;
}

export async function readTraffic({ servers, load }: Rig): Promise<Traffic> {
  const { rows } = await load.sql.query<{ wal: number }>(
    `SELECT (pg_current_wal_lsn() - '0/0')::float8 AS wal`,
  );
  const redis = new Redis(servers.connections.queueRedisUrl);
  try {
    const stats = await redis.info('stats');
    const bytes = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(stats)?.[1]);
    return {
      wal: rows[0]?.wal ?? NaN,
      queue: bytes('total_net_input_bytes') + bytes('total_net_output_bytes'),
    };
  } finally {
    redis.disconnect();
  }
}
