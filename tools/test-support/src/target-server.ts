import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** `hang` never answers, `reset` breaks the connection. */
export type Answer =
  | 'hang'
  | 'reset'
  | { status?: number; body?: string; headers?: Record<string, string>; delayMs?: number };

/** `requestNumber` counts from 1, per path. */
export type Responder = (requestNumber: number, request: IncomingMessage) => Answer;

/** One line of the log: what the target really did, once it had done it. `status` is null for `hang`, `reset` and a client that left. */
export interface TargetLogEntry {
  path: string;
  at: Date;
  requestNumber: number;
  status: number | null;
}

export interface Target {
  url: string;
  log: readonly TargetLogEntry[];
  /** Scripts a path; one without a script answers 200. */
  respond(path: string, responder: Responder): void;
  stop(): Promise<void>;
}

/** An HTTP server on loopback whose answers the test writes, and which keeps a log of them. */
export async function startTarget(port = 0): Promise<Target> {
  const responders = new Map<string, Responder>();
  const counts = new Map<string, number>();
  const log: TargetLogEntry[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://target').pathname;
    const requestNumber = (counts.get(path) ?? 0) + 1;
    counts.set(path, requestNumber);
    const answer = responders.get(path)?.(requestNumber, request) ?? {};
    const entry: TargetLogEntry = { path, at: new Date(), requestNumber, status: null };
    log.push(entry);
    void give(answer, request, response, entry);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    respond: (path, responder) => void responders.set(path, responder),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function give(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
  entry: TargetLogEntry,
): Promise<void> {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const { status = 200, body = '', headers = {}, delayMs = 0 } = answer;
  if (delayMs > 0) await delay(delayMs);
  if (response.destroyed) return;
  response.writeHead(status, headers).end(body, () => (entry.status = status));
}
