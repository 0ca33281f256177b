// Prints a line every ten seconds from the /metrics of all probers and schedulers of the compose network.
import { resolve4 } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { increases, parseReading, quantileBound, total, type Reading } from './readings.ts';

const EVERY_MS = 10_000;
const APPS = { prober: 8013, scheduler: 8012 };

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));

let before: { readings: Map<string, Reading>; at: number } | null = null;
for (; ; await delay(EVERY_MS)) {
  try {
    const after = { readings: await readAll(), at: performance.now() };
    if (before)
      console.log(
        describe(
          increases(before.readings, after.readings),
          (after.at - before.at) / 1000,
          after.readings,
        ),
      );
    before = after;
  } catch (error) {
    console.log(`No metrics: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readAll(): Promise<Map<string, Reading>> {
  const urls = await Promise.all(
    Object.entries(APPS).map(async ([app, port]) =>
      (await resolve4(app)).map((address) => `http://${address}:${port}/metrics`),
    ),
  );
  return new Map(
    await Promise.all(urls.flat().map(async (url) => [url, await read(url)] as const)),
  );
}

async function read(url: string): Promise<Reading> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return parseReading(await response.text());
}

function describe(grown: Reading, seconds: number, now: ReadonlyMap<string, Reading>): string {
  const perSecond = (name: string, ...labels: string[]) =>
    (total(grown, name, ...labels) / seconds).toFixed(0);
  const within = (histogram: string, q: number) => `${quantileBound(grown, histogram, q) ?? '-'} s`;
  const gauge = (name: string) =>
    [...now.values()].reduce((sum, reading) => sum + total(reading, name), 0);
  return [
    new Date().toISOString().slice(11, 19),
    `${perSecond('gomon_checks_dispatched_total')} dispatched/s`,
    `${perSecond('gomon_probes_total')} probed/s (${perSecond('gomon_probes_total', 'outcome="failure"')} failed, ${perSecond('gomon_probes_total', 'outcome="unknown"')} unknown)`,
    `${perSecond('gomon_results_ingested_total')} stored/s`,
    `started late: p50 < ${within('gomon_probe_start_lateness_seconds', 0.5)}, p99 < ${within('gomon_probe_start_lateness_seconds', 0.99)}`,
    `stored late: p99 < ${within('gomon_ingest_delay_seconds', 0.99)}`,
    `${gauge('gomon_probes_in_flight')} in flight, ${gauge('gomon_probes_waiting')} waiting`,
  ].join('  ');
}
