import type { Socket } from 'node:net';

/** Reads a socket on demand; the socket is paused in between. */
export interface SocketChunks {
  push(chunk: Buffer): void;
  /** Reads nothing more. */
  end(): void;
  /** The next chunk, or null at the end. */
  next(): Promise<Buffer | null>;
}

export function createSocketChunks(socket: Socket, first: Buffer): SocketChunks {
  const waiting = first.length > 0 ? [first] : [];
  let ended = false;
  let wake: (() => void) | null = null;
  return {
    push(chunk) {
      waiting.push(chunk);
      if (wake) wake();
      else socket.pause();
    },
    end() {
      ended = true;
      wake?.();
    },
    async next() {
      if (waiting.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          socket.resume();
        });
        wake = null;
      }
      return waiting.shift() ?? null;
    },
  };
}
