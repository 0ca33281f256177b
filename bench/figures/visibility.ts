import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** When which transactions became visible to other sessions: told by snapshots of the database, taken many times a second. */
export interface Visibility {
  /** Ends the taking of snapshots. */
  stop(): Promise<void>;
  /** The time, in ms since the epoch, of the first snapshot that saw the transaction; null when none did. */
  seenAt(xid: number): number | null;
}

interface Snapshot {
  readonly at: number;
  /** The first transaction that had not begun. */
  readonly end: number;
  readonly running: ReadonlySet<number>;
}

const EVERY_MS = 20;

export async function watchVisibility(databaseUrl: string): Promise<Visibility> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c timezone=UTC' });
  await client.connect();
  const snapshots: Snapshot[] = [];
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      snapshots.push(await takeSnapshot(client));
      await delay(EVERY_MS);
    }
    await client.end();
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
    seenAt: (xid) => {
      const sees = (snapshot: Snapshot) => xid < snapshot.end && !snapshot.running.has(xid);
      return snapshots[firstIndex(snapshots, ({ end }) => xid < end, sees)]?.at ?? null;
    },
  };
}

async function takeSnapshot(client: pg.Client): Promise<Snapshot> {
  const { rows } = await client.query<{ snapshot: string; at: number }>(
    'SELECT pg_current_snapshot()::text AS snapshot, extract(epoch FROM clock_timestamp())::float8 * 1000 AS at',
  );
  const [row] = rows as [{ snapshot: string; at: number }];
  const [, end, running = ''] = row.snapshot.split(':');
  return {
    at: row.at,
    end: Number(end),
    running: new Set(running.split(',').filter(Boolean).map(Number)),
  };
}

/** Of the items from the first that `isBehind` on, which all the later ones are too, the first that is `wanted`. */
function firstIndex<Item>(
  items: readonly Item[],
  isBehind: (item: Item) => boolean,
  wanted: (item: Item) => boolean,
): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBehind(items[middle] as Item)) high = middle;
    else low = middle + 1;
  }
  return items.findIndex((item, index) => index >= low && wanted(item));
}
