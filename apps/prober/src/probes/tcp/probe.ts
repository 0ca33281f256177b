import type { Socket } from 'node:net';
import { hostAndPort } from '@gomon/checks';
import { literalAddressOf } from '@gomon/egress';
import type { ProbeTarget } from '@gomon/queue-contracts';
import { TargetFault } from '../failure-reason.ts';
import { createProbe, type Probe, type ProbeDeps, type Verdict } from '../probe.ts';
import type { Stopwatch } from '../stopwatch.ts';
import { createTextSearch } from '../text-search.ts';

/** How much of what a server sends is searched. */
const MAX_BYTES = 65_536;

const WELL: Verdict = { statusCode: null, reason: null };
const MISSING: Verdict = { statusCode: null, reason: 'body', cause: 'answer_missing_text' };
const TOO_MUCH: Verdict = { statusCode: null, reason: 'body', cause: 'body_limit' };

/** A probe by TCP: one connection, a text that is sent, and a text that is looked for. */
export function createTcpProbe({ dial, logger }: ProbeDeps): Probe<'tcp'> {
  return createProbe(
    async (target, { deadline, stopwatch }) => {
      if (deadline.passed) throw new Error('too late for a connection');
      const url = new URL(`tcp://${hostAndPort(target.host, target.port)}`);
      const socket = dial(url, { anyPort: target.send === null });
      deadline.inHand = socket;
      stopwatch.enter(literalAddressOf(url) ? 'connect' : 'dns');
      try {
        return await converse(socket, target, stopwatch);
      } finally {
        socket.destroy();
      }
    },
    { logger },
  );
}

/** Rejects when there is no connection, and when nothing at all is heard of a text that is looked for. */
function converse(
  socket: Socket,
  { send, expect }: ProbeTarget<'tcp'>,
  stopwatch: Stopwatch,
): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const finds = expect === null ? null : createTextSearch(Buffer.from(expect));
    let heard = 0;

    function fail(error: Error): void {
      if (heard > 0) resolve(MISSING);
      else reject(error);
    }

    socket.on('lookup', () => stopwatch.enter('connect'));
    socket.on('connect', () => {
      stopwatch.enter('firstByte');
      if (send === null && !finds) return resolve(WELL);
      if (send !== null)
        socket.write(send, (error) => (error ? fail(error) : finds || resolve(WELL)));
    });
    socket.on('data', (chunk: Buffer) => {
      if (!finds) return;
      if (heard === 0) stopwatch.enter('other');
      if (finds(chunk.subarray(0, MAX_BYTES - heard))) return resolve(WELL);
      heard += chunk.length;
      if (heard >= MAX_BYTES) resolve(TOO_MUCH);
    });
    socket.on('end', () => fail(new TargetFault('connect', 'connection_closed')));
    socket.on('error', fail);
    socket.on('close', () => fail(new TargetFault('connect', 'connection_closed')));
  });
}
