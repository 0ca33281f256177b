import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Resolves when the dependency answers; rejects or hangs when it does not. */
export type ReadinessProbe = () => Promise<unknown>;

export interface MetricsServer {
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
}

const PROBE_TIMEOUT_MS = 2000;

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  readonly dependencies: Record<string, ReadinessProbe>;
}

/**
 * Serves `/metrics` (Prometheus), `/healthz` (the process answers) and `/readyz` (503 with the
 * failing dependencies).
 */
export function createMetricsServer({
  host,
  port,
  registry,
  dependencies,
}: MetricsServerOptions): MetricsServer {
  collectDefaultMetrics({ register: registry });
  const pages: Record<string, () => Promise<Page>> = {
    '/healthz': async () => json(200, { status: 'ok' }),
    '/readyz': async () => {
      const names = await failing(dependencies);
      return json(names.length > 0 ? 503 : 200, {
        status: names.length > 0 ? 'unavailable' : 'ok',
        failing: names,
      });
    },
    '/metrics': async () => ({
      status: 200,
      type: registry.contentType,
      body: await registry.metrics(),
    }),
  };
  const server = createServer((request, response) => {
    const page =
      pages[request.url ?? '']?.() ?? Promise.resolve(json(404, { status: 'not found' }));
    void page
      .catch(() => json(500, { status: 'failed' }))
      .then(({ status, type, body }) =>
        response.writeHead(status, { 'content-type': type }).end(body),
      );
  });
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve({ port: (server.address() as AddressInfo).port }));
      }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function json(status: number, body: object): Page {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}

/** The names of the dependencies that do not answer within two seconds. */
export async function failing(dependencies: Record<string, ReadinessProbe>): Promise<string[]> {
  const names = await Promise.all(
    Object.entries(dependencies).map(async ([name, probe]) =>
      (await answers(probe)) ? [] : [name],
    ),
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
