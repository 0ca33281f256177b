import { FAILURE_REASONS, expectsStatus, type CheckResult, type Outcome, type Reason, type Seal } from '@gomon/domain';
import type { ProbeTarget } from '@gomon/queue-contracts';
import type { Logger } from '@gomon/runtime';
import { bodyContains } from './body-search.ts';
import type { EgressAgents } from './egress-guard.ts';
import { reasonOf } from './failure-reason.ts';
import { createHttpRequest, type Answer } from './http-request.ts';
import { requestFollowing } from './redirects.ts';

/** What one probe found. */
export type Finding = Pick<CheckResult, 'outcome' | 'statusCode' | 'reason' | 'durationMs'>;

/** Looks at a target once. A down target is a finding, not an error; null means that `halt` came before the verdict. */
export type Probe = (target: ProbeTarget, halt: AbortSignal) => Promise<Finding | null>;

interface Deps {
  readonly agents: EgressAgents;
  readonly seal: Seal;
  readonly logger: Logger;
}

type Verdict = Pick<Finding, 'statusCode' | 'reason'>;

/** A probe by HTTP: one request and its redirects, all of it under one deadline. */
export function createHttpProbe({ agents, seal, logger }: Deps): Probe {
  const request = createHttpRequest(agents);

  async function look(target: ProbeTarget, signal: AbortSignal): Promise<Verdict> {
    let answer: Answer | undefined;
    try {
      const headers = await unsealHeaders(target, seal);
      const send = target.followRedirects ? requestFollowing.bind(null, request) : request;
      answer = await send(new URL(target.url), { method: target.method, headers, signal });
      return { statusCode: answer.statusCode, reason: await judge(answer, target, signal) };
    } catch (error) {
      const reason = signal.aborted ? 'timeout' : reasonOf(error);
      if (reason === 'internal') logger.error({ monitorId: target.monitorId, ...nameAndCode(error) }, 'probe impossible');
      return { statusCode: null, reason };
    } finally {
      answer?.body.destroy();
    }
  }

  return async (target, halt) => {
    const startedAt = performance.now();
    const deadline = startDeadline(target.timeoutMs);
    const verdict = await look(target, AbortSignal.any([halt, deadline.signal]));
    deadline.clear();
    if (halt.aborted) return null;
    return { ...verdict, outcome: outcomeOf(verdict.reason), durationMs: Math.round(performance.now() - startedAt) };
  };
}

async function judge(answer: Answer, target: ProbeTarget, signal: AbortSignal): Promise<Reason | null> {
  if (!expectsStatus(target.expectedStatus, answer.statusCode)) return 'http_status';
  if (target.bodyContains === null) return null;
  if (await bodyContains(answer.body, answer.headers['content-encoding'], target.bodyContains)) return null;
  return signal.aborted ? 'timeout' : 'body';
}

export function outcomeOf(reason: Reason | null): Outcome {
  if (reason === null) return 'success';
  const failures: readonly string[] = FAILURE_REASONS;
  return failures.includes(reason) ? 'failure' : 'unknown';
}

async function unsealHeaders({ headers, monitorId }: ProbeTarget, seal: Seal): Promise<Record<string, string>> {
  const unsealed = Object.entries(headers).map(async ([name, value]) => [name, await seal.unseal(value, monitorId)] as const);
  return Object.fromEntries(await Promise.all(unsealed));
}

function startDeadline(timeoutMs: number) {
  const controller = new AbortController();
  // An answer that has arrived by then, and only waits for us to read it, is read first.
  const timer = setTimeout(() => setImmediate(() => controller.abort()), timeoutMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** The message of a failed request may quote what the target sent, and its options hold the headers. */
function nameAndCode(error: unknown) {
  const { name, code } = error as { name?: string; code?: string };
  return { name, code };
}
