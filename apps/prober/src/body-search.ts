import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** How much of a body is read, and how much of what it inflates to. */
const MAX_BYTES = 256 * 1024;

const INFLATERS = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * Whether the first 256 KiB of `body` contain `text` (UTF-8). Stops reading as soon as that is known. A body that breaks
 * off or cannot be inflated contains what came before.
 */
export async function bodyContains(body: Readable, contentEncoding: string | undefined, text: string): Promise<boolean> {
  const createInflater = INFLATERS.get(contentEncoding?.trim().toLowerCase() ?? '');
  try {
    return await includes(createInflater ? inflate(body, createInflater()) : body, Buffer.from(text));
  } catch {
    return false;
  }
}

/** Its reader sees every error, and ends the source by ending early. */
function inflate(body: Readable, inflater: Transform): AsyncIterable<Buffer> {
  return pipeline(Readable.from(firstBytes(body)), inflater, () => undefined);
}

async function includes(chunks: AsyncIterable<Buffer>, wanted: Buffer): Promise<boolean> {
  let tail = Buffer.alloc(0);
  for await (const chunk of firstBytes(chunks)) {
    const window = Buffer.concat([tail, chunk]);
    if (window.includes(wanted)) return true;
    tail = window.subarray(Math.max(0, window.length - wanted.length + 1));
  }
  return false;
}

async function* firstBytes(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = MAX_BYTES;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
