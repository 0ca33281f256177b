import { expect, test } from '@jest/globals';
import { sharedRead } from './shared-read.ts';

/** A read that answers each key on demand, and fails for the word `fault`. */
function createRead(atOnce = 10) {
  const batches: (readonly string[])[] = [];
  const finish: (() => void)[] = [];
  const read = sharedRead(async (keys: readonly string[]) => {
    batches.push(keys);
    await new Promise<void>((resolve) => finish.push(resolve));
    if (keys.includes('fault')) throw new Error('fault');
    return keys.map((key) => key.toUpperCase());
  }, atOnce);
  return { read, batches, finishNext: () => finish.shift()?.() };
}

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 1000 && !holds(); n++) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(holds()).toBe(true);
}

test('simultaneous requests share one read, and later ones the next', async () => {
  const { read, batches, finishNext } = createRead();
  const first = Promise.all([read('a'), read('b'), read('a')]);
  await until(() => batches.length === 1);
  const second = Promise.all([read('a'), read('c')]);
  finishNext();
  expect(await first).toEqual(['A', 'B', 'A']);
  await until(() => batches.length === 2);
  finishNext();
  expect(await second).toEqual(['A', 'C']);
  expect(batches).toEqual([
    ['a', 'b', 'a'],
    ['a', 'c'],
  ]);
});

test('more keys than fit one read are read in several', async () => {
  const { read, batches, finishNext } = createRead(2);
  const answers = Promise.all(['a', 'b', 'c'].map(read));
  for (const count of [1, 2]) {
    await until(() => batches.length >= count);
    finishNext();
  }
  expect(await answers).toEqual(['A', 'B', 'C']);
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

test('a failed read fails only for the requests that share it', async () => {
  const { read, batches, finishNext } = createRead();
  const failing = Promise.allSettled([read('a'), read('fault')]);
  await until(() => batches.length === 1);
  const later = read('b');
  finishNext();
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await until(() => batches.length === 2);
  finishNext();
  expect(await later).toBe('B');
});

test('a hanging read delays no other request', async () => {
  const { read, batches, finishNext } = createRead();
  const hanging = read('a');
  await until(() => batches.length === 1);
  const later = read('b');
  await until(() => batches.length === 2);
  finishNext();
  finishNext();
  expect(await Promise.all([hanging, later])).toEqual(['A', 'B']);
});
