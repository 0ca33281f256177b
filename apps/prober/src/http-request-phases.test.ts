import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { probeAllowing, probeOnce, targetOf } from '../test/probe-once.ts';
import { onRequest, repeating, sending, serve, serveTls, stopServers, trustTestAuthority } from '../test/scripted-server.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const PAUSE_MS = 100;
/** A timer may fire this much before its time is over. */
const AT_LEAST = PAUSE_MS - 1;

beforeAll(trustTestAuthority);
afterAll(stopServers);

const pausing = (text: string) => onRequest((socket) => setTimeout(() => socket.write(text), PAUSE_MS));

async function phasesOf(url: string, timeoutMs = 3000) {
  const probe = await probeAllowing('127.0.0.0/8, ::1/128');
  const found = await probe(targetOf(url, { timeoutMs }), new AbortController().signal);
  if (!found?.phases) throw new Error('no phases');
  return { ...found.phases, durationMs: found.durationMs };
}

test('says how long a target took for each phase, and how long all took', async () => {
  const { url } = await serve(pausing(ok));
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs, durationMs } = await phasesOf(url);
  expect([dnsMs, tlsMs]).toEqual([0, 0]);
  expect(connectMs).toBeGreaterThan(0);
  expect(firstByteMs).toBeGreaterThanOrEqual(AT_LEAST);
  expect(totalMs).toBeGreaterThanOrEqual(connectMs + firstByteMs);
  expect(durationMs).toBe(Math.round(totalMs));
});

test('tells the lookup, the connection, the handshake and the answer apart', async () => {
  const { port } = await serveTls('localhost', pausing(ok));
  const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = await phasesOf(`https://localhost:${port}/`);
  expect(Math.min(dnsMs, connectMs, tlsMs)).toBeGreaterThan(0);
  expect(firstByteMs).toBeGreaterThanOrEqual(AT_LEAST);
  expect(totalMs).toBeGreaterThanOrEqual(dnsMs + connectMs + tlsMs + firstByteMs);
});

test('adds the hops up', async () => {
  const { url } = await serve(
    onRequest((socket, request) => {
      const answer = request.startsWith('GET /end') ? ok : 'HTTP/1.1 302 Found\r\nlocation: /end\r\n\r\n';
      setTimeout(() => socket.write(answer), PAUSE_MS);
    }),
  );
  expect((await phasesOf(url)).firstByteMs).toBeGreaterThanOrEqual(2 * AT_LEAST);
});

test('ends the wait for an answer with its first byte', async () => {
  const { url } = await serve(onRequest(repeating('HTTP/1.1 200 OK\r\nx-drip: ', 'x', 20)));
  const { firstByteMs, totalMs } = await phasesOf(url, 500);
  expect(totalMs).toBeGreaterThanOrEqual(499);
  expect(firstByteMs).toBeLessThan(totalMs / 2);
});

test('counts the phase in which the time was up', async () => {
  const { port } = await serve(() => undefined);
  const { tlsMs, firstByteMs } = await phasesOf(`https://127.0.0.1:${port}/`, 500);
  expect(tlsMs).toBeGreaterThan(250);
  expect(firstByteMs).toBe(0);
});

test('has phases of what failed, too', async () => {
  const { url } = await serve(sending('SSH-2.0-OpenSSH_9.2\r\n'));
  const found = await probeOnce(url);
  expect(found?.phases?.totalMs).toBeGreaterThan(0);
});
