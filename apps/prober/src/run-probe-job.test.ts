import { expect, test } from '@jest/globals';
import type { CheckResult } from '@gomon/domain';
import { Registry } from 'prom-client';
import { targetOf } from '../test/probe-once.ts';
import { createProberMetrics } from './metrics.ts';
import type { Finding, Probe } from './probes/probe.ts';
import { runProbeJob, type Deps } from './run-probe-job.ts';
import { createLimiter } from './limiter.ts';

const SLOT = 1_764_000_000;
const up: Finding = { outcome: 'success', statusCode: 200, reason: null, durationMs: 5 };
const down: Finding = { outcome: 'failure', statusCode: null, reason: 'timeout', durationMs: 5 };

const jobOf = (...urls: string[]) => ({
  shard: 3,
  slot: SLOT,
  targets: urls.map((url) =>
    targetOf(url, { monitorId: `monitor of ${url}`, intervalSeconds: 10 }),
  ),
});

/** What a job needs, at 1.5 s after the slot unless `overrides` say otherwise. */
function setUp(probe: Probe<'http'>, overrides: Partial<Deps> = {}) {
  const results: CheckResult[] = [];
  const limiter = createLimiter({ limit: 2, hostLimit: 2 });
  const registry = new Registry();
  const deps: Deps = {
    probe: probe as Probe,
    limiter,
    clock: { start: async () => undefined, stop: () => undefined, now: () => SLOT * 1000 + 1500.4 },
    stalls: { stalledMs: () => 0 },
    reporter: {
      report: async (_shard, result) => void results.push(result),
      stop: async () => undefined,
    },
    metrics: createProberMetrics(registry, limiter),
    halt: new AbortController().signal,
    ...overrides,
  };
  return { deps, results, registry };
}

test('reports a result for every target', async () => {
  const { deps, results, registry } = setUp(async ({ url }) => (url === 'b' ? down : up));
  expect(await runProbeJob(jobOf('a', 'b', 'c'), deps)).toEqual([]);
  expect(results.map(({ monitorId, outcome }) => [monitorId, outcome])).toEqual([
    ['monitor of a', 'success'],
    ['monitor of b', 'failure'],
    ['monitor of c', 'success'],
  ]);
  expect(results[0]).toEqual({
    monitorId: 'monitor of a',
    slot: SLOT,
    ...up,
    checkedAt: SLOT * 1000 + 1500,
  });
  expect(await registry.metrics()).toContain(
    'gomon_probes_total{outcome="failure",reason="timeout"} 1',
  );
});

test('reports the phases of each probe, and none for a target that it did not probe', async () => {
  const timing = { dnsMs: 0.4, connectMs: 1.3, tlsMs: 2.4, firstByteMs: 0.2, totalMs: 5.1 };
  const { deps, results } = setUp(async ({ url }) =>
    url === 'b' ? { ...down, timing } : { ...up, timing },
  );
  await runProbeJob(jobOf('a', 'b'), deps);
  deps.clock.now = () => (SLOT + 10) * 1000;
  await runProbeJob(jobOf('c'), deps);
  expect(results.map(({ phases }) => phases)).toEqual([[0, 2, 2, 0], [0, 2, 2, 0], undefined]);
});

test('reports a result while another target has not answered', async () => {
  const hanging = Promise.withResolvers<Finding>();
  const reported = Promise.withResolvers<void>();
  const { deps, results } = setUp(({ url }) =>
    url === 'hangs' ? hanging.promise : Promise.resolve(up),
  );
  deps.reporter.report = async (_shard, result) => {
    if (results.push(result) === 2) reported.resolve();
  };
  const ended = runProbeJob(jobOf('hangs', 'a', 'b'), deps);
  await reported.promise;
  hanging.resolve(down);
  await ended;
  expect(results.map(({ monitorId }) => monitorId)).toEqual([
    'monitor of a',
    'monitor of b',
    'monitor of hangs',
  ]);
});

test.each([
  ['probes', 9.999, 'success'],
  ['does not probe', 10, 'unknown'],
  ['does not probe', 3600, 'unknown'],
])('%s a target %f seconds after its slot when its interval is 10', async (_, seconds, outcome) => {
  const { deps, results } = setUp(async () => up);
  deps.clock.now = () => (SLOT + seconds) * 1000;
  await runProbeJob(jobOf('a'), deps);
  expect(results[0]?.outcome).toBe(outcome);
  if (outcome === 'unknown')
    expect(results[0]).toMatchObject({ reason: 'expired', statusCode: null, durationMs: null });
});

test('a check that waits for its host longer than its interval is unknown', async () => {
  let now = SLOT * 1000;
  const answers: ((found: Finding) => void)[] = [];
  const clock = { start: async () => undefined, stop: () => undefined, now: () => now };
  const limiter = createLimiter({ limit: 100, hostLimit: 2 });
  const { deps, results } = setUp(() => new Promise((resolve) => answers.push(resolve)), {
    clock,
    limiter,
  });
  const ended = runProbeJob(
    jobOf(...['/a', '/b', '/c', '/d'].map((path) => `http://tarpit.test${path}`)),
    deps,
  );
  while (answers.length < 2) await new Promise(setImmediate);
  now += 10_000;
  for (const answer of answers) answer(down);
  await ended;
  expect(results.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
    ...Array<string>(2).fill('failure timeout'),
    ...Array<string>(2).fill('unknown expired'),
  ]);
});

test('a check that waits beyond its interval is reported while all places are still taken', async () => {
  let now = SLOT * 1000;
  const hanging = Promise.withResolvers<Finding>();
  const clock = { start: async () => undefined, stop: () => undefined, now: () => now };
  const { deps, results } = setUp(() => hanging.promise, { clock });
  const ended = runProbeJob(jobOf('a', 'b', 'c', 'd'), deps);
  while (deps.limiter.taken < 2) await new Promise(setImmediate);
  deps.limiter.expire();
  now += 10_000;
  deps.limiter.expire();
  while (results.length < 2) await new Promise(setImmediate);
  expect(results.map(({ monitorId, reason }) => `${monitorId}: ${reason}`)).toEqual([
    'monitor of c: expired',
    'monitor of d: expired',
  ]);
  hanging.resolve(down);
  await ended;
});

test('leaves targets that were halted, or not started when the limiter closes, for another prober', async () => {
  const { deps, results } = setUp(async ({ url }) => {
    deps.limiter.close();
    return url === 'halted' ? null : up;
  });
  expect(await runProbeJob(jobOf('a', 'halted', 'b', 'c'), deps)).toMatchObject([
    { url: 'halted' },
    { url: 'b' },
    { url: 'c' },
  ]);
  expect(results).toHaveLength(1);
});

test('counts failures during a stall of this process as unknown, unless the target itself answered', async () => {
  const refusing: Finding = { ...down, statusCode: 500, reason: 'http_status' };
  const found = new Map(Object.entries({ up, down, refusing }));
  const outcomesAfter = async (stallMs: number) => {
    let stalled = 0;
    const stalls = { stalledMs: () => stalled };
    const probe: Probe<'http'> = async ({ url }) => {
      stalled += stallMs;
      return found.get(url) ?? null;
    };
    const { deps, results } = setUp(probe, { stalls });
    for (const url of found.keys()) await runProbeJob(jobOf(url), deps);
    return results.map(({ outcome }) => outcome);
  };
  const quarter = jobOf('up').targets[0]!.timeoutMs / 4;
  expect(await outcomesAfter(Math.min(1000, quarter) - 1)).toEqual([
    'success',
    'failure',
    'failure',
  ]);
  expect(await outcomesAfter(Math.min(1000, quarter))).toEqual(['success', 'unknown', 'failure']);
});

test("reports the self-check's outcome, and leaves a target for which it has none", async () => {
  const review = async (found: Finding) => {
    if (found.reason === 'dns') return null;
    return found.reason === 'timeout'
      ? ({ ...found, outcome: 'unknown', reason: 'internal' } as const)
      : found;
  };
  const probe: Probe<'http'> = async ({ url }) =>
    url === 'up' ? up : url === 'away' ? { ...down, reason: 'dns' } : down;
  const { deps, results } = setUp(probe, { selfCheck: { review } });
  expect(await runProbeJob(jobOf('up', 'down', 'away'), deps)).toMatchObject([{ url: 'away' }]);
  expect(results).toMatchObject([
    { outcome: 'success' },
    { outcome: 'unknown', reason: 'internal' },
  ]);
});

test('fails when a result could not be reported, after reporting the others', async () => {
  const { deps, results } = setUp(async () => up);
  deps.reporter.report = async (_shard, result) => {
    if (result.monitorId === 'monitor of a') throw new Error('no queue');
    results.push(result);
  };
  await expect(runProbeJob(jobOf('a', 'b', 'c'), deps)).rejects.toThrow('no queue');
  expect(results).toHaveLength(2);
  expect(deps.limiter.taken).toBe(0);
});
