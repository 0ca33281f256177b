import { pipeline, Readable, type Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { readGzipHeader } from './gzip-header.ts';

export type Chunks = AsyncGenerator<Buffer, void, undefined>;
/** Throws where the bytes are not in this coding; a body that broke off decodes to what came before. */
export type Decode = (chunks: Chunks) => AsyncIterable<Buffer>;

const DEFLATE_OPTIONS = { finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI_OPTIONS = { finishFlush: constants.BROTLI_OPERATION_FLUSH };
/** RFC 9659: a window of at most 8 MB. */
const ZSTD_OPTIONS = {
  finishFlush: constants.ZSTD_e_flush,
  params: { [constants.ZSTD_d_windowLogMax]: 23 },
};

const DECODERS = new Map<string, Decode>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', (chunks) => wide(() => createBrotliDecompress(BROTLI_OPTIONS), chunks)],
  ['zstd', (chunks) => wide(() => createZstdDecompress(ZSTD_OPTIONS), chunks)],
]);

export function decoderOf(coding: string): Decode | undefined {
  return DECODERS.get(coding);
}

/**
 * A brotli decoder may hold 16 MB and a zstd decoder 8 MB, for as long as the target keeps sending:
 * the most at a time, for all probes.
 */
const WIDE_DECODERS = 12;
let wideDecoders = 0;

/** Not the target's fault: other probes hold all memory for such decoders. */
export class DecodersBusyError extends Error {
  override readonly name = 'DecodersBusyError';
}

async function* wide(createDecoder: () => Transform, chunks: Chunks): Chunks {
  if (wideDecoders >= WIDE_DECODERS) throw new DecodersBusyError();
  wideDecoders++;
  try {
    yield* through(createDecoder(), chunks);
  } finally {
    wideDecoders--;
  }
}

/** Its reader sees every error, and ends the source by stopping early. */
function through(decoder: Transform, chunks: Chunks): AsyncIterable<Buffer> {
  return pipeline(Readable.from(chunks), decoder, () => undefined);
}

/**
 * Like browsers, ignores bytes after the end of the stream; Node's gunzip would lose what came
 * before them.
 */
async function* gunzip(chunks: Chunks): Chunks {
  const { start, result } = await readStart(chunks, readGzipHeader);
  if (result === null) return;
  yield* through(createInflateRaw(DEFLATE_OPTIONS), joined(start.subarray(result), chunks));
}

/**
 * "deflate" means zlib's format (RFC 9110, 8.4.1.2), but servers have always omitted its two bytes
 * as well.
 */
async function* inflate(chunks: Chunks): Chunks {
  const { start, result } = await readStart(chunks, hasZlibHeader);
  yield* through(
    result === false ? createInflateRaw(DEFLATE_OPTIONS) : createInflate(DEFLATE_OPTIONS),
    joined(start, chunks),
  );
}

function hasZlibHeader(bytes: Buffer): boolean | null {
  if (bytes.length < 2) return null;
  return (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

/** Passes chunks to `read` until it has a result; undefined when they end first. */
async function readStart<Result>(chunks: Chunks, read: (start: Buffer) => Result | null) {
  let start = Buffer.alloc(0);
  let result: Result | null = null;
  while (result === null) {
    const next = await chunks.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
    result = read(start);
  }
  return { start, result };
}

async function* joined(start: Buffer, chunks: Chunks): Chunks {
  yield start;
  yield* chunks;
}
