import { DecodersBusyError, decoderOf, type Chunks } from './wire/content-codings.ts';
import { createTextSearch } from '../text-search.ts';

/**
 * `limit`: not found in what was read, and there was more. `unreadable`: the body could not be
 * decoded. `busy`: this prober has no memory for a decoder now.
 */
export type BodySearch = 'found' | 'missing' | 'limit' | 'unreadable' | 'busy';

export interface BodyQuery {
  /** Compared as UTF-8. */
  readonly text: string;
  /** The limit of bytes to read, and again of bytes after decoding. */
  readonly maxBytes: number;
}

/** The same limit as curl's. */
const MAX_CODINGS = 5;

/**
 * Searches `body`, to which `codings` were applied in that order, and stops as soon as the answer
 * is known. A body with an unknown coding is searched as it is: servers name "utf-8" or "none", and
 * browsers show it.
 */
export async function searchBody(
  body: AsyncIterable<Buffer>,
  codings: readonly string[],
  query: BodyQuery,
): Promise<BodySearch> {
  const limit = { bytes: query.maxBytes, isReached: false };
  const decoders = codings.toReversed().map(decoderOf);
  const isKnown = decoders.length <= MAX_CODINGS && !decoders.includes(undefined);
  try {
    let chunks = firstBytes(untilBroken(body), limit);
    for (const decode of decoders.slice(0, MAX_CODINGS)) {
      if (!decode) break;
      chunks = firstBytes(decode(chunks), limit);
    }
    if (await includes(chunks, Buffer.from(query.text))) return 'found';
  } catch (error) {
    return error instanceof DecodersBusyError ? 'busy' : 'unreadable';
  }
  if (!isKnown) return 'unreadable';
  return limit.isReached ? 'limit' : 'missing';
}

async function includes(chunks: Chunks, wanted: Buffer): Promise<boolean> {
  const search = createTextSearch(wanted);
  for await (const chunk of chunks) if (search(chunk)) return true;
  return false;
}

async function* untilBroken(body: AsyncIterable<Buffer>): Chunks {
  try {
    yield* body;
  } catch {
    // What arrived before the break counts.
  }
}

/** Reads one chunk beyond the limit, to see whether there is more. */
async function* firstBytes(
  chunks: AsyncIterable<Buffer>,
  limit: { readonly bytes: number; isReached: boolean },
): Chunks {
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
