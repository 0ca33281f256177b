import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Db } from '../src/index.ts';
import { LATENCIES_OF_SUCCESSES, percentilesOf } from '../src/pipeline/fast/latency-histogram.ts';
import { openTestDb } from './open-test-db.ts';

const SHARES = [0.01, 0.5, 0.95, 0.99, 1];
let stores: Awaited<ReturnType<typeof openTestDb>>;
let db: Db;

beforeAll(async () => {
  stores = await openTestDb({ statementTimeoutMs: 30_000 });
  db = stores.db;
});
afterAll(() => stores.close());

/** The histogram of all parts, each counted separately. */
async function histogramOf(parts: readonly (readonly number[])[]): Promise<string> {
  const [row] = await db.$queryRaw<[{ histogram: string }]>`
    SELECT coalesce(sum(part.histogram), 0)::text AS histogram
    FROM jsonb_array_elements(${JSON.stringify(parts)}::jsonb) AS durations
    CROSS JOIN LATERAL (
      SELECT ${LATENCIES_OF_SUCCESSES} AS histogram FROM (
        SELECT duration::int4 AS duration_ms, 'success'::outcome AS outcome FROM jsonb_array_elements_text(durations) AS duration
        UNION ALL SELECT 123456, 'failure' UNION ALL SELECT NULL, 'unknown') AS checks) AS part`;
  return row.histogram;
}

const exactly = (sorted: readonly number[], share: number) =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;

const duration = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 2000 }),
  fc.integer({ min: 0, max: 600_000 }),
);

test('its percentiles are within a thirty-second of the true ones, however the durations were split', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(duration, { maxLength: 40 }), { maxLength: 6 }),
      async (parts) => {
        const sorted = parts.flat().sort((a, b) => a - b);
        const percentiles = percentilesOf(await histogramOf(parts), SHARES);
        for (const [i, share] of SHARES.entries()) {
          const [exact, told] = [exactly(sorted, share), percentiles[i] ?? null];
          if (exact === null || told === null) expect(told).toBe(exact);
          else expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact < 32 ? 0 : exact / 32);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('counts a month of one check a second', async () => {
  const rows = 31 * 86_400;
  const [row] = await db.$queryRaw<[{ histogram: string }]>`
    SELECT (${LATENCIES_OF_SUCCESSES})::text AS histogram
    FROM (SELECT CASE WHEN n % 100 < 96 THEN 7 ELSE 250 END AS duration_ms, 'success'::outcome AS outcome FROM generate_series(1, ${rows}::int4) AS n) AS checks`;
  expect(percentilesOf(row.histogram, [0.5, 0.96, 0.9601])).toEqual([7, 7, 252]);
});
