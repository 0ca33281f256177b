import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ProbeMethod } from '@gomon/domain';
import { literalAddressOf, type Dial } from '@gomon/egress';
import { TargetFault } from './failure-reason.ts';
import type { Stopwatch } from './http-request-phases.ts';
import type { Deadline } from './probe-http-deadline.ts';

export interface RequestOptions {
  readonly method: ProbeMethod;
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly deadline: Deadline;
  readonly stopwatch: Stopwatch;
}

/** An answer whose body is unread: it is to be read or discarded. */
export type Answer = IncomingMessage & { readonly statusCode: number };

/** One request on a fresh connection, without redirects and retries; rejects when there is no answer. */
export type HttpRequest = (url: URL, options: RequestOptions) => Promise<Answer>;

/** A server may announce its answer with any number of 1xx; beyond these it only keeps us busy. */
const MAX_INTERIM_ANSWERS = 20;
const MAX_HEADER_BYTES = 16_384;

const DEFAULT_HEADERS = { 'user-agent': 'GoMon/0.1 (uptime monitor)', accept: '*/*', 'accept-encoding': 'identity' };
const DEFAULT_LIST = Object.entries(DEFAULT_HEADERS).flat();

export function createHttpRequest(dial: Dial): HttpRequest {
  return (url, { method, headers, deadline, stopwatch }) =>
    new Promise((resolve, reject) => {
      if (deadline.passed) throw new Error('too late for a request');
      // Without an agent a connection is used once. Whether it is TLS does not matter to node:http.
      const sent = request({
        method,
        path: url.pathname + url.search,
        headers: headerList(url, headers),
        maxHeaderSize: MAX_HEADER_BYTES,
        createConnection: () => timed(dial(url), url, stopwatch),
      });
      const refuse = () => {
        reject(new TargetFault('protocol'));
        sent.destroy();
      };
      let interimAnswers = 0;
      sent.on('error', reject);
      sent.on('information', () => {
        if (++interimAnswers > MAX_INTERIM_ANSWERS) refuse();
      });
      sent.on('upgrade', refuse);
      sent.on('response', (answer: Answer) => {
        if (answer.statusCode < 100) refuse();
        else resolve(answer);
      });
      sent.end();
      deadline.inHand = sent;
    });
}

/** Names and values in turn. For the many monitors without headers of their own it is to be cheap. */
function headerList({ host }: URL, own: RequestOptions['headers']): string[] {
  if (Object.keys(own).length === 0) return ['host', host, ...DEFAULT_LIST];
  return Object.entries({ host, ...DEFAULT_HEADERS, ...own }).flat();
}

/** Ends the connection of an answer. Its socket goes first: the answer would set up a costly watch of its end. */
export function discard(answer: Answer): void {
  answer.socket.destroy();
  answer.destroy();
}

function timed(socket: Socket, url: URL, stopwatch: Stopwatch): Socket {
  stopwatch.enter(literalAddressOf(url) ? 'connect' : 'dns');
  socket.on('lookup', () => stopwatch.enter('connect'));
  socket.on('connect', () => stopwatch.enter(url.protocol === 'https:' ? 'tls' : 'firstByte'));
  socket.on('secureConnect', () => stopwatch.enter('firstByte'));
  socket.on('data', () => stopwatch.enter('other'));
  return socket;
}
