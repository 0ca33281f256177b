import type { Socket } from 'node:net';
import { literalAddressOf, type Dial } from '@gomon/egress';
import { TargetFault } from '../failure-reason.ts';
import type { Stopwatch } from '../stopwatch.ts';
import type { AnswerHead } from './wire/answer-head.ts';
import { createBodyDecoder } from './wire/body-decoder.ts';
import { framingOf, type BodyFraming } from './wire/body-framing.ts';
import { createFinalHeadReader } from './wire/final-head-reader.ts';
import type { ReadHead } from './wire/head-reader.ts';
import { writeRequestHead } from './wire/request-head.ts';
import { createSocketChunks, type SocketChunks } from './wire/socket-chunks.ts';
import type { Deadline } from '../deadline.ts';

export interface RequestOptions {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly deadline: Deadline;
  readonly stopwatch: Stopwatch;
}

/** An answer with its body unread, on a connection that stays open until it is discarded. */
export interface Answer extends AnswerHead {
  /** Call at most once. It ends where the body ends or breaks off. */
  readBody(): AsyncIterable<Buffer>;
  /** Closes the connection. */
  discard(): void;
}

/** One request on a fresh connection, without redirects or retries; rejects when there is no answer. */
export type HttpRequest = (url: URL, options: RequestOptions) => Promise<Answer>;

export function createHttpRequest(dial: Dial): HttpRequest {
  return (url, { method, headers, body, deadline, stopwatch }) =>
    new Promise((resolve, reject) => {
      if (deadline.passed) throw new Error('too late for a request');
      const head = writeRequestHead({ method, url, headers, contentLength: body?.length });
      const socket = dial(url);
      deadline.inHand = socket;
      stopwatch.enter(literalAddressOf(url) ? 'connect' : 'dns');
      socket.on('lookup', () => stopwatch.enter('connect'));
      const send = () => {
        stopwatch.enter('firstByte');
        socket.write(head, 'latin1');
        if (body) socket.write(body);
      };
      if (url.protocol === 'https:')
        socket.on('connect', () => stopwatch.enter('tls')).on('secureConnect', send);
      else socket.on('connect', send);
      receive(socket, method, { stopwatch, resolve, reject });
    });
}

interface Receiver {
  readonly stopwatch: Stopwatch;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lenient, like browsers and curl: strictness protects connections that are used twice, and ours
 * are not.
 */
function receive(socket: Socket, method: string, { stopwatch, resolve, reject }: Receiver): void {
  const reader = createFinalHeadReader();
  let body: SocketChunks | null = null;
  let hasFailed = false;

  /** Readers of the body judge one that breaks off. */
  function fail(error: unknown): void {
    hasFailed = true;
    if (body) body.end();
    else reject(error);
    socket.destroy();
  }

  function take(read: () => ReadHead | null): boolean {
    try {
      const answer = read();
      if (!answer) return false;
      const framing = framingOf(answer.head, method);
      const chunks = (body = createSocketChunks(socket, answer.rest));
      const { statusCode, fields } = answer.head;
      resolve({
        statusCode,
        fields,
        readBody: () => bodyOf(chunks, framing),
        discard: () => socket.destroy(),
      });
    } catch (error) {
      fail(error);
    }
    return true;
  }

  socket.on('data', (chunk: Buffer) => {
    if (stopwatch.phase === 'firstByte') stopwatch.enter('other');
    if (body) body.push(chunk);
    else take(() => reader.push(chunk));
  });
  socket.on('end', () => {
    if (socket.destroyed) return; // The error of the interrupted handshake follows.
    if (body) body.end();
    else if (!take(() => reader.end())) fail(new TargetFault('connect', 'connection_closed'));
  });
  socket.on('error', fail);
  socket.on('close', () => {
    if (body) body.end();
    else if (!hasFailed) fail(new TargetFault('connect', 'connection_closed'));
  });
}

async function* bodyOf(chunks: SocketChunks, framing: BodyFraming): AsyncGenerator<Buffer> {
  const decoder = createBodyDecoder(framing);
  while (!decoder.done) {
    const chunk = await chunks.next();
    if (!chunk) return;
    const body = decoder.push(chunk);
    if (body.length > 0) yield body;
  }
}
