import { describe, expect, test } from '@jest/globals';
import { MONITOR_DEFAULTS, phaseOf, type Monitor } from '@gomon/domain';
import { replan, type Plan } from './monitor-schedule.ts';

const now = new Date('2026-01-01T00:00:09.900Z');
const before = new Date('2025-12-31T00:00:00Z');
const monitor: Monitor = {
  ...MONITOR_DEFAULTS,
  id: '0190b0a0-0000-7000-8000-000000000001',
  ownerId: '0190b0a0-0000-7000-8000-000000000002',
  name: 'Home',
  kind: 'http',
  settings: { url: 'https://example.com/', headers: {} },
  timeoutMs: 5000,
  timeoutChosen: true,
  intervalSeconds: 10,
  threshold: 2,
  version: 1,
  createdAt: before,
  updatedAt: before,
};
const plan: Plan = {
  phase: 0,
  immediateSlot: new Date('2026-01-01T00:00:11Z'),
  immediatePending: false,
  activeSince: before,
  ruleSince: before,
  windowSince: null,
  probeVersion: 1,
};
const immediate = { immediateSlot: new Date('2026-01-01T00:00:12Z'), immediatePending: true };

describe('a plan', () => {
  test('stays as it is when nothing that matters to it changes', () => {
    expect(
      replan(monitor, plan, { ...monitor, name: 'Other', channelIds: [monitor.id] }, now),
    ).toEqual({});
  });

  test('begins the window and has an immediate slot, off the grid and not the last one, when something else is probed', () => {
    const restarted = { ...immediate, windowSince: now, ruleSince: now, probeVersion: 2 };
    expect(
      replan(
        monitor,
        plan,
        { ...monitor, settings: { ...monitor.settings, url: 'https://example.org/' } },
        now,
      ),
    ).toEqual(restarted);
    expect(
      replan(
        monitor,
        plan,
        { ...monitor, settings: { ...monitor.settings, headers: { a: 'b' } } },
        now,
      ),
    ).toEqual(restarted);
    expect(
      replan(monitor, { ...plan, probeVersion: 7 }, { ...monitor, timeoutMs: 900 }, now),
    ).toEqual({
      ...restarted,
      probeVersion: 8,
    });
  });

  test('has no immediate slot when its target changes while it is paused', () => {
    const paused = { ...monitor, paused: true };
    const restarted = {
      immediatePending: false,
      windowSince: now,
      ruleSince: now,
      probeVersion: 2,
    };
    expect(
      replan(
        paused,
        plan,
        { ...paused, settings: { ...monitor.settings, url: 'https://example.org/' } },
        now,
      ),
    ).toEqual(restarted);
  });

  test('has another grid from now on when the interval changes', () => {
    const phase = phaseOf(monitor.id, 60);
    expect(replan(monitor, plan, { ...monitor, intervalSeconds: 60 }, now)).toEqual({
      ...immediate,
      phase,
      activeSince: now,
    });
  });

  test('counts from now on when the monitor is resumed', () => {
    const phase = phaseOf(monitor.id, 10);
    const since = { activeSince: now, windowSince: now, ruleSince: now };
    expect(replan({ ...monitor, paused: true }, plan, monitor, now)).toEqual({
      ...immediate,
      phase,
      ...since,
    });
  });

  test('has no immediate slot when the monitor is paused', () => {
    const windowSince = new Date(now.getTime() + 60_000);
    expect(replan(monitor, { ...plan, ...immediate }, { ...monitor, paused: true }, now)).toEqual({
      immediatePending: false,
      windowSince,
    });
  });

  test('decides alerts again when the rule changes', () => {
    expect(replan(monitor, plan, { ...monitor, threshold: 3 }, now)).toEqual({ ruleSince: now });
    expect(replan(monitor, plan, { ...monitor, windowSeconds: 60 }, now)).toEqual({
      ruleSince: now,
    });
  });
});
