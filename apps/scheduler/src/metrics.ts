import { CHANNEL_KINDS } from '@gomon/channels';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { counterOf } from './counter-of.ts';
import { SKIP_CAUSES } from './dispatch/skipped-checks-log.ts';

export type SchedulerMetrics = ReturnType<typeof createSchedulerMetrics>;

/** Periodic work; `ingest` runs whenever results arrive. */
export const LOOPS = [
  'dispatch',
  'give-up',
  'notifications',
  'outbox',
  'maintenance',
  'dry-runs',
  'forget-dry-runs',
  'reconcile-after-loss',
  'leftovers',
  'status',
  'heartbeat',
  'ingest',
] as const;

export type LoopName = (typeof LOOPS)[number];

const DELAY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];

export function createSchedulerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    ...dispatchMetrics(registers),
    ...ingestMetrics(registers),
    ...notificationMetrics(registers),
    ...operationMetrics(registers),
  };
}

function dispatchMetrics(registers: Registry[]) {
  return {
    checksDispatched: new Counter({
      name: 'gomon_checks_dispatched_total',
      help: 'Checks put on the queue.',
      registers,
    }),
    dispatchLateness: new Histogram({
      name: 'gomon_dispatch_lateness_seconds',
      help: 'Delay from a slot to its dispatch.',
      buckets: DELAY_BUCKETS,
      registers,
    }),
    dispatchAge: new Gauge({
      name: 'gomon_dispatch_age_seconds',
      help: 'Time since the newest dispatched slot of the shard that is furthest behind.',
      registers,
    }),
    gapSeconds: new Counter({
      name: 'gomon_gap_seconds_total',
      help: "Seconds of a shard's slots that were never dispatched.",
      registers,
    }),
    checksSkipped: counterOf({
      name: 'gomon_checks_skipped_total',
      help: 'Checks not dispatched because probers or ingestion do not keep up; a gap records them.',
      values: { cause: SKIP_CAUSES },
      registers,
    }),
    oldestWaiting: new Gauge({
      name: 'gomon_queue_oldest_waiting_seconds',
      help: 'How long the oldest probe job has waited for a prober; 0 while probers keep up.',
      registers,
    }),
  };
}

function ingestMetrics(registers: Registry[]) {
  return {
    resultsIngested: new Counter({
      name: 'gomon_results_ingested_total',
      help: 'Results stored as rows.',
      registers,
    }),
    resultsRepeated: new Counter({
      name: 'gomon_results_repeated_total',
      help: 'Results of checks that already had a row.',
      registers,
    }),
    resultsRejected: counterOf({
      name: 'gomon_results_rejected_total',
      help: 'Results rejected as malformed, of an unknown monitor or another shard, or with an absurd slot.',
      values: { cause: ['malformed', 'implausible'] },
      registers,
    }),
    ingestDelay: new Histogram({
      name: 'gomon_ingest_delay_seconds',
      help: "Delay from a probe's end to its row.",
      buckets: DELAY_BUCKETS,
      registers,
    }),
    oldestResult: new Gauge({
      name: 'gomon_ingest_oldest_waiting_seconds',
      help: 'How long the oldest result has waited to be stored; 0 when none waits.',
      registers,
    }),
    alertTransitions: counterOf({
      name: 'gomon_alert_transitions_total',
      help: 'Alerts opened and resolved.',
      values: { transition: ['opened', 'resolved'] },
      registers,
    }),
    checksExpired: new Counter({
      name: 'gomon_checks_expired_total',
      help: 'Checks not run because probers do not keep up: stored as unknown.',
      registers,
    }),
    checksGivenUp: new Counter({
      name: 'gomon_checks_given_up_total',
      help: 'Checks at which probers died repeatedly, or whose job failed permanently: stored as unknown.',
      registers,
    }),
    probeJobsTakenApart: new Counter({
      name: 'gomon_probe_jobs_taken_apart_total',
      help: 'Probe jobs that failed permanently and are retried in parts.',
      registers,
    }),
  };
}

function notificationMetrics(registers: Registry[]) {
  return {
    notificationAttempts: counterOf({
      name: 'gomon_notification_attempts_total',
      help: 'Attempts to send a notification: delivered, failed (will be retried), dead (given up) or gone (the channel was disabled).',
      values: { kind: CHANNEL_KINDS, result: ['delivered', 'failed', 'dead', 'gone'] },
      registers,
    }),
    oldestNotification: new Gauge({
      name: 'gomon_notification_oldest_pending_seconds',
      help: 'How long the most overdue notification has waited; 0 when none is due.',
      registers,
    }),
  };
}

function operationMetrics(registers: Registry[]) {
  return {
    probersSeen: new Gauge({
      name: 'gomon_probers_seen',
      help: "Probers that reach the queue and their targets' network.",
      registers,
    }),
    partitionsEnd: new Gauge({
      name: 'gomon_partitions_end_timestamp_seconds',
      help: 'Time up to which row partitions exist.',
      registers,
    }),
    heartbeats: counterOf({
      name: 'gomon_heartbeats_total',
      help: 'Calls of HEARTBEAT_URL: sent, failed, or withheld because cycles are late.',
      values: { result: ['sent', 'failed', 'withheld'] },
      registers,
    }),
    loopFailures: counterOf({
      name: 'gomon_loop_failures_total',
      help: 'Failed runs of a loop.',
      values: { loop: LOOPS },
      registers,
    }),
  };
}
