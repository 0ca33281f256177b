import { expect, test } from '@jest/globals';
import { createRateLimit } from './rate-limit.ts';

/** A limit with a clock that only moves on demand. */
function limitOf(perMinute: number, maxKeys?: number) {
  let ms = 0;
  const limit = createRateLimit(perMinute, () => ms, maxKeys);
  const take = (key: string, times = 1) =>
    Array.from({ length: times }, () => limit.take(key)).at(-1);
  return { limit, take, wait: (seconds: number) => (ms += seconds * 1000) };
}

test('lets a key use a minute’s requests at once, and no more', () => {
  const { take } = limitOf(6);
  expect(take('a')).toEqual({
    allowed: true,
    remaining: 5,
    resetSeconds: 10,
    retryAfterSeconds: 0,
  });
  expect(take('a', 5)).toEqual({
    allowed: true,
    remaining: 0,
    resetSeconds: 60,
    retryAfterSeconds: 0,
  });
  expect(take('a')).toEqual({
    allowed: false,
    remaining: 0,
    resetSeconds: 60,
    retryAfterSeconds: 10,
  });
  expect(take('b')?.allowed).toBe(true);
});

test('allows the next request when announced, whatever was refused meanwhile', () => {
  const { take, wait } = limitOf(6);
  take('a', 100);
  wait(9.9);
  expect(take('a')).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
  wait(0.1);
  expect(take('a')?.allowed).toBe(true);
  expect(take('a')?.allowed).toBe(false);
});

test('keeps counting a busy key, and is full again after a minute', () => {
  const { take, wait } = limitOf(60);
  for (let second = 0; second < 300; second += 1, wait(1))
    expect(take('a', 2)?.allowed).toBe(second < 59);
  wait(60);
  expect(take('a')?.remaining).toBe(59);
});

test('a returned request can be used again, once', () => {
  const { limit, take } = limitOf(2);
  take('a', 2);
  limit.giveBack('a');
  expect(take('a')?.allowed).toBe(true);
  for (let times = 0; times < 5; times += 1) limit.giveBack('a');
  expect(take('a', 2)?.allowed).toBe(true);
  expect(take('a')?.allowed).toBe(false);
});

test('drops the longest unseen key instead of exceeding its limit of keys', () => {
  const { take } = limitOf(1, 2);
  for (const key of ['a', 'b', 'a', 'c']) take(key);
  expect(take('a')?.allowed).toBe(false);
  expect(take('b')?.allowed).toBe(true);
});
