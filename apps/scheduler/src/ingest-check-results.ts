// Stores results, moves the windows, opens and resolves alerts. PostgreSQL's rows are authoritative: every step may be
// repeated, in any order and by several schedulers at once, and comes to the same end. A result job is acknowledged only
// after all of them.
import type { CheckResult } from '@gomon/domain';
import type { WindowCache } from '@gomon/alerting';
import { storeCheckResults, type Db } from '@gomon/persistence';
import { parseResultJob } from '@gomon/queue-contracts';
import { findSuspects } from './find-suspects.ts';
import type { SchedulerMetrics } from './metrics.ts';
import { settleAlerts } from './settle-alerts.ts';

export interface IngestDeps {
  readonly db: Db;
  readonly windows: WindowCache;
  /** Rows older than this many days have no partition to go to. */
  readonly retentionDays: number;
  readonly metrics: SchedulerMetrics;
}

/** Takes what result jobs of one shard carry. Throws when PostgreSQL or the window cache fails; the same may then be ingested again. */
export async function ingestCheckResults(shard: number, jobs: readonly unknown[], deps: IngestDeps): Promise<void> {
  const { db, windows, metrics } = deps;
  const parsed = jobs.map(parseResultJob);
  const results = firstOfEachCheck(parsed.flatMap((job) => job.results));
  const { stored, inserted, now } = await storeCheckResults(db, shard, results, deps.retentionDays);
  const suspects = await findSuspects(shard, stored, { db, windows });
  const transitions = await settleAlerts(db, shard, suspects);

  for (const { rejected } of parsed) metrics.resultsRejected.inc({ cause: 'malformed' }, rejected);
  metrics.resultsRejected.inc({ cause: 'implausible' }, results.length - stored.length);
  metrics.resultsRepeated.inc(stored.length - inserted);
  metrics.alertTransitions.inc({ transition: 'opened' }, transitions.opened);
  metrics.alertTransitions.inc({ transition: 'resolved' }, transitions.resolved);
  metrics.resultsIngested.inc(inserted);
  for (const { checkedAt } of results) metrics.ingestDelay.observe(Math.max(0, now - checkedAt / 1000));
}

function firstOfEachCheck(results: readonly CheckResult[]): CheckResult[] {
  const first = new Map<string, CheckResult>();
  for (const result of results) {
    const key = `${result.monitorId} ${result.slot}`;
    if (!first.has(key)) first.set(key, result);
  }
  return [...first.values()];
}
