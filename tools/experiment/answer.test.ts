import { expect, test } from '@jest/globals';
import { answerTo } from './answer.ts';

const MINUTE_MS = 60_000;
const statuses = (now: number) =>
  Array.from({ length: 100 }, (_, i) => answerTo(`/${i + 1}`, now).status);
const failing = (now: number) => statuses(now).filter((status) => status !== 200).length;

test('of a hundred paths two always fail, and three more for five minutes of every fifteen', () => {
  expect(Array.from({ length: 30 }, (_, minute) => failing(minute * MINUTE_MS))).toEqual(
    Array.from({ length: 30 }, (_, minute) => (minute % 15 < 5 ? 5 : 2)),
  );
});

test('of a hundred paths four are slow and one never answers', () => {
  const delays = Array.from({ length: 100 }, (_, i) => answerTo(`/${i}`, 0).delayMs);
  expect(delays.filter((delay) => delay === null)).toHaveLength(1);
  expect(delays.filter((delay) => delay !== null && delay > 1000)).toHaveLength(4);
});

test('the same path at the same time has the same answer', () => {
  expect(answerTo('/monitors/12345', 99)).toEqual(answerTo('/monitors/12345', 99));
});
