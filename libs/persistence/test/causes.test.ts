import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CheckResult } from '@gomon/domain';
import { addNumberedMonitors, createUser, findMonitor, listChecks, type Db } from '../src/index.ts';
import { storeCheckResults } from '../src/pipeline/index.ts';
import { openTestDb } from './open-test-db.ts';

const HOSTILE = `"}{,\\" \\ NULL, 'x' ${'é'.repeat(20)} {1,2}`;
let stores: Awaited<ReturnType<typeof openTestDb>>;
let db: Db;
let ownerId: string;

beforeAll(async () => {
  stores = await openTestDb();
  db = stores.db;
  ownerId = (await createUser(db, { username: 'ada', passwordHash: 'none' })).id;
  const settings = {
    ownerId,
    name: 'site',
    url: 'http://target/',
    intervalSeconds: 60,
    threshold: 3,
    shardCount: 4,
  };
  await addNumberedMonitors(db, settings, 1, 3);
  await db.monitor.updateMany({ data: { createdAt: new Date(Date.now() - 86_400_000) } });
});
afterAll(() => stores.close());

const slot = Math.floor(Date.now() / 1000) - 600;
const failure = (monitorId: string, more: Partial<CheckResult>): CheckResult => ({
  monitorId,
  slot,
  outcome: 'failure',
  statusCode: null,
  reason: 'tls',
  durationMs: 3,
  checkedAt: slot * 1000,
  ...more,
});

test('a check keeps its cause and detail exactly, beside checks without one, also when results repeat', async () => {
  const monitors = await db.monitor.findMany({
    orderBy: { name: 'asc' },
    select: { id: true, shard: true },
  });
  const told = [
    { cause: 'wrong_host', causeDetail: HOSTILE },
    { cause: 'tls_handshake' },
    { outcome: 'success', reason: null, statusCode: 200 },
  ] as const;
  const results = monitors.map(({ id, shard }, i) => ({ shard, ...failure(id, told[i] ?? {}) }));
  const later = results.map((result) => ({ ...result, slot: slot + 60 }));
  await storeCheckResults(db, results, 30);
  await storeCheckResults(db, [...results, ...later], 30);
  const found = await Promise.all(monitors.map((monitor) => listChecks(db, monitor, { limit: 9 })));
  const causes = found.map((checks) =>
    checks.map(({ cause, causeDetail }) => [cause, causeDetail]),
  );
  expect(causes).toEqual([
    [
      ['wrong_host', HOSTILE],
      ['wrong_host', HOSTILE],
    ],
    [
      ['tls_handshake', null],
      ['tls_handshake', null],
    ],
    [
      [null, null],
      [null, null],
    ],
  ]);
  const states = await Promise.all(monitors.map(({ id }) => findMonitor(db, ownerId, id)));
  expect(states.map((monitor) => monitor?.state.lastCause)).toEqual([
    'wrong_host',
    'tls_handshake',
    null,
  ]);
});
