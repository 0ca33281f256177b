import { expect, test } from '@jest/globals';
import { selectShards } from './config.ts';

const existing = [0, 1, 2, 3];

test('reads shards by number and by range, without duplicates', () => {
  expect(selectShards('all', existing)).toEqual([0, 1, 2, 3]);
  expect(selectShards('0-2', existing)).toEqual([0, 1, 2]);
  expect(selectShards('3,0-1,1', existing)).toEqual([3, 0, 1]);
});

test('refuses shards that the database does not have', () => {
  expect(() => selectShards('2-5', existing)).toThrow(
    'SCHEDULER_SHARDS names 4, 5, but the database has shards 0-3',
  );
});
