import {
  FAILURE_REASONS,
  expectsStatus,
  toCauseDetail,
  type Cause,
  type CheckResult,
  type Outcome,
  type Reason,
} from '@gomon/domain';
import type { Encryption } from '@gomon/encryption';
import type { Dial } from '@gomon/egress';
import type { ProbeTarget } from '@gomon/queue-contracts';
import type { Logger } from '@gomon/runtime';
import { searchBody, type BodySearch } from './body-search.ts';
import { timedOut, whyOf } from '../failure-reason.ts';
import { startStopwatch, type Timing } from '../stopwatch.ts';
import { createHttpRequest, type Answer, type RequestOptions } from './request.ts';
import { codingsOf } from './wire/body-framing.ts';
import { createDeadlines, type Deadline } from '../deadline.ts';
import { requestFollowing } from './redirects.ts';

/** What one probe found. */
export interface Finding extends Pick<CheckResult, 'outcome' | 'statusCode' | 'reason' | 'cause' | 'causeDetail' | 'durationMs'> {
  /** Absent when nothing was probed. */
  readonly timing?: Timing;
}

/** Looks at a target once. A down target is a finding, not an error; null means that `halt` came before the verdict. */
export type Probe = (target: ProbeTarget, halt: AbortSignal) => Promise<Finding | null>;

interface Deps {
  readonly dial: Dial;
  readonly encryption: Encryption;
  readonly logger: Logger;
}

type Verdict = Pick<Finding, 'statusCode' | 'reason' | 'cause' | 'causeDetail'>;

/** A probe by HTTP: one request and its redirects, all of it under one deadline. */
export function createHttpProbe({ dial, encryption, logger }: Deps): Probe {
  const request = createHttpRequest(dial);
  const startDeadline = createDeadlines();

  async function look(
    target: ProbeTarget,
    { deadline, stopwatch }: Pick<RequestOptions, 'deadline' | 'stopwatch'>,
  ): Promise<Verdict> {
    let answer: Answer | undefined;
    try {
      const headers = await decryptHeaders(target, encryption);
      const url = new URL(target.url);
      const options = { method: target.method, headers, deadline, stopwatch };
      answer = await (target.followRedirects ? requestFollowing(request, url, options) : request(url, options));
      return { statusCode: answer.statusCode, ...(await judge(answer, target, deadline)) };
    } catch (error) {
      const why = deadline.passed ? timedOut(stopwatch.phase) : whyOf(error, stopwatch.phase);
      if (why.reason === 'internal') logger.error({ monitorId: target.monitorId, ...nameAndCode(error) }, 'probe impossible');
      return { statusCode: null, ...why };
    } finally {
      answer?.discard();
    }
  }

  return async (target, halt) => {
    const stopwatch = startStopwatch();
    const deadline = startDeadline(target.timeoutMs, halt);
    const verdict = await look(target, { deadline, stopwatch });
    deadline.clear();
    if (halt.aborted) return null;
    const timing = stopwatch.stop();
    return { ...verdict, outcome: outcomeOf(verdict.reason), durationMs: Math.round(timing.totalMs), timing };
  };
}

type Judgement = Omit<Verdict, 'statusCode'>;

async function judge(answer: Answer, target: ProbeTarget, deadline: Deadline): Promise<Judgement> {
  const { expectedStatus } = target;
  if (!expectsStatus(expectedStatus, answer.statusCode)) {
    const causeDetail = toCauseDetail(`expected ${expectedStatus.join(', ')}, got ${answer.statusCode}`);
    return { reason: 'http_status', cause: 'unexpected_status', causeDetail };
  }
  if (target.bodyContains === null) return WELL;
  const query = { text: target.bodyContains, maxBytes: target.maxBodyBytes };
  const found = await searchBody(answer.readBody(), codingsOf(answer), query);
  if (found === 'found') return WELL;
  if (found === 'busy') return { reason: 'internal', cause: 'no_memory' };
  return deadline.passed ? timedOut('other') : { reason: 'body', cause: BODY_CAUSES[found] };
}

const WELL: Judgement = { reason: null };
const BODY_CAUSES: Readonly<Record<Exclude<BodySearch, 'found' | 'busy'>, Cause>> = {
  missing: 'body_missing_text',
  limit: 'body_limit',
  unreadable: 'unreadable_encoding',
};

export function outcomeOf(reason: Reason | null): Outcome {
  if (reason === null) return 'success';
  const failures: readonly string[] = FAILURE_REASONS;
  return failures.includes(reason) ? 'failure' : 'unknown';
}

async function decryptHeaders({ headers, monitorId }: ProbeTarget, encryption: Encryption): Promise<Record<string, string>> {
  const encrypted = Object.entries(headers);
  if (encrypted.length === 0) return {};
  const decrypted = encrypted.map(
    async ([name, value]) => [name.toLowerCase(), await encryption.decrypt(value, monitorId)] as const,
  );
  return Object.fromEntries(await Promise.all(decrypted));
}

/** The message of a failed request may quote what the target sent. */
function nameAndCode(error: unknown) {
  const { name, code } = error as { name?: string; code?: string };
  return { name, code };
}
