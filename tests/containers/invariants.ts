import { expect, test } from '@jest/globals';
import { alertsBeforePause, beforePause, secondOf, type CheckAnswer } from '../e2e/product.ts';
import { INTERVAL_SECONDS, alwaysUp, rule, type Observed } from './workload.ts';

/** The clocks of two processes and the arrival of a request may differ by so much. */
const TOLERANCE_SECONDS = 0.2;

/** What holds for every monitor, whatever happened meanwhile. */
export function testInvariants(observed: () => readonly Observed[]): void {
  test('every slot has exactly one row, or lies in a gap', () => {
    for (const monitor of observed()) {
      const slots = monitor.checks.map((check) => secondOf(check.slot));
      expect([monitor.path, slots.length - new Set(slots).size]).toEqual([monitor.path, 0]);
      const missing = slotsOf(monitor).filter((slot) => !slots.includes(slot));
      const inNoGap = missing.filter(
        (slot) => !monitor.gaps.some((gap) => slot > gap.after && slot <= gap.through),
      );
      expect([monitor.path, monitor.shard, inNoGap]).toEqual([monitor.path, monitor.shard, []]);
    }
  });

  test('every success and failure is a request that the target saw, with that answer', () => {
    for (const { path, checks, requests } of observed()) {
      const unused = new Set(requests);
      const unseen = checks.filter((check) => {
        if (check.outcome === 'unknown') return false;
        const request = [...unused].find(
          ({ at, status }) => status === check.statusCode && isWithin(at, check),
        );
        return !request || !unused.delete(request);
      });
      expect([path, unseen]).toEqual([path, []]);
    }
  });

  test('a target that was always up has no failure', () => {
    const failures = observed()
      .filter(({ path }) => alwaysUp.test(path))
      .flatMap(({ path, checks }) =>
        checks.filter(({ outcome }) => outcome === 'failure').map((check) => ({ path, ...check })),
      );
    expect(failures).toEqual([]);
  });

  test('the statistics equal the rows', () => {
    for (const { path, checks, stats } of observed()) {
      const count = (outcome: string) => checks.filter((check) => check.outcome === outcome).length;
      const counted = {
        successes: count('success'),
        failures: count('failure'),
        unknown: count('unknown'),
      };
      expect({ path, ...stats }).toMatchObject({ path, ...counted });
    }
  });

  test('alerts are what the rows say', () => {
    for (const { path, checks, alerts } of observed()) {
      const wanted = alertsBeforePause(checks, rule).map((possible) => [path, possible]);
      expect(wanted).toContainEqual([path, alerts.map(beforePause)]);
    }
  });
}

/** The slots of its grid in its life; a monitor that is being registered or paused may or may not be seen. */
function slotsOf({ createdAt, pausedAt, phase }: Observed): number[] {
  const [first, last] = [Math.floor(createdAt) + 2, Math.floor(pausedAt) - 2];
  const seconds = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return seconds.filter((second) => second % INTERVAL_SECONDS === phase);
}

function isWithin(at: Date, { slot, checkedAt }: CheckAnswer): boolean {
  const second = at.getTime() / 1000;
  return (
    second >= secondOf(slot) - TOLERANCE_SECONDS &&
    second <= secondOf(checkedAt) + TOLERANCE_SECONDS
  );
}
