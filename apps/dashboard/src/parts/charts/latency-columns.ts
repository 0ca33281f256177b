import type { AlignedData } from 'uplot';
import type { Latency, Phases } from '../../queries.ts';
import { PHASES } from './phase-words.ts';

type Point = Latency['points'][number];

/** Buckets without checks are left out by the api: in each of those gaps goes a row that breaks the lines. */
export function percentileColumns({ points, bucketSeconds }: Latency): AlignedData {
  const rows = points.flatMap(({ at, p50Ms, p95Ms, p99Ms }, index) => {
    const time = toSeconds(at);
    const before = points[index - 1];
    const isGap = before && time - toSeconds(before.at) > bucketSeconds;
    return [
      ...(isGap ? [[time - bucketSeconds / 2, null, null, null]] : []),
      [time, p50Ms, p95Ms, p99Ms],
    ];
  });
  const column = (index: number) => rows.map((row) => row[index] ?? null);
  return [column(0) as number[], column(1), column(2), column(3)];
}

/**
 * Bars from 0 on, the highest first: each hides all but its own phase of those before it. The row at the end says how wide a bucket is, even
 * where there is one only.
 */
export function phaseColumns({ points, bucketSeconds }: Latency): AlignedData {
  const times = points.map(({ at }) => toSeconds(at));
  const tops = PHASES.map((_, last) => {
    const upTo = PHASES.slice(0, last + 1);
    return [
      ...points.map(({ phases }) => phases && upTo.reduce((sum, [name]) => sum + phases[name], 0)),
      null,
    ];
  });
  return [[...times, (times.at(-1) ?? 0) + bucketSeconds], ...tops.reverse()];
}

/** What a bar shows of itself. */
export function heightOfPhase(columns: AlignedData, series: number, index: number): number | null {
  const top = columns[series]?.[index] ?? null;
  return top === null ? null : top - (columns[series + 1]?.[index] ?? 0);
}

const toSeconds = (at: string) => Date.parse(at) / 1000;

/** Over all buckets that know, each as often as it has successes; null when none knows. */
export function meanPhases(points: readonly Point[]): Phases | null {
  const known = points.flatMap(({ count, failures, phases }) =>
    phases ? [{ successes: count - failures, phases }] : [],
  );
  const total = known.reduce((sum, { successes }) => sum + successes, 0);
  if (total === 0) return null;
  const mean = (name: keyof Phases) =>
    known.reduce((sum, { successes, phases }) => sum + phases[name] * successes, 0) / total;
  return {
    dnsMs: mean('dnsMs'),
    connectMs: mean('connectMs'),
    tlsMs: mean('tlsMs'),
    firstByteMs: mean('firstByteMs'),
    restMs: mean('restMs'),
  };
}
