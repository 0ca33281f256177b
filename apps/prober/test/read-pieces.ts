import { TargetFault } from '../src/probes/failure-reason.ts';
import { createBodyDecoder, type BodyDecoder } from '../src/probes/http/wire/body-decoder.ts';
import { framingOf } from '../src/probes/http/wire/body-framing.ts';
import { createFinalHeadReader } from '../src/probes/http/wire/final-head-reader.ts';
import type { ReadHead } from '../src/probes/http/wire/head-reader.ts';

export type ReadAnswer =
  | { readonly status: number; readonly body: string; readonly isWhole: boolean }
  | { readonly cause: string };

/**
 * What a probe reads from bytes that arrive in these pieces until the connection ends. Throws
 * anything but a fault of the target.
 */
export function readPieces(pieces: readonly Buffer[], method: string): ReadAnswer {
  const reader = createFinalHeadReader();
  const body: Buffer[] = [];
  let status = 0;
  let decoder: BodyDecoder | null = null;
  const begin = ({ head, rest }: ReadHead) => {
    status = head.statusCode;
    decoder = createBodyDecoder(framingOf(head, method));
    body.push(decoder.push(rest));
  };
  try {
    for (const piece of pieces) {
      if (decoder) body.push((decoder as BodyDecoder).push(piece));
      else {
        const read = reader.push(piece);
        if (read) begin(read);
      }
    }
    const last = decoder ? null : reader.end();
    if (last) begin(last);
  } catch (error) {
    if (error instanceof TargetFault) return { cause: error.cause ?? error.reason };
    throw error;
  }
  const isWhole = (decoder as BodyDecoder | null)?.done ?? false;
  return status === 0
    ? { cause: 'connection_closed' }
    : { status, body: Buffer.concat(body).toString('latin1'), isWhole };
}

/** The bytes, cut at these positions. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ordered = [0, ...[...places].sort((a, b) => a - b), bytes.length];
  return ordered.slice(1).map((place, index) => bytes.subarray(ordered[index], place));
}
