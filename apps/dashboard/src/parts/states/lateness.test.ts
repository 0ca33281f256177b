import { expect, test } from '@jest/globals';
import { latenessOf } from './lateness.ts';

const well = {
  status: 'ok',
  lastDispatchedAgeSeconds: 1,
  queueAgeSeconds: 0,
  ingestDelaySeconds: 0,
  probersSeen: 2,
  checksExpired: 0,
  checkedAt: '2026-12-01T12:00:00Z',
} as const;
const late = { ...well, status: 'degraded' } as const;

test('a banner says nothing while checks are on time', () => {
  expect(latenessOf(well)).toBeNull();
});

test.each([
  [{ queueAgeSeconds: 76 }, /^Checks are 1\smin 16\ssec late\.$/],
  [{ lastDispatchedAgeSeconds: 3600, ingestDelaySeconds: 61 }, /^Checks are 1\shr? ?late\.$/],
  [{ checksExpired: 7 }, /^Probers do not keep up: 7 checks expired/],
  [{ probersSeen: 0, queueAgeSeconds: 76 }, /^No prober can check/],
  [
    { probersSeen: null, queueAgeSeconds: null, ingestDelaySeconds: null },
    /^No scheduler is running/,
  ],
])('a banner says why checks are late: %j', (reading, words) => {
  expect(latenessOf({ ...late, ...reading })).toMatch(words);
});
