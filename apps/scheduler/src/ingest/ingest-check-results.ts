// Stores results, moves the windows, opens and resolves alerts. PostgreSQL's rows are
// authoritative: every step may be repeated, in any order and by several schedulers at once, with
// the same result. A result job is acknowledged only after all steps.
import type { WindowCache } from '@gomon/alerting';
import { type Db } from '@gomon/persistence';
import { haveMonitorEach, storeCheckResults, type ShardResult } from '@gomon/persistence/pipeline';
import { parseResultJob } from '@gomon/queue-contracts';
import { findChangedMonitors } from './find-changed-monitors.ts';
import type { SchedulerMetrics } from '../metrics.ts';
import { reconcileAlerts } from './reconcile-alerts.ts';

export interface IngestDeps {
  readonly db: Db;
  readonly windows: WindowCache;
  /** Rows older than this many days have no partition. */
  readonly retentionDays: number;
  readonly metrics: SchedulerMetrics;
}

/** A job from a shard's results queue, unparsed. */
export interface ResultDelivery {
  readonly shard: number;
  readonly job: unknown;
}

/**
 * Ingests result jobs. Throws when PostgreSQL or the window cache fails; ingesting the same jobs
 * again is safe.
 */
export async function ingestCheckResults(
  deliveries: readonly ResultDelivery[],
  deps: IngestDeps,
): Promise<void> {
  const { db, windows, metrics } = deps;
  const parsed = deliveries.map(({ shard, job }) => ({ shard, ...parseResultJob(job) }));
  const results = firstOfEachCheck(
    parsed.flatMap(({ shard, results: ofJob }) => ofJob.map((result) => ({ shard, ...result }))),
  );
  const { stored, inserted, now } = await storeCheckResults(db, results, deps.retentionDays);
  metrics.resultsIngested.inc(inserted);
  const transitions = { opened: 0, resolved: 0 };
  for (const [shard, changed] of await findChangedMonitors(stored, { db, windows })) {
    const { opened, resolved } = await reconcileAlerts(db, shard, changed);
    transitions.opened += opened;
    transitions.resolved += resolved;
  }

  for (const { rejected } of parsed) metrics.resultsRejected.inc({ cause: 'malformed' }, rejected);
  metrics.resultsRejected.inc({ cause: 'implausible' }, results.length - stored.length);
  metrics.resultsRepeated.inc(stored.length - inserted);
  metrics.alertTransitions.inc({ transition: 'opened' }, transitions.opened);
  metrics.alertTransitions.inc({ transition: 'resolved' }, transitions.resolved);
  metrics.checksExpired.inc(results.filter(({ reason }) => reason === 'expired').length);
  for (const { checkedAt } of results)
    metrics.ingestDelay.observe(Math.max(0, now - checkedAt / 1000));
}

function firstOfEachCheck(results: readonly ShardResult[]): readonly ShardResult[] {
  if (haveMonitorEach(results)) return results; // The usual case, and cheap to check.
  const first = new Map<string, ShardResult>();
  for (const result of results) {
    const key = `${result.monitorId} ${result.slot}`;
    if (!first.has(key)) first.set(key, result);
  }
  return [...first.values()];
}
