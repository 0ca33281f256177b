import { expectsStatus, toCauseDetail, type Cause } from '@gomon/domain';
import type { ProbeTarget } from '@gomon/queue-contracts';
import { decryptHeaders } from '../decrypt-headers.ts';
import { searchBody, type BodySearch } from './body-search.ts';
import { timedOut } from '../failure-reason.ts';
import { createHttpRequest, type Answer } from './request.ts';
import { codingsOf } from './wire/body-framing.ts';
import type { Deadline } from '../deadline.ts';
import { createProbe, type Probe, type ProbeDeps, type Verdict } from '../probe.ts';
import { requestFollowing } from './redirects.ts';

type HttpTarget = ProbeTarget<'http'>;

/** A probe by HTTP: one request and its redirects, all of it under one deadline. */
export function createHttpProbe({ dial, encryption, logger }: ProbeDeps): Probe<'http'> {
  const request = createHttpRequest(dial);
  return createProbe(
    async (target, { deadline, stopwatch }) => {
      let answer: Answer | undefined;
      try {
        const headers = await decryptHeaders(target, encryption);
        const url = new URL(target.url);
        const options = { method: target.method, headers, deadline, stopwatch };
        answer = await (target.followRedirects
          ? requestFollowing(request, url, options)
          : request(url, options));
        return { statusCode: answer.statusCode, ...(await judge(answer, target, deadline)) };
      } finally {
        answer?.discard();
      }
    },
    { logger },
  );
}

type Judgement = Omit<Verdict, 'statusCode'>;

async function judge(answer: Answer, target: HttpTarget, deadline: Deadline): Promise<Judgement> {
  const { expectedStatus } = target;
  if (!expectsStatus(expectedStatus, answer.statusCode)) {
    const causeDetail = toCauseDetail(
      `expected ${expectedStatus.join(', ')}, got ${answer.statusCode}`,
    );
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
