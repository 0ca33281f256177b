import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseReading, total } from '../../tools/experiment/readings.ts';
import { cpuTime } from '../figures/cpu-time.ts';
import { slope } from '../figures/line.ts';

/** What is watched: processes by what they are, and the schedulers' metrics pages. */
export interface Watched {
  /** `family` for a server that forks. */
  readonly parts: Readonly<
    Record<string, { readonly pids: readonly number[]; readonly family?: boolean }>
  >;
  readonly schedulers: readonly string[];
}

/** What happened in a span of time. */
export interface Flow {
  readonly seconds: number;
  readonly checksPerSecond: number;
  /** Checks that were dispatched and were no rows yet, at the ends of seconds; on average, in seconds of checks. */
  readonly backlogSeconds: number;
  /** By how much the backlog grew, as a share of the checks. */
  readonly growth: number;
  /** CPU time of each part for each check, in µs. */
  readonly cost: Readonly<Record<string, number>>;
  /** Of all processors, the share that each part had. */
  readonly share: Readonly<Record<string, number>>;
  /** The share of all processors that was busy, with any process. */
  readonly busy: number;
}

/** Of all schedulers together, since they were started. */
export interface Counts {
  readonly dispatched: number;
  readonly ingested: number;
  /** Results that had been stored by an ingestion that then failed, or came twice. */
  readonly repeated: number;
}

/** Checks are dispatched at the beginning of a second: the backlog of one is compared with that of the next before its end. */
const SAMPLE_AT_MS = 950;
/** Enough to see a backlog grow; to tell its metrics costs a scheduler as much as a hundred checks, which is not to be counted as theirs. */
const MOST_SAMPLES = 12;

export async function watchFlow(
  { parts, schedulers }: Watched,
  seconds: number,
  signal: AbortSignal,
): Promise<Flow> {
  const first = await read(parts, schedulers);
  const backlog: number[] = [];
  const step = Math.ceil(seconds / MOST_SAMPLES);
  for (let second = step; second <= seconds; second += step) {
    await delay(step * 1000 - ((Date.now() + 1000 - SAMPLE_AT_MS) % 1000), undefined, { signal });
    const { dispatched, ingested } = await readCounts(schedulers);
    backlog.push(dispatched - ingested);
  }
  const last = await read(parts, schedulers);
  const elapsed = (last.at - first.at) / 1000;
  const ingested = last.ingested - first.ingested;
  const processorTime = elapsed * 1e6 * cpus().length;
  const used = Object.keys(parts).map(
    (part) => [part, (last.cpu[part] ?? 0) - (first.cpu[part] ?? 0)] as const,
  );
  return {
    seconds: elapsed,
    checksPerSecond: ingested / elapsed,
    backlogSeconds:
      backlog.reduce((sum, checks) => sum + checks, 0) / backlog.length / (ingested / elapsed),
    growth: (slope(backlog) * backlog.length) / Math.max(1, last.dispatched - first.dispatched),
    cost: Object.fromEntries(used.map(([part, time]) => [part, time / ingested])),
    share: Object.fromEntries(used.map(([part, time]) => [part, time / processorTime])),
    busy: 1 - (last.idle - first.idle) / processorTime,
  };
}

async function read(parts: Watched['parts'], schedulers: readonly string[]) {
  const sum = (pids: readonly number[], family = false) =>
    pids.reduce((time, pid) => time + cpuTime(pid, { family }), 0);
  return {
    ...(await readCounts(schedulers)),
    at: performance.now(),
    idle: idleTime(),
    cpu: Object.fromEntries(
      Object.entries(parts).map(([part, { pids, family }]) => [part, sum(pids, family)]),
    ),
  };
}

export async function readCounts(urls: readonly string[]): Promise<Counts> {
  const pages = await Promise.all(
    urls.map(async (url) => parseReading(await (await fetch(url)).text())),
  );
  const sum = (name: string) => pages.reduce((count, page) => count + total(page, name), 0);
  return {
    dispatched: sum('gomon_checks_dispatched_total'),
    ingested: sum('gomon_results_ingested_total'),
    repeated: sum('gomon_results_repeated_total'),
  };
}

/** Of all processors since the machine was started, in µs. */
function idleTime(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/) ?? [];
  return (Number(fields[4]) + Number(fields[5])) * 10_000;
}
