import { PROBE_METHODS } from '@gomon/domain';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProbeJob, writeProbeJob, type ProbeJob, type ProbeTarget } from './probe-job.ts';

const USUAL_TARGET: ProbeTarget = {
  monitorId: '00000000-0000-4000-8000-000000000001',
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

const anyTarget: fc.Arbitrary<ProbeTarget> = fc.record(
  {
    monitorId: fc.uuid(),
    url: fc.webUrl(),
    intervalSeconds: fc.integer({ min: 1, max: 3600 }),
    timeoutMs: fc.integer({ min: 1, max: 60_000 }),
    method: fc.constantFrom(...PROBE_METHODS),
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
  expect(Object.keys(targets[0] ?? {})).toEqual(['monitorId', 'url', 'intervalSeconds', 'timeoutMs']);
});

test('the version of the settings is queued from the second on', () => {
  const written = (probeVersion: number) => writeProbeJob({ shard: 1, slot: 2, targets: [{ ...USUAL_TARGET, probeVersion }] });
  expect(written(1).targets[0]).not.toHaveProperty('probeVersion');
  expect(parseProbeJob(written(2)).targets[0]).toHaveProperty('probeVersion', 2);
});

test.each([
  [null],
  ['junk'],
  [{ shard: 1, slot: 2, targets: [] }],
  [{ shard: 1, slot: 2, targets: [{ ...USUAL_TARGET, url: 7 }] }],
])('refuses an invalid probe job: %j', (data) => expect(() => parseProbeJob(data)).toThrow());
