import { request as requestByHttp } from 'node:http';
import type { Readable } from 'node:stream';
import { NOTIFICATION_FIELD } from '@gomon/domain';
import type { Dial } from '@gomon/egress';
import { BlockedTargetError } from '@gomon/egress';
import type { StallWatch } from '@gomon/runtime';
import got from 'got';
import { afterOwnTime } from './after-own-time.ts';
import { describeStatus, isFinalStatus } from './answer-faults.ts';
import type { Receipt } from '../receipt.ts';
import { resetAfterOf, retryAfterInBody, retryAfterOf } from './retry-after.ts';

export interface PostOptions {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One POST of JSON; 2xx means delivered, 410 means gone. */
export type Post = (url: string, options: PostOptions) => Promise<Receipt>;

const DEADLINE_MS = 10_000;
const GONE = 410;
const TOO_MANY = 429;
/** Enough for the pause that a receiver asks for. */
const BODY_READ = 4096;

/**
 * Each POST uses a fresh connection that the dial has checked. Follows no redirect and reads only
 * the head of the answer; for a 429 without a pause in its head, also the start of the body.
 */
export function createPost(
  dial: Dial,
  stalls: Pick<StallWatch, 'ownMs'>,
  deadlineMs = DEADLINE_MS,
): Post {
  return async (url, { body, headers = {} }) => {
    const deadline = new AbortController();
    const callOff = afterOwnTime({ stalls, ms: deadlineMs }, () => deadline.abort());
    try {
      return await exchange(new URL(url), { body, headers }, dial, deadline.signal);
    } catch (error) {
      const statusCode = statusOfMalformed(error);
      return statusCode === null
        ? { statusCode, error: describeFault(error) }
        : toReceipt({ statusCode }, null);
    } finally {
      callOff();
    }
  };
}

/** Lenient: delivery does not depend on a well-formed answer. A connection is used once. */
const LENIENT = { insecureHTTPParser: true, maxHeaderSize: 256 * 1024 };
const OWN_HEADERS = {
  'content-type': 'application/json',
  'user-agent': 'GoMon/0.1 (notifications)',
  [NOTIFICATION_FIELD]: '1',
};

function exchange(
  url: URL,
  { body, headers }: Required<PostOptions>,
  dial: Dial,
  signal: AbortSignal,
): Promise<Receipt> {
  return new Promise((resolve, reject) => {
    const request = got.stream(url, {
      method: 'POST',
      body,
      headers: { ...headers, ...OWN_HEADERS },
      createConnection: () => dial(url),
      // got does not pass on all of node:http's options. It does not need to know whether the
      // connection is TLS.
      request: (to, options, onAnswer) =>
        requestByHttp(to, { ...options, ...LENIENT, protocol: 'http:' }, onAnswer),
      followRedirect: false,
      throwHttpErrors: false,
      decompress: false,
      retry: { limit: 0 },
      signal,
    });
    request.on('error', reject);
    request.on('response', (response: Answer) => {
      void askedPause(response, request).then((pause) => {
        resolve(toReceipt(response, pause));
        request.destroy();
      });
    });
    request.resume();
  });
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Seconds for which the receiver asks for silence. */
async function askedPause({ statusCode, headers }: Answer, body: Readable): Promise<number | null> {
  const asked = retryAfterOf(headers, Date.now());
  if (asked !== null || statusCode !== TOO_MANY) return asked;
  return resetAfterOf(headers) ?? retryAfterInBody(await readStart(body));
}

/** The bytes until the limit, the end or a fault. */
function readStart(body: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    for (const event of ['end', 'error', 'close'] as const) body.on(event, () => resolve(text));
    body.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.length >= BODY_READ) resolve(text);
    });
  });
}

function toReceipt(
  { statusCode }: Pick<Answer, 'statusCode'>,
  retryAfterSeconds: number | null,
): Receipt {
  if (statusCode >= 200 && statusCode < 300) return { statusCode, error: null };
  const isForNow = retryAfterSeconds !== null && statusCode >= 400; // RFC 9110 allows this for a 413; some services use it for a 403.
  return {
    statusCode,
    error: describeStatus(statusCode),
    ...(isFinalStatus(statusCode) && !isForNow && { isFinal: true }),
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
    ...(statusCode === GONE && { isGone: true }),
  };
}

interface Malformed {
  /** What Node's parser rejected. */
  readonly rawPacket?: Buffer;
  readonly cause?: Malformed;
}

/** The status of an answer that Node's parser rejects, for example because of two equal lengths. */
function statusOfMalformed(error: unknown): number | null {
  for (
    let fault = error as Malformed | undefined, depth = 0;
    fault && depth < 5;
    fault = fault.cause, depth++
  ) {
    const { rawPacket } = fault;
    const match = /^HTTP\/1\.[01][ \t]+([2-5]\d\d)(?!\d)/i.exec(
      rawPacket?.toString('latin1', 0, 32) ?? '',
    );
    if (match) return Number(match[1]);
  }
  return null;
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name was not found',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'it broke the connection',
  EPIPE: 'it broke the connection',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'it could not be reached',
  ENETUNREACH: 'it could not be reached',
};

/** got wraps the original error, sometimes more than once. */
function describeFault(error: unknown): string {
  for (
    let cause = error, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth++
  ) {
    if (cause instanceof BlockedTargetError) return 'its address is not allowed';
    if (cause.name === 'TimeoutError' || cause.name === 'AbortError')
      return 'it did not answer in time';
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code in FAULTS) return FAULTS[code] ?? '';
    if (/CERT|TLS|SSL|SELF_SIGNED|ISSUER/.test(code))
      return 'its certificate is not valid, or TLS failed';
  }
  return 'the connection failed';
}
