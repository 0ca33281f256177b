import { dispatchDueChecks, type DispatchDeps } from './dispatch-due-checks.ts';

/**
 * Shards per transaction. After a failure, each shard gets its own, so one bad shard cannot block
 * the rest.
 */
const SHARDS_TOGETHER = 16;
/** Concurrent dispatches; each holds a database connection. */
const DISPATCHES_AT_A_TIME = 4;
/** Offset of the tick into its second, so that a monitor registered just before is seen. */
const TICK_OFFSET_MS = 30;

export interface Dispatcher {
  /**
   * Dispatches every shard that no other scheduler holds. Throws the first failure after trying
   * them all.
   */
  runOnce(): Promise<void>;
  /** Milliseconds until the database's clock starts its next second. */
  delayMs(): number;
}

export function createDispatcher(shards: readonly number[], deps: DispatchDeps): Dispatcher {
  let clockOffsetMs = 0;
  let first = 0;
  let together = SHARDS_TOGETHER;

  const dispatchLane = async (
    lane: readonly number[][],
    waitingSince: number | null,
    failures: unknown[],
  ) => {
    for (const group of lane) {
      const startedAt = performance.now();
      try {
        const now = await dispatchDueChecks(group, waitingSince, deps);
        if (now !== null) clockOffsetMs = now * 1000 - startedAt;
      } catch (error) {
        failures.push(error);
      }
    }
  };

  return {
    async runOnce() {
      // A different start each time, so that schedulers do not queue behind each other.
      first = (first + 1 + Math.floor(Math.random() * shards.length)) % shards.length;
      const groups = inGroups([...shards.slice(first), ...shards.slice(0, first)], together);
      const failures: unknown[] = [];
      const waitingSince = await deps.backlog.waitingSince();
      const lanes = Array.from({ length: DISPATCHES_AT_A_TIME }, (_, lane) =>
        groups.filter((_, i) => i % DISPATCHES_AT_A_TIME === lane),
      );
      await Promise.all(lanes.map((lane) => dispatchLane(lane, waitingSince, failures)));
      together = failures.length > 0 ? 1 : SHARDS_TOGETHER;
      const now = (performance.now() + clockOffsetMs) / 1000;
      deps.metrics.oldestWaiting.set(waitingSince === null ? 0 : now - waitingSince);
      if (failures.length > 0)
        throw new Error(`${failures.length} of ${groups.length} dispatches failed`, {
          cause: failures[0],
        });
    },
    delayMs: () => 1000 - ((performance.now() + clockOffsetMs - TICK_OFFSET_MS) % 1000),
  };
}

function inGroups(shards: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(shards.length / size) }, (_, i) =>
    shards.slice(i * size, (i + 1) * size),
  );
}
