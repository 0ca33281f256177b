import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTarget, type Answer, type Target } from '@gomon/test-support';
import { signIn, type ApiClient } from '../../tools/local-stack/demo/api-client.ts';
import { givenStack, startTargetAt } from './given-stack.ts';
import {
  alertsBeforePause,
  beforePause,
  checksOf,
  secondOf,
  until,
  type CheckAnswer,
  type EndedAlertAnswer,
  type Page,
} from './product.ts';
import { startTestStack } from './stack.ts';

/** A machine that stands still for longer than an interval leaves out checks. */
const INTERVAL_SECONDS = 2;
const rule = { threshold: 2, windowSeconds: 8 * INTERVAL_SECONDS };
const REQUESTS = 20;

/** What the target answers to its n-th request, by path. */
const scripts: Record<string, (n: number) => Answer> = {
  '/steady': () => ({ status: 200 }),
  '/outage': (n) => ({ status: n >= 6 && n <= 11 ? 500 : 200 }),
  '/flapping': (n) => ({ status: n % 3 === 0 ? 200 : 503 }),
  '/hanging': (n) => (n >= 12 && n <= 15 ? 'hang' : { status: 200 }),
  '/moved': () => ({ status: 302, headers: { location: '/steady-behind' } }),
};

interface Observed {
  readonly checks: CheckAnswer[];
  readonly alerts: EndedAlertAnswer[];
}

interface Subject {
  readonly name: string;
  readonly open: () => Promise<{ apiUrl: string; close?(): Promise<void> }>;
  readonly openTarget: () => Promise<Target>;
}

const local = (schedulers: number, probers: number): Subject => ({
  name: `${schedulers} schedulers and ${probers} probers`,
  open: () => startTestStack(schedulers, probers),
  openTarget: () => startTarget(),
});
const given = givenStack(process.env);
const subjects: Subject[] = given
  ? [
      {
        name: 'the stack that was given',
        open: async () => given,
        openTarget: () => startTargetAt(given.targetHost),
      },
    ]
  : [local(1, 1), local(3, 3)];

describe.each(subjects)('with $name', ({ open, openTarget }) => {
  let stack: Awaited<ReturnType<Subject['open']>>;
  let target: Target;
  let client: ApiClient;
  const monitorIds = new Map<string, string>();
  const observed = new Map<string, Observed>();

  beforeAll(async () => {
    target = await openTarget();
    for (const [path, script] of Object.entries(scripts)) target.respond(path, script);
    stack = await open();
    client = await signIn(stack.apiUrl, 'ada', 'a long passphrase');
    for (const path of Object.keys(scripts)) {
      const settings = {
        name: path,
        url: `${target.url}${path}`,
        intervalSeconds: INTERVAL_SECONDS,
        timeoutMs: 1500,
        ...rule,
      };
      monitorIds.set(path, (await client.post<{ id: string }>('/v1/monitors', settings)).id);
    }
    await until(
      async () => requestsTo('/steady').length,
      (count) => count >= REQUESTS,
    );
    for (const id of monitorIds.values())
      await client.patch(`/v1/monitors/${id}`, { paused: true });
    for (const [path, id] of monitorIds) {
      const checks = await until(
        () => checksOf(client, id),
        (rows) => rows.length === requestsTo(path).length,
      );
      const { items } = await client.get<Page<EndedAlertAnswer>>(`/v1/monitors/${id}/alerts`);
      observed.set(path, { checks, alerts: items.reverse() });
    }
  });
  afterAll(async () => {
    await stack?.close?.();
    await target?.stop();
  });

  const requestsTo = (path: string) => target.log.filter((entry) => entry.path === path);
  const of = (path: string): Observed => observed.get(path) ?? { checks: [], alerts: [] };

  test.each(Object.keys(scripts))(
    '%s: every row is a request that was made, with its answer, and every request is a row',
    (path) => {
      const rows = of(path).checks;
      const followed = path === '/moved' ? requestsTo('/steady-behind') : requestsTo(path);
      expect(rows.length).toBeGreaterThanOrEqual(REQUESTS - 3);
      expect(rows.map((row) => row.statusCode)).toEqual(followed.map((entry) => entry.status));
      for (const [i, row] of rows.entries()) {
        const startedAt = (followed[i]?.at.getTime() ?? 0) / 1000;
        expect(startedAt).toBeGreaterThanOrEqual(secondOf(row.slot) - 0.1);
        expect(row.outcome).toBe(row.statusCode === 200 ? 'success' : 'failure');
        expect(row.reason).toBe(
          row.statusCode === 200 ? null : row.statusCode === null ? 'timeout' : 'http_status',
        );
      }
    },
  );

  test.each(Object.keys(scripts))(
    '%s: every slot, and the immediate one, has exactly one row',
    (path) => {
      const slots = of(path).checks.map((row) => secondOf(row.slot));
      const isOfGrid = (slot: number) => ((slots.at(-1) ?? 0) - slot) % INTERVAL_SECONDS === 0;
      const [first = 0, ...others] = slots.filter(isOfGrid);
      expect(others).toEqual(Array.from(others, (_, i) => first + (i + 1) * INTERVAL_SECONDS));
      const immediate = slots.filter((slot) => !isOfGrid(slot));
      expect(immediate).toEqual([slots[0] === first ? first + 1 : first - 1]);
    },
  );

  test.each(Object.keys(scripts))("%s: the statistics equal the target's log", async (path) => {
    const followed = path === '/moved' ? requestsTo('/steady-behind') : requestsTo(path);
    const successes = followed.filter((entry) => entry.status === 200).length;
    const failures = followed.length - successes;
    const stats = await client.get(`/v1/monitors/${monitorIds.get(path) ?? ''}/stats?period=1h`);
    expect(stats).toMatchObject({
      successes,
      failures,
      unknown: 0,
      uptimeRatio: successes / followed.length,
    });
  });

  test.each(Object.keys(scripts))('%s: alerts opened and resolved on the right slots', (path) => {
    const { checks, alerts } = of(path);
    const seen = alerts.map(beforePause);
    expect(alertsBeforePause(checks, rule)).toContainEqual(seen);
  });

  test('the outage is one alert, from its third failure until two failures are left in the window', () => {
    const { checks, alerts } = of('/outage');
    const rows = alerts.map(({ openedAt, resolvedAt }) =>
      [openedAt, resolvedAt].map((slot) => checks.findIndex((check) => check.slot === slot) + 1),
    );
    expect(rows).toEqual([[8, 17]]);
    expect(of('/steady').alerts).toEqual([]);
  });
});
