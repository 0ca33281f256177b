import type pg from 'pg';

/**
 * The holder of a connection, from the context of the call; undefined for calls that only wait for
 * the pool.
 */
export type HolderOf = () => string | undefined;

interface Share {
  held: number;
  /** In order of arrival. */
  readonly waiting: (() => void)[];
}

/** The most connections of one holder at a time: a quarter of the pool, at least one. */
const SHARES = 4;
/** The most waiting calls per holder: the requests a user may send in a minute. */
const MOST_WAITING = 1000;

/**
 * Limits each holder to a share of the pool's connections: further calls wait for their own
 * holder's, in order, without delaying others. A connection taken inside a transaction counts as
 * well, so avoid that. Costs nothing while nobody waits.
 */
export function shareConnections(pool: pg.Pool, holderOf: HolderOf): void {
  const most = Math.max(1, Math.floor(pool.options.max / SHARES));
  const shares = new Map<string, Share>();
  const holders = new WeakMap<pg.PoolClient, string>();

  const enter = async (holder: string) => {
    const share = shares.get(holder) ?? { held: 0, waiting: [] };
    shares.set(holder, share);
    if (share.held < most) share.held += 1;
    else if (share.waiting.length < MOST_WAITING)
      await new Promise<void>((resolve) => share.waiting.push(resolve));
    else throw new Error('Connection refused: too many statements of one user are waiting');
  };
  const leave = (holder: string) => {
    const share = shares.get(holder);
    const next = share?.waiting.shift();
    if (next) return next();
    if (share && (share.held -= 1) === 0) shares.delete(holder);
  };

  const connect = pool.connect.bind(pool);
  const connectFor = async (holder: string) => {
    await enter(holder);
    try {
      const client = await connect();
      holders.set(client, holder);
      return client;
    } catch (error) {
      leave(holder);
      throw error;
    }
  };
  const connectShared = (callback?: Callback) => {
    const holder = holderOf();
    if (holder === undefined)
      return callback ? connect(callback as Parameters<typeof connect>[0]) : connect();
    if (!callback) return connectFor(holder);
    connectFor(holder).then(
      (client) => callback(undefined, client, client.release.bind(client)),
      (error: Error) => callback(error),
    );
  };
  pool.connect = connectShared as pg.Pool['connect'];
  pool.on('release', (_error, client) => {
    const holder = holders.get(client);
    if (holder === undefined) return;
    holders.delete(client);
    leave(holder);
  });
}

type Callback = (
  error: Error | undefined,
  client?: pg.PoolClient,
  release?: pg.PoolClient['release'],
) => void;
