import type { BodyFraming } from './body-framing.ts';

/** Extracts the body of an answer from the bytes of its connection, in pieces of any size. */
export interface BodyDecoder {
  /** The part of `bytes` that is body. */
  push(bytes: Buffer): Buffer;
  /** The body is complete, or invalid: read nothing more. */
  readonly done: boolean;
}

export function createBodyDecoder(framing: BodyFraming): BodyDecoder {
  if (framing.kind === 'chunked') return createChunkedDecoder();
  let left = framing.kind === 'length' ? framing.bytes : Infinity;
  return {
    get done() {
      return left === 0;
    },
    push(bytes) {
      const body = bytes.subarray(0, left);
      left -= body.length;
      return body;
    },
  };
}

/** The most bytes for a chunk's size and its extensions. */
const MAX_SIZE_LINE = 16 * 1024;
const LF = 0x0a;
const CR = 0x0d;

type Place = 'size' | 'extension' | 'data' | 'end_of_data' | 'done';

/** Trailers stay unread: the connection is used once. */
function createChunkedDecoder(): BodyDecoder {
  let place: Place = 'size';
  let size = 0;
  let digits = 0;
  let lineLength = 0;

  function beginChunk(): void {
    place = digits > 0 && size > 0 ? 'data' : 'done';
    digits = lineLength = 0;
  }

  function stepOverSize(byte: number): void {
    const digit = hexDigitOf(byte);
    if (++lineLength > MAX_SIZE_LINE) place = 'done';
    else if (byte === LF) beginChunk();
    else if (place === 'extension') return;
    else if (digit !== -1) {
      size = size * 16 + digit;
      digits++;
      if (!Number.isSafeInteger(size)) place = 'done';
    } else place = digits > 0 && isEndOfSize(byte) ? 'extension' : 'done';
  }

  function stepOverEndOfData(byte: number): void {
    if (byte === LF) place = 'size';
    else if (byte !== CR) place = 'done';
  }

  return {
    get done() {
      return place === 'done';
    },
    push(bytes) {
      const body: Buffer[] = [];
      for (let at = 0; at < bytes.length && place !== 'done';) {
        if (place === 'data') {
          const data = bytes.subarray(at, at + size);
          body.push(data);
          at += data.length;
          size -= data.length;
          if (size === 0) place = 'end_of_data';
        } else {
          const byte = bytes[at++] ?? 0;
          if (place === 'end_of_data') stepOverEndOfData(byte);
          else stepOverSize(byte);
        }
      }
      return Buffer.concat(body); // One piece, however many chunks there were.
    },
  };
}

function isEndOfSize(byte: number): boolean {
  return byte === CR || byte === 0x20 || byte === 0x09 || byte === 0x3b;
}

function hexDigitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
