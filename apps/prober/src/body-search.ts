import { pipeline, Readable, type Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';

/** `limit`: it is not in what was read, and there was more. `unreadable`: what was read could not be decoded. */
export type BodySearch = 'found' | 'missing' | 'limit' | 'unreadable';

export interface BodyQuery {
  /** Looked for in UTF-8. */
  readonly text: string;
  /** How much of the body is read, and how much of what it decodes to. */
  readonly maxBytes: number;
}

type Chunks = AsyncGenerator<Buffer, void, undefined>;

/** As many as curl decodes. */
const MAX_CODINGS = 5;

/** What broke off decodes to what came before. */
const DEFLATE_OPTIONS = { finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI_OPTIONS = { finishFlush: constants.BROTLI_OPERATION_FLUSH };
/** RFC 9659: a window of 8 MB at most. */
const ZSTD_OPTIONS = { finishFlush: constants.ZSTD_e_flush, params: { [constants.ZSTD_d_windowLogMax]: 23 } };

const DECODERS = new Map<string, (chunks: Chunks) => AsyncIterable<Buffer>>([
  ['gzip', (chunks) => through(createGunzip(DEFLATE_OPTIONS), chunks)],
  ['x-gzip', (chunks) => through(createGunzip(DEFLATE_OPTIONS), chunks)],
  ['deflate', inflate],
  ['br', (chunks) => through(createBrotliDecompress(BROTLI_OPTIONS), chunks)],
  ['zstd', (chunks) => through(createZstdDecompress(ZSTD_OPTIONS), chunks)],
]);

/**
 * Looks for a text in `body`, to which `codings` were applied in their order; stops reading as soon as it is known whether it is
 * there. Behind a coding that is not known the body is searched as it is: servers name "utf-8" or "none", and browsers show it.
 */
export async function searchBody(body: AsyncIterable<Buffer>, codings: readonly string[], query: BodyQuery): Promise<BodySearch> {
  const limit = { bytes: query.maxBytes, isReached: false };
  const decoders = codings.toReversed().map((coding) => DECODERS.get(coding));
  const isKnown = decoders.length <= MAX_CODINGS && !decoders.includes(undefined);
  try {
    let chunks = firstBytes(untilBroken(body), limit);
    for (const decode of decoders.slice(0, MAX_CODINGS)) {
      if (!decode) break;
      chunks = firstBytes(decode(chunks), limit);
    }
    if (await includes(chunks, Buffer.from(query.text))) return 'found';
  } catch {
    return 'unreadable';
  }
  if (!isKnown) return 'unreadable';
  return limit.isReached ? 'limit' : 'missing';
}

/** Holds no more than a chunk and the length of what is wanted. */
async function includes(chunks: Chunks, wanted: Buffer): Promise<boolean> {
  let tail = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const window = tail.length > 0 ? Buffer.concat([tail, chunk]) : chunk;
    if (window.includes(wanted)) return true;
    tail = Buffer.from(window.subarray(Math.max(0, window.length - wanted.length + 1)));
  }
  return false;
}

async function* untilBroken(body: AsyncIterable<Buffer>): Chunks {
  try {
    yield* body;
  } catch {
    // What came before counts.
  }
}

/** Looks one chunk further than the limit, to see whether there is more. */
async function* firstBytes(chunks: AsyncIterable<Buffer>, limit: { readonly bytes: number; isReached: boolean }): Chunks {
  let left = limit.bytes;
  for await (const chunk of chunks) {
    if (left > 0) yield chunk.subarray(0, left);
    if (chunk.length > left) {
      limit.isReached = true;
      return;
    }
    left -= chunk.length;
  }
}

/** Its reader sees every error, and ends the source by ending early. */
function through(decoder: Transform, chunks: Chunks): AsyncIterable<Buffer> {
  return pipeline(Readable.from(chunks), decoder, () => undefined);
}

/** "deflate" means zlib's format (RFC 9110, 8.4.1.2); servers that leave its two bytes out are as old as the name. */
async function* inflate(chunks: Chunks): Chunks {
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    start = Buffer.concat([start, next.value]);
  }
  yield* through(
    hasZlibHeader(start) ? createInflate(DEFLATE_OPTIONS) : createInflateRaw(DEFLATE_OPTIONS),
    joined(start, chunks),
  );
}

function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

async function* joined(start: Buffer, chunks: Chunks): Chunks {
  yield start;
  yield* chunks;
}
