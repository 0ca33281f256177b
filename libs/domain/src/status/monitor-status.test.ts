import { describe, expect, test } from '@jest/globals';
import { statusOf, staleAfterSeconds, type StatusFacts } from './monitor-status.ts';

const NOW = new Date('2026-12-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const DAY = 86_400;

/**
 * A monitor with an interval of a minute and a timeout of ten seconds: stale after 145 s; created
 * yesterday.
 */
const monitor = (facts: Partial<StatusFacts>) =>
  statusOf(
    {
      paused: false,
      alerting: false,
      intervalSeconds: 60,
      timeoutMs: 10_000,
      activeSince: ago(DAY),
      lastOutcome: 'success',
      lastKnownSlot: ago(30),
      ...facts,
    },
    NOW,
  );

describe('a monitor', () => {
  test('is stale without a result for two intervals, its timeout and fifteen seconds', () => {
    expect(staleAfterSeconds({ intervalSeconds: 60, timeoutMs: 10_000 })).toBe(145);
    expect(monitor({ lastKnownSlot: ago(144) })).toEqual({ status: 'up', stale: false });
    for (const lastOutcome of ['success', 'failure', 'unknown'] as const) {
      expect(monitor({ lastOutcome, lastKnownSlot: ago(145) })).toEqual({
        status: 'stale',
        stale: true,
      });
    }
    expect(monitor({ lastOutcome: null, lastKnownSlot: null })).toEqual({
      status: 'stale',
      stale: true,
    });
  });

  test('is pending until its first check is overdue, also after it is resumed', () => {
    expect(monitor({ lastOutcome: null, lastKnownSlot: null, activeSince: ago(144) }).status).toBe(
      'pending',
    );
    expect(monitor({ lastKnownSlot: ago(DAY), activeSince: ago(144) })).toEqual({
      status: 'pending',
      stale: false,
    });
    expect(monitor({ lastKnownSlot: ago(DAY), activeSince: ago(145) })).toEqual({
      status: 'stale',
      stale: true,
    });
  });

  test('is not up while its newest check is unknown', () => {
    expect(monitor({ lastOutcome: 'unknown', lastKnownSlot: ago(60) })).toEqual({
      status: 'pending',
      stale: false,
    });
  });

  test('stays down while its alert is open, and is stale as well without results', () => {
    expect(monitor({ alerting: true })).toEqual({ status: 'down', stale: false });
    expect(monitor({ alerting: true, lastKnownSlot: ago(DAY) })).toEqual({
      status: 'down',
      stale: true,
    });
  });

  test('is paused, and never stale, while it is paused', () => {
    expect(monitor({ paused: true, lastKnownSlot: ago(DAY) })).toEqual({
      status: 'paused',
      stale: false,
    });
  });

  test('otherwise is up or down by its newest check', () => {
    expect(monitor({}).status).toBe('up');
    expect(monitor({ lastOutcome: 'failure' }).status).toBe('down');
  });
});
