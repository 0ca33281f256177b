import { DecodersBusyError, decoderOf, type Chunks } from './wire/content-codings.ts';
import { createTextSearch } from './text-search.ts';

/**
 * `limit`: it is not in what was read, and there was more. `unreadable`: what was read could not be decoded. `busy`: this prober has no
 * memory for a decoder now.
 */
export type BodySearch = 'found' | 'missing' | 'limit' | 'unreadable' | 'busy';

export interface BodyQuery {
  /** Looked for in UTF-8. */
  readonly text: string;
  /** How much of the body is read, and how much of what it decodes to. */
  readonly maxBytes: number;
}

/** As many as curl decodes. */
const MAX_CODINGS = 5;

/**
 * Looks for a text in `body`, to which `codings` were applied in their order; stops reading as soon as it is known whether it is
 * there. Behind a coding that is not known the body is searched as it is: servers name "utf-8" or "none", and browsers show it.
 */
export async function searchBody(body: AsyncIterable<Buffer>, codings: readonly string[], query: BodyQuery): Promise<BodySearch> {
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
