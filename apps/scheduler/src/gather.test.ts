import { expect, test } from '@jest/globals';
import { gather } from './gather.ts';

/** Work that ends when it is told to. */
function workByHand() {
  const batches: { items: readonly number[]; end: () => void }[] = [];
  const work = (items: readonly number[]) => new Promise<void>((end) => batches.push({ items, end }));
  return { batches, work, seen: () => batches.map(({ items }) => items) };
}

test('takes what came meanwhile at once, in so many lanes', async () => {
  const { batches, work, seen } = workByHand();
  const add = gather(work, 2);
  const added = [1, 2, 3, 4, 5].map(add);
  expect(seen()).toEqual([[1], [2]]);
  batches[1]?.end();
  await new Promise(setImmediate);
  expect(seen()).toEqual([[1], [2], [3, 4, 5]]);
  batches[0]?.end();
  batches[2]?.end();
  await Promise.all(added);
  const last = add(6);
  expect(seen().at(-1)).toEqual([6]);
  batches.at(-1)?.end();
  await last;
});

test('fails for the guilty item only', async () => {
  const add = gather(async (items: readonly string[]) => {
    if (items.includes('bad')) throw new Error('bad is in it');
  }, 1);
  const outcomes = await Promise.allSettled(['first', 'good', 'bad', 'also good'].map(add));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});
