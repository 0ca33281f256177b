import { setTimeout as delay } from 'node:timers/promises';

export interface BatchOptions<Item> {
  readonly sizeOf: (item: Item) => number;
  /** So many batches are worked on at the same moment, and so many when another one has all that is enough. */
  readonly concurrency: number;
  readonly concurrencyWhenFull: number;
  /** How long a batch that was begun waits for further items. */
  readonly maxWaitMs: number;
  /** A batch takes further items until they have this size. */
  readonly enough: number;
}

/**
 * Makes of `work` a function of one item that works on all items at once that came while it was busy or lingered. When a batch
 * fails its items are tried one by one, so that it fails for nobody but the guilty; after two of them have failed, too, all of
 * its others fail with them, as no one of them is to blame then.
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

async function workOn<Item>(batch: readonly Waiting<Item>[], work: (items: readonly Item[]) => Promise<void>): Promise<void> {
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
