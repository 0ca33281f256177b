import { expect, test } from '@jest/globals';
import { createSemaphore } from './semaphore.ts';

/** Work that ends on demand. */
function createWork(name: string, log: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = () => {
    log.push(name);
    return promise;
  };
  return { run, finish: () => resolve(name), fail: () => reject(new Error(name)) };
}

test('fills its places, queues others in order, and refuses when the queue is full', async () => {
  const enter = createSemaphore({ places: 2, queue: 2 });
  const begun: string[] = [];
  const works = ['a', 'b', 'c', 'd', 'e'].map((name) => createWork(name, begun));
  const answers = works.map((work) => enter(work.run));
  await expect(answers[4]).rejects.toMatchObject({ code: 'unavailable' });
  expect(begun).toEqual(['a', 'b']);
  works[1]?.finish();
  expect(await answers[1]).toBe('b');
  works[0]?.fail();
  await expect(answers[0]).rejects.toThrow('a');
  works[2]?.finish();
  works[3]?.finish();
  expect(await Promise.all([answers[2], answers[3]])).toEqual(['c', 'd']);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  expect(await enter(async () => 'free again')).toBe('free again');
});

test('lets keys take turns, and refuses the last of the longest queue when full', async () => {
  const enter = createSemaphore({ places: 1, queue: 4 });
  const begun: string[] = [];
  const works = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2'].map((name) => createWork(name, begun));
  const answers = works.map((work, i) => enter(work.run, i < 5 ? 'a' : 'b'));
  const refused = { code: 'unavailable' };
  await Promise.all([
    expect(answers[4]).rejects.toMatchObject(refused),
    expect(answers[3]).rejects.toMatchObject(refused),
  ]);
  for (const work of works) work.finish();
  await Promise.allSettled(answers);
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
});
