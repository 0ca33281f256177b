import type { Duplex, Readable } from 'node:stream';
import got, { type PlainResponse } from 'got';
import type { ProbeMethod } from '@gomon/domain';
import type { EgressAgents } from './egress-guard.ts';
import { TargetFault } from './failure-reason.ts';

export interface RequestOptions {
  readonly method: ProbeMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The head of an answer; its body is unread. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: { readonly location?: string; readonly 'content-encoding'?: string };
  readonly body: Readable;
}

/** One request on a fresh connection, without redirects and retries; rejects when there is no answer. */
export type HttpRequest = (url: URL, options: RequestOptions) => Promise<Answer>;

/** A server may announce its answer with any number of 1xx; beyond these it only keeps us busy. */
const MAX_INTERIM_ANSWERS = 20;

const DEFAULT_HEADERS = { 'user-agent': 'GoMon/0.1 (uptime monitor)', accept: '*/*', 'accept-encoding': 'identity' };

export function createHttpRequest(agents: EgressAgents): HttpRequest {
  const client = got.extend({
    agent: { http: agents.http, https: agents.https },
    headers: DEFAULT_HEADERS,
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: false,
    decompress: false,
    http2: false,
    maxHeaderSize: 16_384,
  });
  return (url, options) =>
    new Promise((resolve, reject) => {
      const stream = client.stream(url, options);
      let interimAnswers = 0;
      stream.on('error', reject);
      stream.on('information', () => {
        if (++interimAnswers > MAX_INTERIM_ANSWERS) stream.destroy(new TargetFault('protocol'));
      });
      // Node hands the socket over with this event and forgets it.
      stream.on('upgrade', (_response: unknown, socket: Duplex) => {
        socket.destroy();
        stream.destroy(new TargetFault('protocol'));
      });
      stream.on('response', ({ statusCode, headers }: PlainResponse) => {
        if (statusCode < 100) stream.destroy(new TargetFault('protocol'));
        else resolve({ statusCode, headers, body: stream });
      });
    });
}
