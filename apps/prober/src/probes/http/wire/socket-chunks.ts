import type { Socket } from 'node:net';

/** What comes on a socket, when it is asked for: the socket is held back meanwhile. */
export interface SocketChunks {
  push(chunk: Buffer): void;
  /** Nothing more comes. */
  end(): void;
  /** The next, or null at the end. */
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
