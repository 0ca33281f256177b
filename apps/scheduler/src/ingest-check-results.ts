// Stores results, moves the windows, opens and resolves alerts. PostgreSQL's rows are authoritative: every step may be
// repeated, in any order and by several schedulers at once, and comes to the same end. A result job is acknowledged only
// after all of them.
import type { CheckResult } from '@gomon/domain';
import type { WindowCache } from '@gomon/alerting';
import { ingestRules, storeCheckResults, type Db, type IngestRule } from '@gomon/persistence';
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

const DAY_SECONDS = 86_400;

/** Throws when PostgreSQL or the window cache fails; the same data may then be ingested again. */
export async function ingestCheckResults(shard: number, data: unknown, deps: IngestDeps): Promise<void> {
  const { db, windows, metrics } = deps;
  const { results, rejected } = parseResultJob(data);
  const rules = await ingestRules(db, shard, [...new Set(results.map((result) => result.monitorId))]);
  const plausible = keepPlausible(results, rules, deps.retentionDays);
  const { stored, inserted } = await storeCheckResults(db, shard, plausible);
  const suspects = await findSuspects(shard, stored, rules, { db, windows });
  const transitions = await settleAlerts(db, shard, suspects);

  metrics.resultsRejected.inc({ cause: 'malformed' }, rejected);
  metrics.resultsRejected.inc({ cause: 'implausible' }, results.length - plausible.length);
  metrics.resultsRepeated.inc(plausible.length - inserted);
  metrics.alertTransitions.inc({ transition: 'opened' }, transitions.opened);
  metrics.alertTransitions.inc({ transition: 'resolved' }, transitions.resolved);
  metrics.resultsIngested.inc(inserted);
  for (const { monitorId, checkedAt } of plausible)
    metrics.ingestDelay.observe((rules.get(monitorId)?.now ?? 0) - checkedAt / 1000);
}

/** The first of each check whose monitor is of this shard and whose slot lies in the monitor's life. Nothing was checked in the future. */
function keepPlausible(
  results: readonly CheckResult[],
  rules: ReadonlyMap<string, IngestRule>,
  retentionDays: number,
): CheckResult[] {
  const kept = new Map<string, CheckResult>();
  for (const result of results) {
    const rule = rules.get(result.monitorId);
    const key = `${result.monitorId} ${result.slot}`;
    if (!rule || kept.has(key)) continue;
    const oldest = Math.max(Math.floor(rule.createdAt), rule.now - retentionDays * DAY_SECONDS);
    if (result.slot < oldest || result.slot > rule.now + 1) continue;
    kept.set(key, { ...result, checkedAt: Math.min(result.checkedAt, Math.round(rule.now * 1000)) });
  }
  return [...kept.values()];
}
