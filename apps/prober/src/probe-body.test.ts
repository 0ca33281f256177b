import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { failure, probeOnce, success } from '../test/probe-once.ts';
import { onRequest, repeating, sending, serve, stopServers, type Script } from '../test/scripted-server.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const looksFor = { bodyContains: 'needle' };

afterAll(stopServers);

async function probe(script: Script, timeoutMs = 3000) {
  return probeOnce((await serve(script)).url, { ...looksFor, timeoutMs });
}

test('succeeds when the text is there, whatever follows', async () => {
  expect(await probe(sending(`${ok}content-length: 6\r\n\r\nneedle`))).toEqual(success());
  expect(await probe(sending(`${ok}content-length: 600\r\n\r\na needle and no end`))).toEqual(success());
  expect(await probe(onRequest((socket) => socket.end(`${ok}\r\na needle until the connection closes`)))).toEqual(success());
  expect(await probe(onRequest(repeating(`${ok}\r\nneedle`, 'x'.repeat(65_536))))).toEqual(success());
});

test('finds a text that comes in pieces', async () => {
  const script = onRequest((socket) => {
    socket.write(`${ok}transfer-encoding: chunked\r\n\r\n3\r\nnee\r\n`);
    setTimeout(() => socket.write('3\r\ndle\r\n'), 50);
  });
  expect(await probe(script)).toEqual(success());
});

test('fails when the text is not there, or not before the body breaks off', async () => {
  expect(await probe(sending(`${ok}content-length: 5\r\n\r\nhello`))).toEqual(failure('body', 200));
  expect(await probe(onRequest((socket) => socket.end(`${ok}content-length: 50\r\n\r\nhello`)))).toEqual(failure('body', 200));
  expect(await probe(onRequest((socket) => socket.end(`${ok}transfer-encoding: chunked\r\n\r\nhello`)))).toEqual(
    failure('body', 200),
  );
  expect(await probe(sending('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))).toEqual(failure('body', 200));
});

test('stops reading an endless body, plain or compressed', async () => {
  const before = process.memoryUsage().rss;
  expect(await probe(onRequest(repeating(`${ok}content-length: 1000000000\r\n\r\n`, 'x'.repeat(65_536))))).toEqual(
    failure('body', 200),
  );
  const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024));
  const head = `${ok}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
  expect(await probe(onRequest((socket) => socket.write(Buffer.concat([Buffer.from(head), bomb]))))).toEqual(
    failure('body', 200),
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
});

test('gives up at the deadline when the body drips', async () => {
  expect(await probe(onRequest(repeating(`${ok}\r\n`, 'x', 20)), 500)).toEqual(failure('timeout', 200));
  expect(await probe(onRequest(repeating(`${ok}transfer-encoding: chunked\r\n\r\n`, '1;ext\r\nx\r\n', 20)), 500)).toEqual(
    failure('timeout', 200),
  );
});
