import { Counter, Histogram, type Registry } from 'prom-client';

export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;

const DELAY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];

export function createSchedulerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    checksDispatched: new Counter({ name: 'gomon_checks_dispatched_total', help: 'Checks put on the queue.', registers }),
    dispatchLateness: new Histogram({
      name: 'gomon_dispatch_lateness_seconds',
      help: 'From a slot to its dispatch.',
      buckets: DELAY_BUCKETS,
      registers,
    }),
    gapSeconds: new Counter({
      name: 'gomon_gap_seconds_total',
      help: 'Seconds of a shard whose slots were never dispatched.',
      registers,
    }),
    resultsIngested: new Counter({ name: 'gomon_results_ingested_total', help: 'Results that became rows.', registers }),
    resultsRepeated: new Counter({
      name: 'gomon_results_repeated_total',
      help: 'Results whose check had its row already.',
      registers,
    }),
    resultsRejected: new Counter({
      name: 'gomon_results_rejected_total',
      help: 'Results that were not let in: malformed, of an unknown monitor or another shard, or with an absurd slot.',
      labelNames: ['cause'],
      registers,
    }),
    ingestDelay: new Histogram({
      name: 'gomon_ingest_delay_seconds',
      help: "From a probe's end to its row.",
      buckets: DELAY_BUCKETS,
      registers,
    }),
    alertTransitions: new Counter({
      name: 'gomon_alert_transitions_total',
      help: 'Alerts opened and resolved.',
      labelNames: ['transition'],
      registers,
    }),
    checksGivenUp: new Counter({
      name: 'gomon_checks_given_up_total',
      help: 'Checks whose probe job failed for good: stored as unknown.',
      registers,
    }),
    loopFailures: new Counter({
      name: 'gomon_loop_failures_total',
      help: 'Runs of a loop that failed.',
      labelNames: ['loop'],
      registers,
    }),
  };
}
