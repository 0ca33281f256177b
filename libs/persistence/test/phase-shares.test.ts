import type { Phases } from '@gomon/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Db } from '../src/index.ts';
import {
  SUMS_OF_PHASES,
  meansOf,
  packPhases,
  unpackPhases,
} from '../src/pipeline/fast/phase-shares.ts';
import { openTestDb } from './open-test-db.ts';

let stores: Awaited<ReturnType<typeof openTestDb>>;
let db: Db;

beforeAll(async () => {
  stores = await openTestDb({ statementTimeoutMs: 30_000 });
  db = stores.db;
});
afterAll(() => stores.close());

interface Told {
  readonly durationMs: number;
  readonly phases: Phases;
}

const told = fc
  .oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 60_000 }),
    fc.integer({ min: 0, max: 500_000 }),
  )
  .chain((durationMs) =>
    fc
      .array(fc.integer({ min: 0, max: durationMs }), { minLength: 4, maxLength: 4 })
      .map((ends): Told => {
        const [a = 0, b = 0, c = 0, d = 0] = ends.sort((one, other) => one - other);
        return { durationMs, phases: [a, b - a, c - b, d - c] };
      }),
  );

test('phases are exact below 255 ms, otherwise to a five-hundredth of the duration, and never exceed it', () => {
  fc.assert(
    fc.property(told, ({ durationMs, phases }) => {
      const packed = packPhases({ durationMs, phases });
      const unpacked = unpackPhases(packed, durationMs);
      expect(packed).toBe(Number(packed) | 0);
      if (durationMs < 255) expect(unpacked).toEqual(phases);
      for (const [i, ms] of (unpacked ?? []).entries()) {
        expect(Math.abs(ms - (phases[i] ?? 0))).toBeLessThanOrEqual(durationMs / 500 + 1);
        expect(ms).toBeLessThanOrEqual(durationMs);
      }
    }),
    { numRuns: 2000 },
  );
});

test('the sums of a statement are those of its rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(told), { maxLength: 30 }), async (checks) => {
      const rows = checks.map((each) => ({
        duration_ms: each?.durationMs ?? 7,
        phases: each && packPhases(each),
      }));
      const [row] = await db.$queryRaw<[{ sums: number[] }]>`
        SELECT ARRAY[${SUMS_OF_PHASES}]::float8[] AS sums
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS checks(duration_ms int4, phases int4)`;
      const each = rows.map(
        ({ duration_ms, phases }) => unpackPhases(phases, duration_ms) ?? [0, 0, 0, 0],
      );
      expect(row.sums).toEqual(
        [0, 1, 2, 3].map((i) => each.reduce((sum, phases) => sum + (phases[i] ?? 0), 0)),
      );
    }),
    { numRuns: 100 },
  );
});

test('an hour of the longest durations, one per second, is counted', async () => {
  const packed = packPhases({ durationMs: 500_000, phases: [500_000, 0, 0, 0] });
  const [row] = await db.$queryRaw<[{ sums: number[] }]>`
    SELECT ARRAY[${SUMS_OF_PHASES}]::int4[] AS sums
    FROM (SELECT 500000 AS duration_ms, ${packed}::int4 AS phases FROM generate_series(1, 3600)) AS checks`;
  expect(row.sums).toEqual([1_800_000_000, 0, 0, 0]);
  expect(packPhases({ durationMs: 500_001, phases: [500_000, 0, 0, 0] })).toBeNull();
});

test('means are to a tenth of a millisecond, and absent without checks', () => {
  expect(meansOf([10, 0, 7, 100], 3)).toEqual([3.3, 0, 2.3, 33.3]);
  expect(meansOf([0, 0, 0, 0], 0)).toBeNull();
});
