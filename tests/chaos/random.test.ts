import { expect, test } from '@jest/globals';
import { createRandom } from './random.ts';

const draw = (seed: string) => {
  const random = createRandom(seed);
  return Array.from({ length: 20 }, () => random.next());
};

test('the same seed draws the same numbers, another seed others', () => {
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
});

test('a branch does not depend on what was drawn before', () => {
  const [one, other] = [createRandom('a'), createRandom('a')];
  other.next();
  expect(one.branch('x').next()).toBe(other.branch('x').next());
  expect(one.branch('x').next()).not.toBe(one.branch('y').next());
});

test('whole numbers take every value of their range, and no other', () => {
  const random = createRandom('a');
  const drawn = new Set(Array.from({ length: 200 }, () => random.whole(3, 6)));
  expect([...drawn].sort()).toEqual([3, 4, 5, 6]);
});

test('shuffling keeps what is there and moves it', () => {
  const items = Array.from({ length: 30 }, (_, i) => i);
  const shuffled = createRandom('a').shuffle(items);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
});
