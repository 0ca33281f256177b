import { TargetFault } from '../../failure-reason.ts';
import { FRAME_HEADER_BYTES, isHttp2Frame } from './http2-frame.ts';
import { malformed, parseAnswerHead, parseStatusLine, type AnswerHead } from './answer-head.ts';

export interface ReadHead {
  readonly head: AnswerHead;
  /** The bytes after the head. */
  readonly rest: Buffer;
}

/** Reads the head of one answer, in pieces of any size. */
export interface HeadReader {
  /**
   * Null while more bytes are needed. Throws `TargetFault` as soon as no answer can begin like
   * this.
   */
  push(chunk: Buffer): ReadHead | null;
  /** At the end of the connection: like curl, accepts a head that lacks only the blank line. */
  end(): ReadHead | null;
}

/** The same limit as browsers'. */
export const MAX_HEAD_BYTES = 256 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const PROTOCOL = Buffer.from('http/');
const EMPTY = Buffer.alloc(0);

export function createHeadReader(): HeadReader {
  let bytes: Buffer = EMPTY;
  let length = 0;
  let start = 0;
  let lineStart = 0;
  let scanned = 0;
  let hasStatusLine = false;
  let isNoAnswer = false;

  function add(chunk: Buffer): void {
    bytes = length === 0 ? chunk : appended(bytes, length, chunk);
    length += chunk.length;
  }

  /** Servers may send empty lines before an answer. */
  function skipEmptyLines(): void {
    while (start < length && (bytes[start] === LF || bytes[start] === CR)) start++;
    lineStart = start;
    scanned = Math.max(scanned, start);
    for (let at = start; at < length && at < start + PROTOCOL.length; at++) {
      const lowerCase = (bytes[at] ?? 0) | 0x20;
      if (lowerCase === PROTOCOL[at - start]) continue;
      isNoAnswer = true;
      // The first HTTP/2 frame is shorter than 64 KiB: the rest of its header distinguishes it from
      // other bytes.
      if (bytes[start] === 0 && length - start < FRAME_HEADER_BYTES) return;
      throw noAnswer(bytes.subarray(start, length));
    }
  }

  function finish(end: number): ReadHead {
    const head = parseAnswerHead(bytes.toString('latin1', start, lineStart));
    return { head, rest: bytes.subarray(end, length) };
  }

  return {
    push(chunk) {
      add(chunk);
      if (!hasStatusLine) skipEmptyLines();
      if (isNoAnswer) return null;
      for (; scanned < length && scanned < MAX_HEAD_BYTES; scanned++) {
        if (bytes[scanned] !== LF) continue;
        if (isEmptyLine(bytes, lineStart, scanned)) return finish(scanned + 1);
        if (!hasStatusLine) parseStatusLine(bytes.toString('latin1', start, scanned));
        hasStatusLine = true;
        lineStart = scanned + 1;
      }
      if (length >= MAX_HEAD_BYTES) throw new TargetFault('protocol', 'header_limit');
      return null;
    },
    end() {
      if (isNoAnswer) throw malformed();
      return hasStatusLine && lineStart === length ? finish(length) : null;
    },
  };
}

function noAnswer(bytes: Buffer): TargetFault {
  return isHttp2Frame(bytes) ? new TargetFault('protocol', 'http2_only') : malformed();
}

function isEmptyLine(bytes: Buffer, from: number, to: number): boolean {
  while (from < to && bytes[from] === CR) from++;
  return from === to;
}

/**
 * Of `bytes`, `length` count. The buffer doubles when full, so a head in drips is not copied once
 * per drip.
 */
function appended(bytes: Buffer, length: number, chunk: Buffer): Buffer {
  let room = bytes;
  if (bytes.length < length + chunk.length) {
    room = Buffer.allocUnsafeSlow(Math.max(1024, 2 * (length + chunk.length)));
    bytes.copy(room, 0, 0, length);
  }
  chunk.copy(room, length);
  return room;
}
