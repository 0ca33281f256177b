import type { CheckResult } from '@gomon/domain';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Limiter } from './limiter.ts';

export type ProberMetrics = ReturnType<typeof createProberMetrics>;

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createProberMetrics(registry: Registry, limiter: Limiter) {
  const registers = [registry];
  const probes = new Counter({
    name: 'gomon_probes_total',
    help: 'Checks by outcome and reason.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  const duration = new Histogram({
    name: 'gomon_probe_duration_seconds',
    help: 'Duration of probes, from start to outcome.',
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'gomon_probes_in_flight',
    help: 'Probes in flight.',
    registers,
    collect() {
      this.set(limiter.taken);
    },
  });
  new Gauge({
    name: 'gomon_probes_waiting',
    help: 'Probes waiting for a free place.',
    registers,
    collect() {
      this.set(limiter.waiting);
    },
  });
  new Gauge({
    name: 'gomon_probes_waiting_for_host',
    help: 'Probes waiting because their host has reached its limit.',
    registers,
    collect() {
      this.set(limiter.waitingForHost);
    },
  });
  return {
    countResult: ({ outcome, reason, durationMs }: CheckResult) => {
      probes.inc({ outcome, reason: reason ?? 'none' });
      if (durationMs !== null) duration.observe(durationMs / 1000);
    },
    startLateness: new Histogram({
      name: 'gomon_probe_start_lateness_seconds',
      help: 'Delay from a slot to the start of its probe.',
      buckets: SECONDS,
      registers,
    }),
    resultsReported: new Counter({
      name: 'gomon_results_reported_total',
      help: 'Results put on the results queues.',
      registers,
    }),
    malformedJobs: new Counter({
      name: 'gomon_malformed_jobs_total',
      help: 'Jobs rejected because they are not valid probe jobs.',
      registers,
    }),
  };
}
