// The receivers of all notifications: `node main.ts LOG_FILE`. Forked; says its port, hears whether the faulty ones fail, and ends
// when its parent does. Nothing disturbs it: its log records what the channels received.
import { appendFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { Message } from './receivers.ts';
import { secretOf, statusOf } from './script.ts';

const [logFile = ''] = process.argv.slice(2);
const counts = new Map<string, number>();
let isFailing = false;

const server = createServer((request, response) => void receive(request, response)).listen(
  0,
  '127.0.0.1',
  () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  },
);
process.on('message', (message) => (isFailing = message === 'fail'));
process.on('disconnect', () => process.exit(0));

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  const body = await text(request).catch(() => null);
  if (body === null) return; // It broke before the message was here.
  const at = Date.now() / 1000;
  const messageNumber = (counts.get(path) ?? 0) + 1;
  counts.set(path, messageNumber);
  const answer = statusOf(path, messageNumber, isFailing);
  const id = String(request.headers['webhook-id']);
  // Before the answer: the log is in the order in which the messages came.
  const message: Message = {
    at,
    path,
    id,
    body,
    isSigned: isSigned(path, body, request.headers),
    status: answer,
  };
  appendFileSync(logFile, `${JSON.stringify(message)}\n`);
  response.writeHead(answer).end();
}

function isSigned(path: string, body: string, headers: IncomingHttpHeaders): boolean {
  try {
    new Webhook(secretOf(path)).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
