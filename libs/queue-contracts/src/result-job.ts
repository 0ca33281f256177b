import {
  DEFAULT_LOCATION,
  FAILURE_REASONS,
  OUTCOMES,
  UNKNOWN_REASONS,
  isCauseDetail,
  isCauseOf,
  type CheckResult,
} from '@gomon/domain';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { RESULT_BATCH_SIZE } from './queues.ts';

const LATEST_SECOND = 4_102_444_800; // the year 2100
const Milliseconds = Type.Integer({ minimum: 0, maximum: 600_000 });

const CheckResultSchema = Type.Object(
  {
    monitorId: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    slot: Type.Integer({ minimum: 0, maximum: LATEST_SECOND }),
    outcome: Type.Enum(OUTCOMES),
    statusCode: Type.Union([Type.Integer({ minimum: 100, maximum: 999 }), Type.Null()]),
    reason: Type.Union([Type.Enum([...FAILURE_REASONS, ...UNKNOWN_REASONS]), Type.Null()]),
    // Any string, so that a result of a newer prober is not lost for an unknown cause: see
    // `withKnownCause`.
    cause: Type.Optional(Type.Unknown()),
    causeDetail: Type.Optional(Type.Unknown()),
    durationMs: Type.Union([Milliseconds, Type.Null()]),
    phases: Type.Optional(Type.Tuple([Milliseconds, Milliseconds, Milliseconds, Milliseconds])),
    probeVersion: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
    checkedAt: Type.Integer({ minimum: 0, maximum: LATEST_SECOND * 1000 }),
  },
  { additionalProperties: false },
);

/** Results of one shard, in any order. (Monitor, slot, location) identifies a result. */
export interface ResultJob {
  /** Where the prober stands that found them. Absent: `DEFAULT_LOCATION`, the only one so far. */
  readonly location?: string;
  readonly results: readonly CheckResult[];
}

type ClaimedResult = Omit<CheckResult, 'cause' | 'causeDetail'> & {
  readonly cause?: unknown;
  readonly causeDetail?: unknown;
};

const validator = Compile(CheckResultSchema);

/** The well-formed and consistent results in `data`, and the number of the others. */
export function parseResultJob(data: unknown): { results: CheckResult[]; rejected: number } {
  const results = claimedResults(data);
  if (!results || results.length > RESULT_BATCH_SIZE) return { results: [], rejected: 1 };
  const accepted = results.filter(
    (result): result is ClaimedResult => validator.Check(result) && isConsistent(result),
  );
  return { results: accepted.map(withKnownCause), rejected: results.length - accepted.length };
}

/** How many results `data` claims to have; at least one, so that invalid data counts, too. */
export function countResults(data: unknown): number {
  return Math.max(1, claimedResults(data)?.length ?? 0);
}

function claimedResults(data: unknown): unknown[] | null {
  if (typeof data !== 'object' || data === null || !('results' in data)) return null;
  const isKnownLocation = !('location' in data) || data.location === DEFAULT_LOCATION;
  return isKnownLocation && Array.isArray(data.results) ? data.results : null;
}

function isConsistent({ outcome, reason, durationMs, phases }: ClaimedResult): boolean {
  if (phases && phases[0] + phases[1] + phases[2] + phases[3] > (durationMs ?? -1)) return false;
  if (outcome === 'success') return reason === null;
  const reasons: readonly (string | null)[] =
    outcome === 'failure' ? FAILURE_REASONS : UNKNOWN_REASONS;
  return reasons.includes(reason);
}

/** Keeps a cause only when it refines the reason, and a detail only when it is printable. */
function withKnownCause(result: ClaimedResult): CheckResult {
  const { cause, causeDetail, ...rest } = result;
  if (cause === undefined || rest.reason === null || !isCauseOf(cause, rest.reason)) return rest;
  return { ...rest, cause, ...(isCauseDetail(causeDetail) && { causeDetail }) };
}
