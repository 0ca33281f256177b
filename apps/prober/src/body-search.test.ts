import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bodyContains } from './body-search.ts';

const KIBIBYTE = 1024;
const bodyOf = (...chunks: (string | Buffer)[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

test('finds a text wherever the chunks are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '雪', '😀'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, text, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), async (body, wanted, cuts) => {
      const bytes = Buffer.from(body);
      const chunks = [];
      for (let from = 0; from < bytes.length;) {
        const to = from + (cuts.next().value as number);
        chunks.push(bytes.subarray(from, to));
        from = to;
      }
      expect(await bodyContains(Readable.from(chunks), undefined, wanted)).toBe(bytes.length > 0 && body.includes(wanted));
    }),
  );
});

test('stops reading when it has found the text', async () => {
  let read = 0;
  function* endless() {
    for (;;) yield Buffer.from(`chunk ${++read} `);
  }
  expect(await bodyContains(Readable.from(endless()), undefined, 'chunk 3')).toBe(true);
  expect(read).toBeLessThan(100);
});

test('looks at the first 256 KiB and no further', async () => {
  const filler = 'x'.repeat(256 * KIBIBYTE - 6);
  expect(await bodyContains(bodyOf(filler, 'needle'), undefined, 'needle')).toBe(true);
  expect(await bodyContains(bodyOf(filler, 'xneedle'), undefined, 'needle')).toBe(false);
});

test.each([
  ['gzip', gzipSync],
  ['X-GZIP ', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('inflates %s', async (encoding, compress) => {
  const body = compress('before needle after');
  expect(await bodyContains(bodyOf(body.subarray(0, 7), body.subarray(7)), encoding, 'needle')).toBe(true);
  expect(await bodyContains(bodyOf(body), encoding, 'thread')).toBe(false);
});

test('inflates a bomb no further than 256 KiB', async () => {
  const bomb = gzipSync(
    Buffer.concat([Buffer.alloc(300 * KIBIBYTE), Buffer.from('needle'), Buffer.alloc(64 * KIBIBYTE * KIBIBYTE)]),
  );
  expect(await bodyContains(bodyOf(bomb), 'gzip', 'needle')).toBe(false);
});

test('searches what came before a body broke off, and before it could not be inflated', async () => {
  async function* breaking() {
    yield Buffer.from('needle');
    throw new Error('reset');
  }
  expect(await bodyContains(Readable.from(breaking()), undefined, 'needle')).toBe(true);
  expect(await bodyContains(Readable.from(breaking()), undefined, 'thread')).toBe(false);
  expect(await bodyContains(bodyOf('not compressed: needle'), 'gzip', 'needle')).toBe(false);
  expect(await bodyContains(bodyOf(gzipSync('needle').subarray(0, 12)), 'gzip', 'thread')).toBe(false);
});

test('searches what it cannot inflate as it is', async () => {
  expect(await bodyContains(bodyOf('needle'), 'gzip, gzip', 'needle')).toBe(true);
  expect(await bodyContains(bodyOf('needle'), 'identity', 'needle')).toBe(true);
});
