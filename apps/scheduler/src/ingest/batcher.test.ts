import { expect, test } from '@jest/globals';
import { batched } from './batcher.ts';

/** Work that ends on demand. */
function workByHand() {
  const batches: { items: readonly number[]; end: () => void }[] = [];
  const work = (items: readonly number[]) =>
    new Promise<void>((end) => batches.push({ items, end }));
  return { batches, work, seen: () => batches.map(({ items }) => items) };
}

const untilTrue = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise(setImmediate);
};

test('works on waiting items in one batch, within its concurrency', async () => {
  const { batches, work, seen } = workByHand();
  const add = batched(work, {
    concurrency: 2,
    concurrencyWhenFull: 2,
    maxWaitMs: 0,
    enough: 3,
    sizeOf: () => 1,
  });
  const added = [1, 2, 3, 4, 5, 6, 7].map(add);
  await untilTrue(() => batches.length === 2);
  expect(seen()).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  added.push(add(8));
  batches[1]?.end();
  await untilTrue(() => batches.length === 3);
  expect(seen()[2]).toEqual([7, 8]);
  batches[0]?.end();
  batches[2]?.end();
  await Promise.all(added);
  const last = add(9);
  await untilTrue(() => batches.length === 4);
  expect(seen()[3]).toEqual([9]);
  batches[3]?.end();
  await last;
});

test('starts another batch at once only when it is full', async () => {
  const { batches, work, seen } = workByHand();
  const add = batched(work, {
    concurrency: 1,
    concurrencyWhenFull: 2,
    maxWaitMs: 0,
    enough: 3,
    sizeOf: () => 1,
  });
  const added = [1, 2, 3, 4, 5].map(add);
  await untilTrue(() => batches.length === 1);
  await new Promise(setImmediate);
  expect(seen()).toEqual([[1, 2, 3]]);
  added.push(add(6), add(7));
  await untilTrue(() => batches.length === 2);
  expect(seen()[1]).toEqual([4, 5, 6]);
  batches[1]?.end();
  await added[5];
  await new Promise(setImmediate);
  expect(batches).toHaveLength(2);
  batches[0]?.end();
  await untilTrue(() => batches.length === 3);
  expect(seen()[2]).toEqual([7]);
  batches[2]?.end();
  await Promise.all(added);
});

function failingFor(isBad: (item: string) => boolean) {
  const tried: (readonly string[])[] = [];
  const work = async (items: readonly string[]) => {
    tried.push(items);
    if (items.some(isBad)) throw new Error('bad is in it');
  };
  return {
    tried,
    add: batched(work, {
      concurrency: 1,
      concurrencyWhenFull: 1,
      maxWaitMs: 0,
      enough: 100,
      sizeOf: () => 1,
    }),
  };
}

test('fails only for the item that causes the failure', async () => {
  const { add } = failingFor((item) => item === 'bad');
  const outcomes = await Promise.allSettled(['first', 'good', 'bad', 'also good'].map(add));
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
});

test('does not try every item when no item is the cause', async () => {
  const { add, tried } = failingFor(() => true);
  const outcomes = await Promise.allSettled(['1', '2', '3', '4'].map(add));
  expect(outcomes.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'rejected',
    'rejected',
  ]);
  expect(tried).toEqual([['1', '2', '3', '4'], ['1'], ['2']]);
});

test('closes a batch with the item that fills it', async () => {
  const { batches, work, seen } = workByHand();
  const add = batched(work, {
    concurrency: 1,
    concurrencyWhenFull: 1,
    maxWaitMs: 0,
    enough: 10,
    sizeOf: (item) => item,
  });
  const added = [4, 5, 6, 20, 1].map(add);
  for (let n = 1; n <= 3; n++) {
    await untilTrue(() => batches.length === n);
    batches[n - 1]?.end();
  }
  await Promise.all(added);
  expect(seen()).toEqual([[4, 5, 6], [20], [1]]);
});
