// The phases of a check are one int4: a byte per phase, the first one highest, with its share of
// the duration in 255ths. A phase is exact while the duration is below 255 ms, otherwise off by at
// most a five-hundredth of the duration. Four bytes cost a row 8, like any ninth column; exact
// milliseconds would cost 16. Rollups add up milliseconds, an int4 per phase.
import type { CheckResult, Phases } from '@gomon/domain';
import { Prisma } from '../../generated/client.ts';

const WHOLE = 255;
const SHIFTS = [24, 16, 8, 0] as const;
/**
 * An hour of such durations, one per second, fits an int4. Longer ones were delayed by our own
 * side.
 */
const LONGEST_MS = 500_000;

/** The value of the column `phases` for a result. */
export function packPhases({
  phases,
  durationMs,
}: Pick<CheckResult, 'phases' | 'durationMs'>): number | null {
  if (!phases || durationMs === null || durationMs > LONGEST_MS) return null;
  const scale = WHOLE / Math.max(1, durationMs);
  const [dns, connect, tls, firstByte] = phases;
  return (
    (Math.round(dns * scale) << 24) |
    (Math.round(connect * scale) << 16) |
    (Math.round(tls * scale) << 8) |
    Math.round(firstByte * scale)
  );
}

/** In whole milliseconds; null for a row without phases. */
export function unpackPhases(packed: number | null, durationMs: number | null): Phases | null {
  if (packed === null || durationMs === null) return null;
  const [dns, connect, tls, firstByte] = SHIFTS.map((shift) =>
    Math.floor((((packed >> shift) & WHOLE) * durationMs + 127) / WHOLE),
  );
  return [dns ?? 0, connect ?? 0, tls ?? 0, firstByte ?? 0];
}

/** For a row with an `outcome`. */
export const PHASES_OF_SUCCESS = Prisma.raw(`CASE WHEN outcome = 'success' THEN phases END`);

/**
 * What `unpackPhases` returns for a row, phase by phase. Part of the statement's text, like the
 * histogram's buckets.
 */
const MILLISECONDS = SHIFTS.map(
  (shift) => `(((phases >> ${shift}) & ${WHOLE}) * duration_ms + 127) / ${WHOLE}`,
);

/** The sum of each phase over rows with `phases` and `duration_ms`; and the phases of one row. */
export const SUMS_OF_PHASES = Prisma.raw(
  MILLISECONDS.map((milliseconds) => `coalesce(sum(${milliseconds}), 0)`).join(', '),
);
export const MILLISECONDS_OF_PHASES = Prisma.raw(
  MILLISECONDS.map((milliseconds) => `coalesce(${milliseconds}, 0)`).join(', '),
);

/** The mean of each phase, to a tenth of a millisecond; null when `count` is 0. */
export function meansOf(sums: readonly number[], count: number): Phases | null {
  if (count === 0) return null;
  const [dns = 0, connect = 0, tls = 0, firstByte = 0] = sums.map(
    (sum) => Math.round((10 * sum) / count) / 10,
  );
  return [dns, connect, tls, firstByte];
}
