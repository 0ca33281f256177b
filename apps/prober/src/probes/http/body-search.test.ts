import { Readable } from 'node:stream';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { searchBody } from './body-search.ts';

const KIBIBYTE = 1024;
const MAX_BYTES = 256 * KIBIBYTE;
const bodyOf = (...chunks: (string | Buffer)[]) =>
  Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
const search = (body: AsyncIterable<Buffer>, codings: string[], text: string) =>
  searchBody(body, codings, { text, maxBytes: MAX_BYTES });

test('finds a text however the body is cut into chunks', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '雪', '😀'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
      async (body, wanted, cuts) => {
        const bytes = Buffer.from(body);
        const chunks = [];
        for (let from = 0; from < bytes.length;) {
          const to = from + (cuts.next().value as number);
          chunks.push(bytes.subarray(from, to));
          from = to;
        }
        const isThere = bytes.length > 0 && body.includes(wanted);
        expect(await search(Readable.from(chunks), [], wanted)).toBe(isThere ? 'found' : 'missing');
      },
    ),
  );
});

test('stops reading when it has found the text', async () => {
  let read = 0;
  function* endless() {
    for (;;) yield Buffer.from(`chunk ${++read} `);
  }
  expect(await search(Readable.from(endless()), [], 'chunk 3')).toBe('found');
  expect(read).toBeLessThan(100);
});

test('reads up to the limit and no further, and reports when there was more', async () => {
  const filler = 'x'.repeat(MAX_BYTES - 6);
  expect(await search(bodyOf(filler, 'needle'), [], 'needle')).toBe('found');
  expect(await search(bodyOf(filler, 'needle', 'more'), [], 'needle')).toBe('found');
  expect(await search(bodyOf(filler, 'xneedle'), [], 'needle')).toBe('limit');
  expect(await search(bodyOf(filler, 'xxxxxx'), [], 'needle')).toBe('missing');
  expect(await search(bodyOf(filler, 'xxxxxx', 'needle'), [], 'needle')).toBe('limit');
});

test.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const)('decodes %s', async (coding, compress) => {
  const body = compress('before needle after');
  for (let cut = 0; cut <= body.length; cut++) {
    expect(
      await search(bodyOf(body.subarray(0, cut), body.subarray(cut)), [coding], 'needle'),
    ).toBe('found');
  }
  expect(await search(bodyOf(body), [coding], 'thread')).toBe('missing');
});

test('skips the header of a gzip stream, and ignores bytes after its end', async () => {
  const plain = gzipSync('before needle after');
  const content = plain.subarray(10);
  const header = (flags: number, ...fields: (string | number[])[]) =>
    Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]),
      ...fields.map((field) => Buffer.from(field as string)),
    ]);
  const bodies = [
    Buffer.concat([header(0x1f, [3, 0], 'abc', 'page.html\0', 'a comment\0', [1, 2]), content]),
    Buffer.concat([header(0x08, '\0'), content]),
    Buffer.concat([plain, Buffer.from('\r\n')]),
    Buffer.concat([plain, Buffer.from('<!-- generated -->')]),
    Buffer.concat([plain, Buffer.alloc(10)]),
  ];
  for (const body of bodies) {
    for (let cut = 0; cut <= body.length; cut++) {
      expect(
        await search(bodyOf(body.subarray(0, cut), body.subarray(cut)), ['gzip'], 'needle'),
      ).toBe('found');
    }
    expect(await search(bodyOf(body), ['gzip'], 'thread')).toBe('missing');
  }
  expect(await search(bodyOf(header(0x08, 'x'.repeat(200_000))), ['gzip'], 'needle')).toBe(
    'unreadable',
  );
});

test('decodes several codings, the last one first', async () => {
  const body = brotliCompressSync(deflateRawSync(gzipSync('before needle after')));
  expect(await search(bodyOf(body), ['gzip', 'deflate', 'br'], 'needle')).toBe('found');
  expect(await search(bodyOf(body), ['br', 'deflate', 'gzip'], 'needle')).toBe('unreadable');
});

test.each([
  [['gzip'], gzipSync],
  [['br'], brotliCompressSync],
  [['zstd'], zstdCompressSync],
  [['gzip', 'gzip'], (bytes: Buffer) => gzipSync(gzipSync(bytes))],
] as const)('decodes a bomb of %j up to the limit only', async (codings, compress) => {
  const bomb = compress(
    Buffer.concat([
      Buffer.alloc(300 * KIBIBYTE),
      Buffer.from('needle'),
      Buffer.alloc(64 * KIBIBYTE * KIBIBYTE),
    ]),
  );
  expect(await search(bodyOf(bomb), [...codings], 'needle')).toBe('limit');
});

test('refuses a long chain of decoders', async () => {
  expect(
    await search(bodyOf(gzipSync('needle')), Array<string>(10_000).fill('gzip'), 'needle'),
  ).toBe('unreadable');
});

test('searches what arrived before a body broke off', async () => {
  async function* breaking() {
    yield Buffer.from('needle');
    throw new Error('reset');
  }
  expect(await search(Readable.from(breaking()), [], 'needle')).toBe('found');
  expect(await search(Readable.from(breaking()), [], 'thread')).toBe('missing');
  expect(await search(bodyOf(gzipSync('needle').subarray(0, 20)), ['gzip'], 'needle')).toBe(
    'found',
  );
  expect(await search(bodyOf(gzipSync('needle').subarray(0, 12)), ['gzip'], 'thread')).toBe(
    'missing',
  );
});

test.each([['gzip'], ['deflate'], ['br'], ['zstd'], ['compress'], ['utf-8'], ['gzip', 'compress']])(
  'reports a body as unreadable when it is not %s',
  async (...codings) => {
    expect(await search(bodyOf('\x01\x02 not compressed: thread'), codings, 'needle')).toBe(
      'unreadable',
    );
  },
);

test('finds a plain text under an unknown coding', async () => {
  expect(await search(bodyOf('needle'), ['utf-8'], 'needle')).toBe('found');
  expect(await search(bodyOf(gzipSync('needle')), ['none', 'gzip'], 'needle')).toBe('found');
});
