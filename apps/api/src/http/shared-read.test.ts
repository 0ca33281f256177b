import { expect, test } from '@jest/globals';
import { sharedRead } from './shared-read.ts';

/** A read that answers each key when it is told to, and fails for the word `fault`. */
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

test('what is asked at the same moment is read at once, and what is asked meanwhile by the next read', async () => {
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

test('more than may be read at once is read in several parts', async () => {
  const { read, batches, finishNext } = createRead(2);
  const answers = Promise.all(['a', 'b', 'c'].map(read));
  for (const count of [1, 2]) {
    await until(() => batches.length >= count);
    finishNext();
  }
  expect(await answers).toEqual(['A', 'B', 'C']);
  expect(batches).toEqual([['a', 'b'], ['c']]);
});

test('a read that fails does so for who shares it, and for nobody else', async () => {
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

test('a read that hangs keeps nobody else waiting', async () => {
  const { read, batches, finishNext } = createRead();
  const hanging = read('a');
  await until(() => batches.length === 1);
  const later = read('b');
  await until(() => batches.length === 2);
  finishNext();
  finishNext();
  expect(await Promise.all([hanging, later])).toEqual(['A', 'B']);
});
