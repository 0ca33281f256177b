import { setTimeout as delay } from 'node:timers/promises';
import DataLoader from 'dataloader';
import { heldByNobody } from './connection-holder.ts';

/** A read that takes longer than this, as it does when a connection hangs, is waited for no longer. */
const MOST_PATIENCE_MS = 5;

/**
 * Makes of a read of many keys a read of one, which the requests of a moment share: whatever comes while one statement is under way goes
 * into the next, of `atOnce` keys at most. Nothing is kept: each is answered by what is read after it came.
 */
export function sharedRead<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
  atOnce: number,
): (key: Key) => Promise<Value> {
  let underWay = Promise.resolve<unknown>(null);
  const readNext = (keys: readonly Key[]) => {
    const reading = heldByNobody(() => read(keys));
    underWay = Promise.race([reading.catch(() => null), delay(MOST_PATIENCE_MS, null, { ref: false })]);
    return reading;
  };
  const whenFree = (send: () => void) => void underWay.then(() => setImmediate(send));
  const loader = new DataLoader(readNext, { cache: false, maxBatchSize: atOnce, batchScheduleFn: whenFree });
  return (key) => loader.load(key);
}
