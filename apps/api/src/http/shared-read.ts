import { setTimeout as delay } from 'node:timers/promises';
import DataLoader from 'dataloader';
import { heldByNobody } from './connection-holder.ts';

/** Callers stop waiting for a read longer than this, as when a connection hangs. */
const MOST_PATIENCE_MS = 5;

/**
 * Turns a read of many keys into a read of one that concurrent requests share: requests during a
 * statement go into the next one, at most `atOnce` keys each. Nothing is cached: every request is
 * answered by a read that started after it.
 */
export function sharedRead<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
  atOnce: number,
): (key: Key) => Promise<Value> {
  let underWay = Promise.resolve<unknown>(null);
  const readNext = (keys: readonly Key[]) => {
    const reading = heldByNobody(() => read(keys));
    underWay = Promise.race([
      reading.catch(() => null),
      delay(MOST_PATIENCE_MS, null, { ref: false }),
    ]);
    return reading;
  };
  const whenFree = (send: () => void) => void underWay.then(() => setImmediate(send));
  const loader = new DataLoader(readNext, {
    cache: false,
    maxBatchSize: atOnce,
    batchScheduleFn: whenFree,
  });
  return (key) => loader.load(key);
}
