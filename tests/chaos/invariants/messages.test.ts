import { expect, test } from '@jest/globals';
import { LEASE_SECONDS } from '../stack/time-scale.ts';
import { attemptFaults } from './messages.ts';
import type { StoredAttempt, StoredNotification } from '../evidence/delivery-log.ts';

/** Attempts as [when it began, how long it took or null]. */
function judge(deliveredAt: number | null, ...spans: [number, number | null][]): string[] {
  const stored = spans.map(([startedAt, seconds], i): StoredAttempt => {
    return {
      notificationId: 'n',
      number: i + 1,
      startedAt,
      durationMs: seconds === null ? null : seconds * 1000,
    };
  });
  const place = {
    alertId: 'a',
    monitorId: 'm',
    channelId: 'c',
    transition: 'opened',
    createdAt: 0,
  };
  const notification: StoredNotification = {
    id: 'n',
    ...place,
    status: 'delivered',
    attempts: spans.length,
    deliveredAt,
  };
  return attemptFaults(notification, stored, []);
}

test('an attempt may follow one that failed, or one that nobody ended, after its lease', () => {
  expect(judge(3, [0, 1], [2, 1])).toEqual([]);
  expect(judge(LEASE_SECONDS + 1, [0, null], [LEASE_SECONDS, 1])).toEqual([]);
  expect(judge(LEASE_SECONDS + 1, [0, LEASE_SECONDS + 5], [LEASE_SECONDS, 1])).toEqual([]);
});

test('an attempt may not begin while another has its lease, nor after the delivery', () => {
  expect(judge(3, [0, null], [1, 1])).toHaveLength(1);
  expect(judge(1, [0, 1], [2, 1])).toHaveLength(1);
});
