import { FAILURE_REASONS, type CheckResult, type Outcome, type Reason } from '@gomon/domain';
import type { CheckKindName } from '@gomon/checks';
import type { Dial } from '@gomon/egress';
import type { Encryption } from '@gomon/encryption';
import type { ProbeTarget } from '@gomon/queue-contracts';
import type { Logger } from '@gomon/runtime';
import { createDeadlines, type Deadline } from './deadline.ts';
import { timedOut, whyOf } from './failure-reason.ts';
import { startStopwatch, type Stopwatch, type Timing } from './stopwatch.ts';

/** What one probe found. */
export interface Finding extends Pick<
  CheckResult,
  'outcome' | 'statusCode' | 'reason' | 'cause' | 'causeDetail' | 'durationMs'
> {
  /** Absent when nothing was probed. */
  readonly timing?: Timing;
}

/** Looks at a target once. A down target is a finding, not an error; null means that `halt` came before the verdict. */
export type Probe<Kind extends CheckKindName = CheckKindName> = (
  target: ProbeTarget<Kind>,
  halt: AbortSignal,
) => Promise<Finding | null>;

export interface ProbeDeps {
  readonly dial: Dial;
  readonly encryption: Encryption;
  readonly logger: Logger;
}

/** Without a reason the target is well. */
export type Verdict = Pick<Finding, 'statusCode' | 'reason' | 'cause' | 'causeDetail'>;

export interface ProbeTime {
  readonly deadline: Deadline;
  readonly stopwatch: Stopwatch;
}

/** A probe of one deadline. What `look` throws is why there is no verdict, by the phase that it came in. */
export function createProbe<Kind extends CheckKindName>(
  look: (target: ProbeTarget<Kind>, time: ProbeTime) => Promise<Verdict>,
  { logger }: Pick<ProbeDeps, 'logger'>,
): Probe<Kind> {
  const startDeadline = createDeadlines();

  async function judge(target: ProbeTarget<Kind>, time: ProbeTime): Promise<Verdict> {
    try {
      return await look(target, time);
    } catch (error) {
      const why = time.deadline.passed
        ? timedOut(time.stopwatch.phase)
        : whyOf(error, time.stopwatch.phase);
      if (why.reason === 'internal')
        logger.error({ monitorId: target.monitorId, ...nameAndCode(error) }, 'probe impossible');
      return { statusCode: null, ...why };
    }
  }

  return async (target, halt) => {
    const stopwatch = startStopwatch();
    const deadline = startDeadline(target.timeoutMs, halt);
    const verdict = await judge(target, { deadline, stopwatch });
    deadline.clear();
    if (halt.aborted) return null;
    const timing = stopwatch.stop();
    return {
      ...verdict,
      outcome: outcomeOf(verdict.reason),
      durationMs: Math.round(timing.totalMs),
      timing,
    };
  };
}

export function outcomeOf(reason: Reason | null): Outcome {
  if (reason === null) return 'success';
  const failures: readonly string[] = FAILURE_REASONS;
  return failures.includes(reason) ? 'failure' : 'unknown';
}

/** The message of a failed request may quote what the target sent. */
function nameAndCode(error: unknown) {
  const { name, code } = error as { name?: string; code?: string };
  return { name, code };
}
