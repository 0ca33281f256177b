import { createLogger, createMetricsServer } from '@gomon/runtime';
import { fastify } from 'fastify';
import { Registry } from 'prom-client';
import { observeRequests } from '@gomon/api/testing';
import { createProberMetrics, createSelfCheck, createLimiter } from '@gomon/prober/testing';
import { createSchedulerMetrics } from '@gomon/scheduler/testing';

export interface AppMetrics {
  /** The labels of every metric of every app, by the name under which Prometheus stores it. */
  readonly labelsOf: ReadonlyMap<string, readonly string[]>;
  /** What each app answers who reads it before anything has happened: as text, with the route of one request. */
  readonly atStart: Readonly<Record<'api' | 'scheduler' | 'prober', string>>;
  close(): Promise<void>;
}

/** What the apps register, and what Prometheus adds to all that it reads. */
export async function openRegistries(): Promise<AppMetrics> {
  const registries = { api: new Registry(), scheduler: new Registry(), prober: new Registry() };
  const api = fastify();
  await api.register(observeRequests, { registry: registries.api });
  api.get('/v1/monitors', async () => []);
  createSchedulerMetrics(registries.scheduler);
  createProberMetrics(
    registries.prober,
    createLimiter({ limit: 1, hostLimit: 1, onEnd: () => undefined }),
  );
  const selfCheck = createSelfCheck({
    canaries: [],
    registry: registries.prober,
    logger: createLogger('prober', 'silent'),
  });
  for (const registry of Object.values(registries))
    createMetricsServer({ host: '127.0.0.1', port: 0, registry, dependencies: {} });
  const labelsOf = new Map(
    Object.values(registries).flatMap((registry) => registry.getMetricsAsArray().flatMap(seriesOf)),
  );
  const [ofApi, ofScheduler, ofProber] = await Promise.all(
    Object.values(registries).map((registry) => registry.metrics()),
  );
  return {
    labelsOf,
    atStart: { api: ofApi ?? '', scheduler: ofScheduler ?? '', prober: ofProber ?? '' },
    close: async () => {
      selfCheck.stop();
      await api.close();
    },
  };
}

/** A registry's own description of a metric leaves out its labels. */
type Described = ReturnType<Registry['getMetricsAsArray']>[number] & {
  readonly labelNames?: readonly string[];
};

function seriesOf({ name, type, labelNames = [] }: Described): [string, string[]][] {
  const labels = [...labelNames, 'instance', 'job'];
  if (String(type) !== 'histogram') return [[name, labels]];
  return [
    [`${name}_bucket`, [...labels, 'le']],
    [`${name}_sum`, labels],
    [`${name}_count`, labels],
  ];
}
