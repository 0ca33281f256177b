import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { failure, probeOnce, success } from '../../../test/probe-once.ts';
import {
  onRequest,
  repeating,
  sending,
  serve,
  stopServers,
  type Script,
} from '../../../test/scripted-server.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const looksFor = { bodyContains: 'needle' };

afterAll(stopServers);

async function probe(script: Script, timeoutMs = 3000, maxBodyBytes = 1_048_576) {
  return probeOnce((await serve(script)).url, { ...looksFor, timeoutMs, maxBodyBytes });
}

test('succeeds when the body contains the text, whatever follows', async () => {
  expect(await probe(sending(`${ok}content-length: 6\r\n\r\nneedle`))).toEqual(success());
  expect(await probe(sending(`${ok}content-length: 600\r\n\r\na needle and no end`))).toEqual(
    success(),
  );
  expect(
    await probe(onRequest((socket) => socket.end(`${ok}\r\na needle until the connection closes`))),
  ).toEqual(success());
  expect(await probe(onRequest(repeating(`${ok}\r\nneedle`, 'x'.repeat(65_536))))).toEqual(
    success(),
  );
});

test('finds a text that arrives in pieces', async () => {
  const script = onRequest((socket) => {
    socket.write(`${ok}transfer-encoding: chunked\r\n\r\n3\r\nnee\r\n`);
    setTimeout(() => socket.write('3\r\ndle\r\n'), 50);
  });
  expect(await probe(script)).toEqual(success());
});

test('fails when the text is missing, or the body breaks off before it', async () => {
  expect(await probe(sending(`${ok}content-length: 5\r\n\r\nhello`))).toEqual(failure('body', 200));
  expect(
    await probe(onRequest((socket) => socket.end(`${ok}content-length: 50\r\n\r\nhello`))),
  ).toEqual(failure('body', 200));
  expect(
    await probe(onRequest((socket) => socket.end(`${ok}transfer-encoding: chunked\r\n\r\nhello`))),
  ).toEqual(failure('body', 200));
  expect(await probe(sending('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))).toEqual(
    failure('body', 200),
  );
});

test('stops reading an endless body, plain or compressed', async () => {
  const before = process.memoryUsage().rss;
  expect(
    await probe(
      onRequest(repeating(`${ok}content-length: 1000000000\r\n\r\n`, 'x'.repeat(65_536))),
    ),
  ).toEqual(failure('body', 200));
  const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024));
  const head = `${ok}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
  expect(
    await probe(onRequest((socket) => socket.write(Buffer.concat([Buffer.from(head), bomb])))),
  ).toEqual(failure('body', 200));
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
});

test('reports whether it read the whole body when the text is missing', async () => {
  const page = (body: string | Buffer, fields = '') =>
    onRequest((socket) => {
      socket.write(`${ok}content-length: ${body.length}\r\n${fields}\r\n`);
      socket.write(body);
    });
  const large = `${'x'.repeat(400_000)}needle`;
  expect(await probe(page(large))).toEqual(success());
  expect(await probe(page(large), 3000, 100_000)).toEqual(failure('body', 200, 'body_limit'));
  expect(await probe(page('x'.repeat(100_000)), 3000, 100_000)).toEqual(
    failure('body', 200, 'body_missing_text'),
  );
  expect(await probe(page('x'.repeat(1000)))).toEqual(failure('body', 200, 'body_missing_text'));
  expect(await probe(page('\x1f\x9d', 'content-encoding: compress\r\n'))).toEqual(
    failure('body', 200, 'unreadable_encoding'),
  );
  expect(await probe(page('thread', 'content-encoding: gzip\r\n'))).toEqual(
    failure('body', 200, 'unreadable_encoding'),
  );
});

test('reads a body with several codings, listed in one field or several', async () => {
  const body = brotliCompressSync(gzipSync('needle'));
  for (const fields of [
    'content-encoding: gzip, br',
    'content-encoding: gzip\r\nContent-Encoding: identity, br',
  ]) {
    const head = `${ok}${fields}\r\ncontent-length: ${body.length}\r\n\r\n`;
    const script = onRequest((socket) => socket.write(Buffer.concat([Buffer.from(head), body])));
    expect(await probe(script)).toEqual(success());
  }
});

test('does not wait for anything after the end of a compressed body', async () => {
  const endless = onRequest((socket) => {
    socket.write(`${ok}content-encoding: gzip\r\n\r\n`);
    socket.write(gzipSync('thread'));
    repeating('', '\r\n'.repeat(1000))(socket);
  });
  const silent = onRequest((socket) => {
    socket.write(`${ok}content-encoding: gzip\r\n\r\n`);
    socket.write(gzipSync('thread'));
  });
  for (const script of [endless, silent])
    expect(await probe(script, 20_000)).toEqual(failure('body', 200, 'body_missing_text'));
});

test('reads no more of a body than it searches', async () => {
  let drained = 0;
  const { url } = await serve(
    onRequest((socket) => {
      socket.on('drain', () => {
        drained++;
        socket.write(Buffer.alloc(65_536));
      });
      socket.write(`${ok}\r\nneedle`);
      while (socket.write(Buffer.alloc(65_536)));
    }),
  );
  expect(await probeOnce(url, { ...looksFor, maxBodyBytes: 1024 })).toEqual(success());
  expect(drained).toBeLessThan(1000);
});

test('gives up at the deadline when the body drips', async () => {
  expect(await probe(onRequest(repeating(`${ok}\r\n`, 'x', 20)), 500)).toEqual(
    failure('timeout', 200),
  );
  expect(
    await probe(
      onRequest(repeating(`${ok}transfer-encoding: chunked\r\n\r\n`, '1;ext\r\nx\r\n', 20)),
      500,
    ),
  ).toEqual(failure('timeout', 200));
});
