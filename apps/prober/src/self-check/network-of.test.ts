import { expect, test } from '@jest/globals';
import { networkOf } from './network-of.ts';

test.each([
  ['10.1.2.3', '10.1.200.4'],
  ['::ffff:10.1.2.3', '10.1.0.1'],
  ['fd00:1:2::3', 'fd00:1:9::8'],
  ['a.example.test', 'b.example.test.'],
])('%s and %s are in one network', (one, other) => {
  expect(networkOf(one)).toBe(networkOf(other));
});

test.each([
  ['10.1.2.3', '10.2.2.3'],
  ['fd00:1::1', 'fd00:2::1'],
  ['a.example.test', 'a.other.test'],
  ['64:ff9b::a01:203', '64:ff9b::a02:203'],
])('%s and %s are in different networks', (one, other) => {
  expect(networkOf(one)).not.toBe(networkOf(other));
});

test.each(['127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '::ffff:127.0.0.1'])(
  '%s is this machine',
  (address) => {
    expect(networkOf(address)).toBeNull();
  },
);
