// The target of all probes, and the listener that no probe may reach: `node main.ts LOG_FILE`. Forked; says its ports, and
// ends when its parent does. Nothing disturbs it: its log records what was really asked and answered.
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { answerTo, type Answer } from './script.ts';
import type { TargetLine } from './target-log.ts';

const STALL_MS = 100;
const [logFile = ''] = process.argv.slice(2);
const counts = new Map<string, number>();
const write = (line: TargetLine) => appendFileSync(logFile, `${JSON.stringify(line)}\n`);
const now = () => Date.now() / 1000;

const canary = await listen(
  createServer((request, response) => {
    write({ event: 'canary', path: request.url ?? '', at: now() });
    response.end();
  }),
  '127.0.0.2',
);
const port = await listen(createServer(serve), '127.0.0.1');
watchStalls();
process.on('disconnect', () => process.exit(0));
process.send?.({ port, canary });

function serve(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '/';
  const requestNumber = (counts.get(path) ?? 0) + 1;
  counts.set(path, requestNumber);
  const at = now();
  const answer = answerTo(path, at, requestNumber, `http://127.0.0.2:${canary}${path}`);
  void give(answer, request, response).then((status) =>
    write({ event: 'request', path, at, until: now(), does: answer.does, status }),
  );
}

/** The status that was sent whole; null when there was none, or the client left before. */
async function give(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number | null> {
  if (answer.does === 'break') {
    request.socket.resetAndDestroy();
    return null;
  }
  const closed = new Promise<null>((resolve) => response.once('close', () => resolve(null)));
  if (answer.does === 'hang') return closed;
  if (answer.does === 'answer' && answer.delayMs > 0) await delay(answer.delayMs);
  if (response.destroyed) return null;
  const status = answer.does === 'move' ? 302 : answer.status;
  const sent = new Promise<number>((resolve) => response.once('finish', () => resolve(status)));
  response.writeHead(status, answer.does === 'move' ? { location: answer.to } : {}).end();
  return Promise.race([sent, closed]);
}

/** When this process itself gets no processor time, a probe may time out by right. */
function watchStalls(): void {
  let last = performance.now();
  setInterval(() => {
    const stalledMs = performance.now() - last - 50;
    last = performance.now();
    if (stalledMs > STALL_MS) write({ event: 'stall', at: now() - stalledMs / 1000, until: now() });
  }, 50);
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });
}
