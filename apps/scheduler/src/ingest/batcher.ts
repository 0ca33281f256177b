import { setTimeout as delay } from 'node:timers/promises';

export interface BatchOptions<Item> {
  readonly sizeOf: (item: Item) => number;
  /** Concurrent batches, normally and when a full batch waits. */
  readonly concurrency: number;
  readonly concurrencyWhenFull: number;
  /** How long an open batch waits for more items. */
  readonly maxWaitMs: number;
  /** A batch accepts items until it has this size. */
  readonly enough: number;
}

/**
 * Turns `work` into a function of one item that works on a batch of all items that arrived while it
 * was busy or waited. When a batch fails, its items are retried one by one, so only the bad item
 * fails; after two have failed, the rest fail too, because no single item is the cause.
 */
export function batched<Item>(
  work: (items: readonly Item[]) => Promise<void>,
  { sizeOf, concurrency, concurrencyWhenFull, maxWaitMs, enough }: BatchOptions<Item>,
): (item: Item) => Promise<void> {
  const waiting: Waiting<Item>[] = [];
  let waitingSize = 0;
  let busy = 0;
  let lingering = false;
  const concurrencyNow = () => (waitingSize < enough ? concurrency : concurrencyWhenFull);
  const runWorker = async () => {
    busy++;
    while (waiting.length > 0 && !lingering && busy <= concurrencyNow()) {
      lingering = true;
      if (waitingSize < enough) await delay(maxWaitMs);
      lingering = false;
      const working = workOn(takeBatch(), work);
      if (waiting.length > 0 && busy < concurrencyNow()) void runWorker();
      await working;
    }
    busy--;
  };
  function takeBatch(): Waiting<Item>[] {
    let [count, size] = [0, 0];
    for (; count < waiting.length && size < enough; count++) size += waiting[count]?.size ?? 0;
    waitingSize -= size;
    return waiting.splice(0, count);
  }
  return (item) =>
    new Promise((resolve, reject) => {
      const size = sizeOf(item);
      waiting.push({ item, size, resolve, reject });
      waitingSize += size;
      if (busy < concurrencyNow() && !lingering) void runWorker();
    });
}

interface Waiting<Item> {
  readonly item: Item;
  readonly size: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MOST_FAILURES = 2;

async function workOn<Item>(
  batch: readonly Waiting<Item>[],
  work: (items: readonly Item[]) => Promise<void>,
): Promise<void> {
  try {
    await work(batch.map(({ item }) => item));
    for (const { resolve } of batch) resolve();
  } catch (error) {
    if (batch.length === 1) batch[0]?.reject(error);
    else await workOneByOne(batch, work);
  }
}

async function workOneByOne<Item>(
  batch: readonly Waiting<Item>[],
  work: (items: readonly Item[]) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const { item, resolve, reject } of batch) {
    if (errors.length < MOST_FAILURES)
      await work([item]).then(resolve, (error: unknown) => {
        errors.push(error);
        reject(error);
      });
    else reject(errors.at(-1));
  }
}
