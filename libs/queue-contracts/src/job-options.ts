// No `backoff`: the queue measures it by its users' clocks, so users wait themselves.

/** Probe jobs are short-lived: a slot not probed within its interval is reported as expired. */
export const PROBE_JOB_OPTIONS = {
  attempts: 10,
  removeOnComplete: true,
  removeOnFail: { count: 5000 },
} as const;

/** Someone waits for a dry run: run it now or never. */
export const DRY_RUN_JOB_OPTIONS = {
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: true,
} as const;

/**
 * Results are kept and retried until they are stored: a lost one would leave a slot without its
 * row.
 */
export const RESULT_JOB_OPTIONS = {
  attempts: 1_000_000_000,
  removeOnComplete: true,
  removeOnFail: { count: 5000 },
} as const;

/**
 * The wait, in milliseconds, before attempt `attemptsMade + 1` of a result job: doubles from half a
 * second to 15 seconds.
 */
export function resultRetryDelayMs(attemptsMade: number): number {
  return Math.min(15_000, 250 * 2 ** Math.min(attemptsMade, 10));
}
