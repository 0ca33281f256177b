import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { probeAllowing, probeOnce, targetOf } from '../../test/probe-once.ts';
import {
  onRequest,
  repeating,
  sending,
  serve,
  serveTls,
  stopServers,
  trustTestAuthority,
} from '../../test/scripted-server.ts';
import { toPhases } from './stopwatch.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const PAUSE_MS = 100;
/** A timer may fire this much early. */
const AT_LEAST = PAUSE_MS - 1;

beforeAll(trustTestAuthority);
afterAll(stopServers);

const pausing = (text: string) =>
  onRequest((socket) => setTimeout(() => socket.write(text), PAUSE_MS));

async function phasesOf(url: string, timeoutMs = 3000) {
  const probe = await probeAllowing('127.0.0.0/8, ::1/128');
  const found = await probe(targetOf(url, { timeoutMs }), new AbortController().signal);
  if (!found?.timing) throw new Error('no timing');
  return { ...found.timing, durationMs: found.durationMs };
}

test('reports how long each phase and the whole probe took', async () => {
  const { url } = await serve(pausing(ok));
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs, durationMs } = await phasesOf(url);
  expect([dnsMs, tlsMs]).toEqual([0, 0]);
  expect(connectMs).toBeGreaterThan(0);
  expect(firstByteMs).toBeGreaterThanOrEqual(AT_LEAST);
  expect(totalMs).toBeGreaterThanOrEqual(connectMs + firstByteMs);
  expect(durationMs).toBe(Math.round(totalMs));
});

test('measures the lookup, the connection, the handshake and the answer separately', async () => {
  const { port } = await serveTls('localhost', pausing(ok));
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = await phasesOf(
    `https://localhost:${port}/`,
  );
  expect(Math.min(dnsMs, connectMs, tlsMs)).toBeGreaterThan(0);
  expect(firstByteMs).toBeGreaterThanOrEqual(AT_LEAST);
  expect(totalMs).toBeGreaterThanOrEqual(dnsMs + connectMs + tlsMs + firstByteMs);
});

test('adds up the hops', async () => {
  const { url } = await serve(
    onRequest((socket, request) => {
      const answer = request.startsWith('GET /end')
        ? ok
        : 'HTTP/1.1 302 Found\r\nlocation: /end\r\n\r\n';
      setTimeout(() => socket.write(answer), PAUSE_MS);
    }),
  );
  expect((await phasesOf(url)).firstByteMs).toBeGreaterThanOrEqual(2 * AT_LEAST);
});

test('ends the wait for an answer at its first byte', async () => {
  const { url } = await serve(onRequest(repeating('HTTP/1.1 200 OK\r\nx-drip: ', 'x', 20)));
  const { firstByteMs, totalMs } = await phasesOf(url, 500);
  expect(totalMs).toBeGreaterThanOrEqual(499);
  expect(firstByteMs).toBeLessThan(totalMs / 2);
});

test('counts the phase in which the timeout came', async () => {
  const { port } = await serve(() => undefined);
  const { tlsMs, firstByteMs } = await phasesOf(`https://127.0.0.1:${port}/`, 500);
  expect(tlsMs).toBeGreaterThan(250);
  expect(firstByteMs).toBe(0);
});

test('has the phases of failed probes, too', async () => {
  const { url } = await serve(sending('SSH-2.0-OpenSSH_9.2\r\n'));
  const found = await probeOnce(url);
  expect(found?.timing?.totalMs).toBeGreaterThan(0);
});

test('rounded phases are off by less than a millisecond, and never exceed the total together', () => {
  const span = fc.double({ min: 0, max: 60_000, noNaN: true });
  fc.assert(
    fc.property(
      span,
      span,
      span,
      span,
      fc.double({ min: 0.001, max: 100, noNaN: true }),
      (...spans) => {
        const [dnsMs, connectMs, tlsMs, firstByteMs, otherMs] = spans;
        const totalMs = dnsMs + connectMs + tlsMs + firstByteMs + otherMs;
        const phases = toPhases({ dnsMs, connectMs, tlsMs, firstByteMs, totalMs });
        expect(phases.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(Math.round(totalMs));
        for (const [i, ms] of phases.entries()) {
          expect(Number.isInteger(ms)).toBe(true);
          expect(Math.abs(ms - (spans[i] ?? 0))).toBeLessThanOrEqual(1 + 1e-9);
        }
      },
    ),
  );
});
