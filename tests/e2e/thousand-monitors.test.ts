import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTarget, type Target } from '@gomon/test-support';
import { signIn, type ApiClient } from '../../tools/local-stack/demo/api-client.ts';
import { checksOf, secondOf, until, type AlertAnswer, type Page } from './product.ts';
import { startTestStack, type RunningStack } from './stack.ts';

const MONITORS = 1000;
const INTERVAL_SECONDS = 10;
const OBSERVED_SECONDS = 30;

let stack: RunningStack;
let target: Target;
let client: ApiClient;
let ids: string[];

beforeAll(async () => {
  target = await startTarget();
  stack = await startTestStack(1, 1, { MAX_MONITORS_PER_USER: String(MONITORS) });
  client = await signIn(stack.apiUrl, 'ada', 'a long passphrase');
  ids = [];
  for (let i = 0; i < MONITORS; i++) {
    const settings = {
      name: `monitor ${i}`,
      url: `${target.url}/${i}`,
      threshold: 0,
      intervalSeconds: INTERVAL_SECONDS,
    };
    ids.push((await client.post<{ id: string }>('/v1/monitors', settings)).id);
  }
});
afterAll(async () => {
  await stack?.close();
  await target?.stop();
});

const metricsOf = async (app: string) => (await fetch(stack.metricsUrls[app] ?? '')).text();

/** The share of observations of a histogram that are at most `seconds`, in percent. */
function shareWithin(metrics: string, histogram: string, seconds: number): number {
  const value = (series: string) =>
    Number(
      metrics
        .split('\n')
        .find((line) => line.startsWith(series))
        ?.split(' ')
        .at(-1),
    );
  return (100 * value(`${histogram}_bucket{le="${seconds}"}`)) / value(`${histogram}_count`);
}

test('1,000 monitors at 10 s: every slot has its row, no alert opens, lateness and delay are on /metrics', async () => {
  const from = Math.ceil(Date.now() / 1000) + 2;
  await delay(OBSERVED_SECONDS * 1000);
  const through = from + OBSERVED_SECONDS - INTERVAL_SECONDS;
  for (const id of ids) {
    const slots = await until(
      async () => (await checksOf(client, id)).map((check) => secondOf(check.slot)),
      (found) => (found.at(-1) ?? 0) > through,
    );
    const observed = slots.filter((slot) => slot >= from && slot <= through);
    expect((observed[0] ?? 0) - from).toBeLessThan(INTERVAL_SECONDS);
    expect(through - (observed.at(-1) ?? 0)).toBeLessThan(INTERVAL_SECONDS);
    expect(observed).toEqual(observed.map((_, i) => (observed[0] ?? 0) + i * INTERVAL_SECONDS));
  }
  expect((await client.get<Page<AlertAnswer>>('/v1/alerts')).items).toEqual([]);
  const [scheduler, prober] = [await metricsOf('scheduler'), await metricsOf('prober')];
  console.log(
    [
      `dispatched within 1 s of the slot: ${shareWithin(scheduler, 'gomon_dispatch_lateness_seconds', 1).toFixed(2)} %`,
      `row within 1 s of the probe's end: ${shareWithin(scheduler, 'gomon_ingest_delay_seconds', 1).toFixed(2)} %`,
      `probe started within 1 s of the slot: ${shareWithin(prober, 'gomon_probe_start_lateness_seconds', 1).toFixed(2)} %`,
    ].join('\n'),
  );
  for (const series of [
    'gomon_dispatch_lateness_seconds_count',
    'gomon_ingest_delay_seconds_count',
  ])
    expect(scheduler).toContain(series);
});
