// No `backoff`: the queue measures it by the clocks of its users, who wait themselves instead.

/** Probe jobs are short-lived: a slot that could not be probed within its interval is reported as expired. */
export const PROBE_JOB_OPTIONS = {
  attempts: 10,
  removeOnComplete: true,
  removeOnFail: { count: 5000 },
} as const;

/** Somebody waits for a dry run: what cannot be done at once is not done later. */
export const DRY_RUN_JOB_OPTIONS = {
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: true,
} as const;

/** Results are kept and tried until they are stored: losing one would leave a slot without its row. */
export const RESULT_JOB_OPTIONS = {
  attempts: 1_000_000_000,
  removeOnComplete: true,
  removeOnFail: { count: 5000 },
} as const;

/** The wait, in milliseconds, before attempt `attemptsMade + 1` of a result job: doubling from half a second to 15 seconds. */
export function resultRetryDelayMs(attemptsMade: number): number {
  return Math.min(15_000, 250 * 2 ** Math.min(attemptsMade, 10));
}
