import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Resolves when the dependency answers, rejects or hangs when it does not. */
export type ReadinessProbe = () => Promise<unknown>;

export interface MetricsServer {
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
}

const PROBE_TIMEOUT_MS = 2000;

/** Serves `/metrics` (Prometheus), `/healthz` (the process answers) and `/readyz` (503 with the dependencies that fail). */
export function createMetricsServer(
  port: number,
  registry: Registry,
  dependencies: Record<string, ReadinessProbe>,
): MetricsServer {
  collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) => response.writeHead(status, { 'content-type': type }).end(body);
    const sendJson = (status: number, body: object) => send(status, 'application/json', JSON.stringify(body));
    if (request.url === '/healthz') sendJson(200, { status: 'ok' });
    else if (request.url === '/readyz')
      void failing(dependencies).then((names) =>
        sendJson(names.length ? 503 : 200, { status: names.length ? 'unavailable' : 'ok', failing: names }),
      );
    else if (request.url === '/metrics')
      registry.metrics().then(
        (text) => send(200, registry.contentType, text),
        (error: unknown) => send(500, 'text/plain', String(error)),
      );
    else sendJson(404, { status: 'not found' });
  });
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, () => resolve({ port: (server.address() as AddressInfo).port }));
      }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The names of the dependencies that do not answer within two seconds. */
export async function failing(dependencies: Record<string, ReadinessProbe>): Promise<string[]> {
  const names = await Promise.all(
    Object.entries(dependencies).map(async ([name, probe]) => ((await answers(probe)) ? [] : [name])),
  );
  return names.flat();
}

async function answers(probe: ReadinessProbe): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([
      probe().then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
