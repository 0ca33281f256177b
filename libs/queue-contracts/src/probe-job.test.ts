import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProbeJob, writeProbeJob, type ProbeJob, type ProbeTarget } from './probe-job.ts';

const USUAL_TARGET: ProbeTarget<'http'> = {
  monitorId: '00000000-0000-4000-8000-000000000001',
  kind: 'http',
  url: 'http://target.test/',
  intervalSeconds: 60,
  timeoutMs: 10_000,
  method: 'GET',
  headers: {},
  expectedStatus: ['200'],
  bodyContains: null,
  maxBodyBytes: 1_048_576,
  followRedirects: true,
};

const anyTarget: fc.Arbitrary<ProbeTarget<'http'>> = fc.record(
  {
    monitorId: fc.uuid(),
    kind: fc.constant('http'),
    url: fc.webUrl(),
    intervalSeconds: fc.integer({ min: 1, max: 3600 }),
    timeoutMs: fc.integer({ min: 1, max: 60_000 }),
    method: fc.constantFrom('GET', 'HEAD'),
    headers: fc.dictionary(fc.constantFrom('a', 'b'), fc.string(), { noNullPrototype: true }),
    expectedStatus: fc.array(fc.constantFrom('200', '201', '200-299'), { maxLength: 2 }),
    bodyContains: fc.option(fc.string()),
    maxBodyBytes: fc.constantFrom(1024, 1_048_576, 10_485_760),
    followRedirects: fc.boolean(),
    owner: fc.nat(),
    probeVersion: fc.integer({ min: 2, max: 9 }),
  },
  { requiredKeys: Object.keys(USUAL_TARGET) as (keyof typeof USUAL_TARGET)[] },
);

test('a prober reads what a scheduler wrote, with defaults omitted', () => {
  const anyJob = fc.record({
    shard: fc.nat(99),
    slot: fc.nat(2e9),
    targets: fc.array(anyTarget, { minLength: 1, maxLength: 3 }),
  });
  const overTheQueue = (job: ProbeJob): unknown => JSON.parse(JSON.stringify(writeProbeJob(job)));
  fc.assert(fc.property(anyJob, (job) => expect(parseProbeJob(overTheQueue(job))).toEqual(job)));
});

test('a target with default settings is queued without them', () => {
  const { targets } = writeProbeJob({ shard: 1, slot: 2, targets: [USUAL_TARGET] });
  expect(Object.keys(targets[0] ?? {})).toEqual([
    'monitorId',
    'url',
    'intervalSeconds',
    'timeoutMs',
  ]);
});

test('a job that an earlier version wrote is read: its targets name no kind', () => {
  const earlier: Record<string, unknown> = { ...USUAL_TARGET };
  delete earlier['kind'];
  expect(parseProbeJob({ shard: 1, slot: 2, targets: [earlier] }).targets).toEqual([USUAL_TARGET]);
  const { monitorId, url, intervalSeconds, timeoutMs } = USUAL_TARGET;
  expect(
    parseProbeJob({ shard: 1, slot: 2, targets: [{ monitorId, url, intervalSeconds, timeoutMs }] })
      .targets,
  ).toEqual([USUAL_TARGET]);
});

test('a target of another kind says so, and leaves out what is as by default', () => {
  const { monitorId, intervalSeconds, timeoutMs } = USUAL_TARGET;
  const target: ProbeTarget = {
    monitorId,
    kind: 'tcp',
    host: 'db',
    port: 5432,
    send: null,
    expect: '+PONG',
    intervalSeconds,
    timeoutMs,
  };
  const written = writeProbeJob({ shard: 1, slot: 2, targets: [target] });
  expect(written.targets).toEqual([
    { monitorId, kind: 'tcp', host: 'db', port: 5432, expect: '+PONG', intervalSeconds, timeoutMs },
  ]);
  expect(parseProbeJob(JSON.parse(JSON.stringify(written))).targets).toEqual([target]);
});

test('the version of the settings lies on the queue from the second on', () => {
  const written = (probeVersion: number) =>
    writeProbeJob({ shard: 1, slot: 2, targets: [{ ...USUAL_TARGET, probeVersion }] });
  expect(written(1).targets[0]).not.toHaveProperty('probeVersion');
  expect(parseProbeJob(written(2)).targets[0]).toHaveProperty('probeVersion', 2);
});

test.each([
  [null],
  ['junk'],
  [{ shard: 1, slot: 2, targets: [] }],
  [{ shard: 1, slot: 2, targets: [{ ...USUAL_TARGET, url: 7 }] }],
  [{ shard: 1, slot: 2, targets: [{ ...USUAL_TARGET, kind: 'tcp' }] }],
  [{ shard: 1, slot: 2, targets: [{ ...USUAL_TARGET, kind: 'gopher' }] }],
])('refuses what is no probe job: %j', (data) => expect(() => parseProbeJob(data)).toThrow());
