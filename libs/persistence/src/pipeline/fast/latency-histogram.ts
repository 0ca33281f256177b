// A histogram of durations is one number: each bucket is eight decimal digits of it. So adding
// numbers adds histograms, which PostgreSQL's `+` and `sum` do fast, and a row takes 4 bytes per
// bucket between its extremes.
import { arrayLiteral } from '../../db/array-literal.ts';
import { Prisma } from '../../generated/client.ts';

/** A month of checks, one per second, does not fill a bucket. */
const DIGITS = 8;
const SPLIT_BITS = 4;
/** No check takes longer than this, in milliseconds. */
const LONGEST_MS = 2 ** 20;

/**
 * The shortest duration of each bucket: a bucket is as wide as a millisecond or a sixteenth of its
 * shortest duration.
 */
const BUCKETS: readonly number[] = listBuckets();

/**
 * The histogram of one row's `duration_ms`. The buckets are part of the statement's text: as
 * parameters of a prepared statement they would be parsed for each row.
 */
const LATENCY = `('1e' || ${DIGITS} * (width_bucket(duration_ms, '${arrayLiteral(BUCKETS)}'::int4[]) - 1))::numeric`;

/** The successes among rows with `outcome` and `duration_ms`: as an aggregate, and for one row. */
export const LATENCIES_OF_SUCCESSES = Prisma.raw(
  `coalesce(sum(${LATENCY}) FILTER (WHERE outcome = 'success'), 0)`,
);
export const LATENCY_OF_SUCCESS = Prisma.raw(
  `CASE WHEN outcome = 'success' THEN ${LATENCY} ELSE 0 END`,
);

/**
 * For each share (above 0, up to 1), the duration that this share of durations does not exceed: off
 * by at most a thirty-second, and exact below 32 ms. Null when nothing was counted.
 */
export function percentilesOf(histogram: string, shares: readonly number[]): (number | null)[] {
  const counts = BUCKETS.map((_, bucket) =>
    Number(histogram.slice(-DIGITS * (bucket + 1), -DIGITS * bucket || undefined)),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  return shares.map((share) => {
    if (total === 0) return null;
    let remaining = Math.ceil(share * total);
    const bucket = counts.findIndex((count) => (remaining -= count) <= 0);
    return middleOf(bucket);
  });
}

function middleOf(bucket: number): number {
  const shortest = BUCKETS[bucket] ?? 0;
  const next = BUCKETS[bucket + 1] ?? LONGEST_MS;
  return shortest + Math.floor((next - shortest) / 2);
}

function listBuckets(): number[] {
  const buckets = [];
  for (
    let shortest = 0;
    shortest < LONGEST_MS;
    shortest += Math.max(1, 2 ** (Math.floor(Math.log2(shortest)) - SPLIT_BITS))
  ) {
    buckets.push(shortest);
  }
  return buckets;
}
