import { expect, test } from '@jest/globals';
import { probeJobId } from './queues.ts';

test('a probe job id is the same for the same monitors and slot, and differs otherwise', () => {
  const id = probeJobId(3, 1_764_000_000, ['a', 'b']);
  expect(probeJobId(3, 1_764_000_000, ['a', 'b'])).toBe(id);
  const others = [
    probeJobId(3, 1_764_000_001, ['a', 'b']),
    probeJobId(4, 1_764_000_000, ['a', 'b']),
    probeJobId(3, 1_764_000_000, ['a', 'c']),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});

test('BullMQ accepts every probe job id', () => {
  expect(probeJobId(0, 1_764_000_000, ['a'])).toMatch(/^s[0-9a-z-]+$/);
});
