import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findPromtool } from '@gomon/test-support';
import { parse } from 'yaml';
import { openRegistries, type AppMetrics } from './app-metrics.ts';
import { seriesOf, tryRules, type Course, type Series } from './fire-rules.ts';
import { root } from './run.ts';

const promtool = await findPromtool((line) => console.log(line));
if (promtool === null)
  console.warn(
    'SKIPPED: no rule of docker/prometheus was tried. Install the package prometheus, which has promtool.',
  );
const testRules = promtool === null ? test.skip : test;

const { groups } = parse(readFileSync(join(root, 'docker/prometheus/rules.yml'), 'utf8')) as {
  groups: { rules: { alert: string; expr: string }[] }[];
};
const rules = groups.flatMap((group) => group.rules);

let metrics: AppMetrics;
let atStart: Series[];
beforeAll(async () => {
  metrics = await openRegistries();
  atStart = Object.entries(metrics.atStart).flatMap(([app, text]) => seriesOf(app, text));
});
afterAll(() => metrics.close());

/** Where all is well, the gauges are not 0, and the processes are older than promtool's clock. */
const WELL: Readonly<Record<string, number>> = {
  gomon_probers_seen: 1,
  gomon_partitions_end_timestamp_seconds: 7 * 86_400,
  process_start_time_seconds: -86_400,
};
const whenWell = () =>
  atStart.map((series) => ({ ...series, value: WELL[series.name] ?? series.value }));

/** From minute `from` on, one more each `every` minutes, `count` times. */
function events(from: number, every: number, count: number): Course {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [from + n * every, n + 1]));
}

const late = (name: string, buckets: readonly string[]) =>
  Object.fromEntries(buckets.map((le) => [`${name}_bucket{le="${le}"}`, events(15, 0.25, 60)]));

/** What happens after a quarter of an hour of nothing, and which alerts it makes. */
const CASES: readonly [string, Readonly<Record<string, Course>>, readonly string[]][] = [
  ['nothing happens', {}, []],
  ['the only scheduler goes', { gomon_dispatch_age_seconds: { 15: null } }, ['GomonNoScheduler']],
  [
    'a shard is not dispatched',
    { gomon_dispatch_age_seconds: { 15: 16 } },
    ['GomonDispatchStands'],
  ],
  [
    'checks are dispatched late',
    late('gomon_dispatch_lateness_seconds', ['10', '30', '60', '300', '+Inf']),
    ['GomonDispatchLate'],
  ],
  ['the last prober goes', { gomon_probers_seen: { 15: 0 } }, ['GomonNoProbers']],
  ['a prober is cut off', { gomon_prober_cut_off: { 15: 1 } }, ['GomonProberCutOff']],
  ['a job waits', { gomon_queue_oldest_waiting_seconds: { 15: 31 } }, ['GomonQueueWaits']],
  ['a result waits', { gomon_ingest_oldest_waiting_seconds: { 15: 61 } }, ['GomonIngestStands']],
  [
    'results are stored late',
    late('gomon_ingest_delay_seconds', ['60', '300', '+Inf']),
    ['GomonIngestLate'],
  ],
  [
    'no heartbeat is heard',
    { 'gomon_heartbeats_total{result="failed"}': events(15, 0.75, 20) },
    ['GomonHeartbeatFails'],
  ],
  ['one second is left out', { gomon_gap_seconds_total: { 15: 1 } }, ['GomonGap']],
  [
    'the first check is skipped',
    { 'gomon_checks_skipped_total{cause="probers"}': { 15: 1 } },
    ['GomonChecksSkipped'],
  ],
  ['the first check expires', { gomon_checks_expired_total: { 15: 1 } }, ['GomonChecksExpire']],
  ['the first check is given up', { gomon_checks_given_up_total: { 15: 1 } }, ['GomonPoisonJob']],
  [
    'the first job is taken apart',
    { gomon_probe_jobs_taken_apart_total: { 15: 1 } },
    ['GomonPoisonJob'],
  ],
  ['the first job is malformed', { gomon_malformed_jobs_total: { 15: 1 } }, ['GomonPoisonJob']],
  [
    'a job is malformed where no scheduler is read',
    {
      gomon_malformed_jobs_total: { 15: 1 },
      gomon_checks_given_up_total: { 0: null },
      gomon_probe_jobs_taken_apart_total: { 0: null },
    },
    ['GomonPoisonJob'],
  ],
  [
    'the first result is malformed',
    { 'gomon_results_rejected_total{cause="malformed"}': { 15: 1 } },
    ['GomonResultsRejected'],
  ],
  [
    'the first result is refused',
    { 'gomon_results_rejected_total{cause="implausible"}': { 15: 1 } },
    ['GomonResultsRejected'],
  ],
  [
    'a notification waits',
    { gomon_notification_oldest_pending_seconds: { 15: 61 } },
    ['GomonNotificationsWait'],
  ],
  [
    'the first notification is given up',
    { 'gomon_notification_attempts_total{kind="email",result="dead"}': { 15: 1 } },
    ['GomonNotificationsDead'],
  ],
  [
    'the first mail fails, and each time that it is tried again',
    {
      'gomon_notification_attempts_total{kind="email",result="failed"}': {
        15: 2,
        15.5: 3,
        17.5: 4,
        27.5: 5,
      },
    },
    ['GomonNotificationsFail'],
  ],
  [
    'PostgreSQL refuses',
    { 'gomon_loop_failures_total{loop="status"}': events(15, 0.25, 40) },
    ['GomonLoopFails'],
  ],
  [
    'PostgreSQL hangs',
    { 'gomon_loop_failures_total{loop="dispatch"}': events(15, 0.5, 40) },
    ['GomonLoopFails'],
  ],
  [
    'partitions cannot be made',
    { 'gomon_loop_failures_total{loop="maintenance"}': events(15, 10, 9) },
    ['GomonUpkeepFails'],
  ],
  [
    'PostgreSQL restarts',
    { 'gomon_loop_failures_total{loop="heartbeat"}': events(15, 0.5, 5) },
    [],
  ],
  [
    'a quiet API cannot answer',
    {
      'gomon_http_requests_total{method="GET",route="/v1/monitors",status="503"}': events(
        15,
        0.5,
        40,
      ),
    },
    ['GomonApiUnavailable'],
  ],
  [
    'the first request fails',
    { 'gomon_http_requests_total{method="GET",route="/v1/monitors",status="500"}': { 15: 1 } },
    ['GomonApiErrors'],
  ],
  [
    'partitions run out',
    { gomon_partitions_end_timestamp_seconds: { 15: 2 * 86_400 } },
    ['GomonPartitionsRunOut'],
  ],
];

testRules.each(CASES)(
  'when %s, the alerts are those that are meant',
  async (_, courses, alerts) => {
    await expect(
      tryRules(promtool ?? '', { start: whenWell(), courses, alerts }),
    ).resolves.toBeUndefined();
  },
);

testRules.each([
  ['gomon_gap_seconds_total', 'GomonGap'],
  ['gomon_checks_skipped_total{cause="ingest"}', 'GomonChecksSkipped'],
  ['gomon_results_rejected_total{cause="malformed"}', 'GomonResultsRejected'],
  ['gomon_checks_expired_total', 'GomonChecksExpire'],
])(
  'what %s has counted before its process is read for the first time is known',
  async (name, alert) => {
    const young: Record<string, number> = { [name]: 7, process_start_time_seconds: -5 };
    const start = whenWell().map((series) => ({
      ...series,
      value: young[series.name] ?? series.value,
    }));
    await expect(
      tryRules(promtool ?? '', { start, courses: {}, alerts: [alert] }),
    ).resolves.toBeUndefined();
  },
);

test('every alert is among those that are tried', () => {
  expect([...new Set(CASES.flatMap(([, , alerts]) => alerts))].toSorted()).toEqual(
    rules.map(({ alert }) => alert).toSorted(),
  );
});

test('every counter that a rule reads is there from the start on, and is 0', () => {
  const read = new Set(rules.flatMap(({ expr }) => expr.match(/gomon_\w+_total/g) ?? []));
  const picked = rules.flatMap(({ expr }) => expr.match(/gomon_\w+_total\{\w+="[^"]*"\}/g) ?? []);
  for (const name of read) expect([name, valuesOf(name)]).toEqual([name, [0]]);
  for (const selector of picked) {
    const [, name = '', label = ''] = /^(\w+)\{(.*)\}$/.exec(selector) ?? [];
    expect([selector, valuesOf(name, label)]).toEqual([selector, [0]]);
  }
});

/** Each once, of the series of this name that have the label. */
function valuesOf(name: string, label = ''): number[] {
  const series = atStart.filter(
    (one) => one.name.split('{')[0] === name && one.name.includes(label),
  );
  return [...new Set(series.map(({ value }) => value))];
}
