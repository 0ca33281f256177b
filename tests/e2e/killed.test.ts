import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTarget, type Answer, type Target } from '@gomon/test-support';
import { Redis } from 'ioredis';
import pg from 'pg';
import { signIn, type ApiClient } from '../../tools/local-stack/demo/api-client.ts';
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
import { startTestStack, type RunningStack } from './stack.ts';

const rule = { threshold: 2, windowSeconds: 8 };
const MONITORS = 12;
/** A receiver that is unwell at first. */
const REFUSED_MESSAGES = 3;

type KnownAlert = EndedAlertAnswer & { readonly id: string };

let stack: RunningStack;
let target: Target;
let client: ApiClient;
const observed: { path: string; checks: CheckAnswer[]; alerts: KnownAlert[]; stats: object }[] = [];
let gaps: { from: number; through: number }[];
const messages: { id: string; body: string; accepted: boolean }[] = [];

const pathOf = (i: number) => (i % 3 === 0 ? `/outage-${i}` : `/steady-${i}`);

beforeAll(async () => {
  target = await startTarget();
  stack = await startTestStack(2, 2);
  client = await signIn(stack.apiUrl, 'ada', 'a long passphrase');
  target.respond('/hook', receive);
  await client.post('/v1/channels', {
    kind: 'webhook',
    name: 'hook',
    default: true,
    settings: { url: `${target.url}/hook` },
  });
  const ids: string[] = [];
  for (let i = 0; i < MONITORS; i++) {
    target.respond(pathOf(i), (n) => ({
      status: i % 3 === 0 && n > 5 && n < 25 ? 500 : 200,
      delayMs: 400,
    }));
    const settings = {
      name: pathOf(i),
      url: target.url + pathOf(i),
      intervalSeconds: 1,
      timeoutMs: 800,
      ...rule,
    };
    ids.push((await client.post<{ id: string }>('/v1/monitors', settings)).id);
  }
  await disturb();
  for (const id of ids) await client.patch(`/v1/monitors/${id}`, { paused: true });
  await observe(ids);
});
afterAll(async () => {
  await stack?.close();
  await target?.stop();
});

function receive(n: number, request: IncomingMessage): Answer {
  const accepted = n > REFUSED_MESSAGES;
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => (body += text));
  request.on('end', () =>
    messages.push({ id: String(request.headers['webhook-id']), body, accepted }),
  );
  return { status: accepted ? 204 : 500 };
}

/** Takes the queue's data away, then kills one of each kind in the middle of its work, each followed by a few calm seconds. */
async function disturb(): Promise<void> {
  await delay(8000);
  const queue = new Redis(stack.queueRedisUrl);
  await queue.flushdb();
  await queue.quit();
  for (const name of ['scheduler-2', 'prober-2']) {
    await delay(6000);
    const underWay = async () => target.log.filter((entry) => entry.status === null).length;
    await until(underWay, (requests) => requests > MONITORS / 2);
    process.kill(stack.processes.find((app) => app.name === name)?.pid ?? 0, 'SIGKILL');
  }
  await delay(25_000); // What the killed prober held is taken by the other one within 20 s.
}

async function observe(ids: readonly string[]): Promise<void> {
  const database = new pg.Client({ connectionString: stack.databaseUrl });
  await database.connect();
  const rowsStand = () =>
    Promise.all([counted(database), delay(3000).then(() => counted(database))]);
  await until(rowsStand, ([before, after]) => before === after);
  const { rows } = await database.query<{ from: number; through: number }>(
    `SELECT extract(epoch FROM from_slot)::float8 AS "from", extract(epoch FROM through_slot)::float8 AS "through" FROM gaps`,
  );
  gaps = rows;
  await database.end();
  for (const [i, id] of ids.entries()) {
    const { items } = await client.get<Page<KnownAlert>>(`/v1/monitors/${id}/alerts`);
    const stats = await client.get<object>(`/v1/monitors/${id}/stats?period=1h`);
    observed.push({
      path: pathOf(i),
      checks: await checksOf(client, id),
      alerts: items.reverse(),
      stats,
    });
  }
  await until(
    async () =>
      transitions().filter(
        (transition) => !accepted().some((message) => tells(message, transition)),
      ),
    (unsent) => unsent.length === 0,
  );
}

interface Transition {
  readonly type: string;
  readonly alertId: string;
}

const transitions = (): Transition[] =>
  observed
    .flatMap(({ alerts }) => alerts)
    .filter(({ id, endedBy }) => endedBy === null || isTold(id))
    .flatMap(({ id: alertId, resolvedAt }) => [
      { type: 'alert.opened', alertId },
      ...(resolvedAt === null ? [] : [{ type: 'alert.resolved', alertId }]),
    ]);
const accepted = () => messages.filter((message) => message.accepted);
/** An alert that the pause ended before its first notification has no notifications. */
const isTold = (alertId: string) =>
  accepted().some((message) => tells(message, { type: 'alert.opened', alertId }));

function tells({ body }: { readonly body: string }, { type, alertId }: Transition): boolean {
  const message = JSON.parse(body) as { type: string; data: { alert: { id: string } } };
  return message.type === type && message.data.alert.id === alertId;
}

async function counted(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    'SELECT count(*)::int4 AS count FROM checks',
  );
  return rows[0]?.count ?? 0;
}

test('every slot has exactly one row, or lies in a gap', () => {
  for (const { checks } of observed) {
    const slots = checks.map((check) => secondOf(check.slot));
    expect(new Set(slots).size).toBe(slots.length);
    const [first = 0, last = 0] = [slots[0], slots.at(-1)];
    const missing = Array.from({ length: last - first }, (_, i) => first + i).filter(
      (slot) => !slots.includes(slot),
    );
    expect(
      missing.filter((slot) => !gaps.some((gap) => slot > gap.from && slot <= gap.through)),
    ).toEqual([]);
    expect(slots.length).toBeGreaterThan(30);
  }
});

test('the run was disturbed', () => {
  const unknown = observed.flatMap(({ checks }) =>
    checks.filter((check) => check.outcome === 'unknown'),
  ).length;
  console.log(`${gaps.length} gaps, ${unknown} unknown checks`);
  expect(Math.min(gaps.length, unknown)).toBeGreaterThan(0);
});

test('a target that was always up has no failure', () => {
  for (const { checks } of observed.filter(({ path }) => path.startsWith('/steady'))) {
    expect(checks.filter((check) => check.outcome === 'failure')).toEqual([]);
  }
});

test('every success and failure is a request that was made, with its answer', () => {
  for (const { path, checks } of observed) {
    const count = (list: readonly (number | null)[]) => ({
      ok: list.filter((s) => s === 200).length,
      error: list.filter((s) => s === 500).length,
    });
    const answered = count(
      target.log.filter((entry) => entry.path === path).map((entry) => entry.status),
    );
    const recorded = count(checks.map((check) => check.statusCode));
    expect(recorded.ok).toBeLessThanOrEqual(answered.ok);
    expect(recorded.error).toBeLessThanOrEqual(answered.error);
  }
});

test('alerts are what the rows say, and the statistics equal the rows', () => {
  for (const { checks, alerts, stats } of observed) {
    const seen = alerts.map(beforePause);
    expect(alertsBeforePause(checks, rule)).toContainEqual(seen);
    const count = (outcome: string) => checks.filter((check) => check.outcome === outcome).length;
    expect(stats).toMatchObject({
      successes: count('success'),
      failures: count('failure'),
      unknown: count('unknown'),
    });
  }
});

test('every transition of an alert was delivered, the opening first, each message the same in every attempt', () => {
  expect(messages.filter((message) => !message.accepted)).toHaveLength(REFUSED_MESSAGES);
  for (const transition of transitions())
    expect(accepted().some((message) => tells(message, transition))).toBe(true);
  for (const { alertId } of transitions().filter(({ type }) => type === 'alert.resolved')) {
    const firstOf = (type: string) =>
      accepted().findIndex((message) => tells(message, { type, alertId }));
    expect(firstOf('alert.opened')).toBeLessThan(firstOf('alert.resolved'));
  }
  for (const [, attempts] of Map.groupBy(messages, ({ id }) => id))
    expect(new Set(attempts.map(({ body }) => body)).size).toBe(1);
  expect(transitions().length).toBeGreaterThan(0);
});
