import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { literalAddressOf } from '@gomon/egress';
import type { ProbeTarget } from '@gomon/queue-contracts';
import { WebSocket } from 'ws';
import { decryptHeaders } from '../decrypt-headers.ts';
import { TargetFault } from '../failure-reason.ts';
import { createProbe, type Probe, type ProbeDeps, type ProbeTime, type Verdict } from '../probe.ts';

/** How much of what a server sends is searched. */
const MAX_BYTES = 65_536;

const WELL: Verdict = { statusCode: 101, reason: null };
const MISSING: Verdict = { statusCode: 101, reason: 'body', cause: 'answer_missing_text' };
const WRONG_SUBPROTOCOL: Verdict = {
  statusCode: 101,
  reason: 'protocol',
  cause: 'wrong_subprotocol',
};
const TOO_MUCH: Verdict = { statusCode: 101, reason: 'body', cause: 'body_limit' };

/** A probe by WebSocket (RFC 6455): one upgrade, a message that is sent, and a text that is looked for. */
export function createWebSocketProbe({ dial, encryption, logger }: ProbeDeps): Probe<'websocket'> {
  return createProbe(
    async (target, time) => {
      const headers = await decryptHeaders(target, encryption);
      if (time.deadline.passed) throw new Error('too late for a connection');
      const url = new URL(target.url);
      const socket = dial(new URL(target.url.replace(/^ws/, 'http')));
      time.deadline.inHand = socket;
      time.stopwatch.enter(literalAddressOf(url) ? 'connect' : 'dns');
      try {
        return await converse(open(target, headers, socket), socket, target, time);
      } finally {
        socket.destroy();
      }
    },
    { logger },
  );
}

function open(
  { url, subprotocol }: ProbeTarget<'websocket'>,
  headers: Record<string, string>,
  socket: Socket,
): WebSocket {
  const options = {
    headers,
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: MAX_BYTES,
    closeTimeout: 1, // The probe destroys the connection when it is done.
  };
  return new WebSocket(url, subprotocol === null ? [] : [subprotocol], options);
}

/** Rejects when there is no upgrade, and when the server breaks off or sends what is no WebSocket frame. */
function converse(
  websocket: WebSocket,
  socket: Socket,
  { url, subprotocol, send, expect }: ProbeTarget<'websocket'>,
  { stopwatch }: ProbeTime,
): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const finds = expect === null ? null : Buffer.from(expect);
    let received = 0;
    let answered = false;
    let broken: Error | null = null;

    /** Something was received, but not the text: that says more than how the connection ended. */
    function fail(error: Error): void {
      if (received > 0) resolve(MISSING);
      else reject(answered ? asUpgradeFault(error) : asParserFault(error));
    }

    socket.on('lookup', () => stopwatch.enter('connect'));
    socket.on('connect', () => stopwatch.enter(url.startsWith('wss:') ? 'tls' : 'firstByte'));
    socket.on('secureConnect', () => stopwatch.enter('firstByte'));
    socket.on('error', (error) => (broken = error)); // The library keeps it to itself after the upgrade.
    websocket.on('unexpected-response', (_, answer) => resolve(refused(answer)));
    websocket.on('upgrade', ({ headers }) => {
      answered = true;
      if (subprotocol !== null && headers['sec-websocket-protocol'] !== subprotocol)
        resolve(WRONG_SUBPROTOCOL);
    });
    websocket.on('open', () => {
      if (send === null && !finds) resolve(WELL);
      if (send !== null)
        websocket.send(send, (error) => (error ? fail(error) : finds || resolve(WELL)));
    });
    websocket.on('message', (message: Buffer) => {
      stopwatch.enter('other');
      if (finds && message.subarray(0, MAX_BYTES - received).includes(finds)) resolve(WELL);
      received += message.length;
      if (received >= MAX_BYTES) resolve(TOO_MUCH);
    });
    websocket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') resolve(TOO_MUCH);
      else fail(error);
    });
    websocket.on('close', () => fail(broken ?? new TargetFault('connect', 'connection_closed')));
  });
}

function refused({ statusCode = 0 }: IncomingMessage): Verdict {
  return {
    statusCode,
    reason: 'http_status',
    cause: 'unexpected_status',
    causeDetail: `expected 101, got ${statusCode}`,
  };
}

/** The library's own errors of an upgrade have no code. */
function asUpgradeFault(error: NodeJS.ErrnoException): Error {
  if (error instanceof TargetFault) return error;
  if (error.code === undefined) return new TargetFault('protocol', 'bad_upgrade');
  return error.code.startsWith('WS_ERR_')
    ? new TargetFault('protocol', 'malformed_message')
    : error;
}

/** Faults that Node's parser of HTTP finds. */
function asParserFault(error: NodeJS.ErrnoException): Error {
  if (error.code === 'HPE_HEADER_OVERFLOW') return new TargetFault('protocol', 'header_limit');
  return error.code?.startsWith('HPE_') ? new TargetFault('protocol', 'malformed_answer') : error;
}
