import type { Redis, Result } from 'ioredis';
import { RECORD_FAILURES } from './record-failures.ts';

/** The known checks of one monitor in a batch, as stored in the table. */
export interface WindowUpdate {
  readonly monitorId: string;
  readonly windowSeconds: number;
  /** The slots of its failures, in seconds since the epoch. */
  readonly failures: readonly number[];
  readonly oldestSlot: number;
  readonly newestSlot: number;
}

export interface WindowState {
  /** Failures in the window that ends at the newest known slot. */
  readonly failures: number;
  /** Whether a slot of the update is older than one recorded before. */
  readonly late: boolean;
}

/** What the rows hold for a monitor after a slot. */
export interface KnownSlots {
  readonly failures: readonly number[];
  readonly newestSlot: number;
}

/** Reads each monitor's rows after newestSlot − windowSeconds, including newer ones. */
export type LoadKnownSlots = (
  shard: number,
  updates: readonly WindowUpdate[],
) => Promise<ReadonlyMap<string, KnownSlots>>;

export interface WindowCache {
  /**
   * Records a batch of one shard; idempotent, in any order. Returns the monitors with failures in
   * their window; the others have none. Throws when Redis does not answer.
   */
  record(shard: number, updates: readonly WindowUpdate[]): Promise<Map<string, WindowState>>;
}

/**
 * Shard s uses connection number s mod n. A monitor's missing window, because it had no failures or
 * Redis lost it, is filled from the rows before it is used.
 */
export function createWindowCache(
  connections: readonly Redis[],
  loadKnownSlots: LoadKnownSlots,
): WindowCache {
  for (const redis of connections)
    redis.defineCommand('recordFailures', { lua: RECORD_FAILURES, numberOfKeys: 0 });
  return {
    async record(shard, updates) {
      const redis = connections[shard % connections.length];
      if (!redis) throw new Error('no window cache is configured');
      const { states, unfilled } = await recordFailures(redis, shard, updates, { filled: false });
      if (unfilled.length === 0) return states;
      const rows = await loadKnownSlots(shard, unfilled);
      const fromRows = unfilled.map((update) => ({ ...update, ...rows.get(update.monitorId) }));
      const rebuilt = await recordFailures(redis, shard, fromRows, { filled: true });
      const isLate = (update: WindowUpdate) =>
        update.oldestSlot < (rows.get(update.monitorId)?.newestSlot ?? 0);
      for (const update of unfilled) {
        const state = rebuilt.states.get(update.monitorId);
        states.set(update.monitorId, { failures: state?.failures ?? 0, late: isLate(update) });
      }
      return states;
    },
  };
}

interface Recorded {
  readonly states: Map<string, WindowState>;
  /** Monitors whose window was missing before their failures were recorded, or not filled since. */
  readonly unfilled: WindowUpdate[];
}

/**
 * Arguments per command that Lua certainly accepts. One argument per id would cost more than the
 * recorded data.
 */
const MONITORS_PER_GROUP = 1000;

async function recordFailures(
  redis: Redis,
  shard: number,
  updates: readonly WindowUpdate[],
  { filled }: { filled: boolean },
): Promise<Recorded> {
  const states = new Map<string, WindowState>();
  const unfilled: WindowUpdate[] = [];
  if (updates.length === 0) return { states, unfilled };
  const groups = [...Map.groupBy(updates, whatItRecords).values()].flatMap((group) =>
    chunk(group, MONITORS_PER_GROUP),
  );
  const answer = await redis.recordFailures(shard, filled ? 1 : 0, ...groups.flatMap(toArguments));
  const ordered = groups.flat();
  for (const [position, failures, late, isUnfilled] of chunk(answer, 4)) {
    const update = ordered[(position ?? 0) - 1];
    if (!update)
      throw new Error('the window script answered for a monitor that it was not asked about');
    states.set(update.monitorId, { failures: failures ?? 0, late: late === 1 });
    if (isUnfilled === 1) unfilled.push(update);
  }
  return { states, unfilled };
}

/** Usually the same slot for all, and an outcome. */
const whatItRecords = ({ windowSeconds, oldestSlot, newestSlot, failures }: WindowUpdate) =>
  `${windowSeconds} ${oldestSlot} ${newestSlot} ${failures.join()}`;

function toArguments(group: readonly WindowUpdate[]): (string | number)[] {
  const [{ windowSeconds, oldestSlot, newestSlot, failures }] = group as [WindowUpdate];
  const ids = group.map((update) => update.monitorId);
  return [windowSeconds, oldestSlot, newestSlot, failures.length, ...failures, ids.join('')];
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

declare module 'ioredis' {
  interface RedisCommander<Context> {
    recordFailures(
      shard: number,
      filled: 0 | 1,
      ...updates: (string | number)[]
    ): Result<number[], Context>;
  }
}
