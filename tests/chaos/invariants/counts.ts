import type { Evidence, Row, Stats } from '../evidence/evidence.ts';
import type { Invariant } from './invariant.ts';

export const counts: Invariant = {
  name: 'the counts of 24 hours equal the rows, and the rollups did at every moment',
  check: ({ lives, rows, stats, samples }: Evidence) => {
    const faults = lives.flatMap((life) => {
      const answered = stats.get(life.id);
      if (!answered) return [];
      const counted = count(rows.get(life.id) ?? []);
      return isSame(answered, counted)
        ? []
        : [`${life.name}: ${JSON.stringify(answered)}, but ${JSON.stringify(counted)} rows`];
    });
    return {
      looked: `${stats.size} monitors, and all rollups ${samples.taken} times`,
      faults: [...faults, ...samples.faults.filter((fault) => fault.startsWith('rollups'))],
    };
  },
};

function count(rows: readonly Row[]): Stats {
  const of = (outcome: Row['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  return { successes: of('success'), failures: of('failure'), unknown: of('unknown') };
}

function isSame(one: Stats, other: Stats): boolean {
  return (
    one.successes === other.successes &&
    one.failures === other.failures &&
    one.unknown === other.unknown
  );
}
