import { checkKind, withoutDefaults } from '@gomon/checks';
import { DomainError, phaseOf, shardOf, type Monitor, type MonitorSettings } from '@gomon/domain';
import { linkChannels } from '../notifications/channels.ts';
import { databaseNow } from '../db/clock.ts';
import type { Db, Queryable } from '../db/db.ts';
import { isDuplicate } from '../db/fault.ts';
import type { Prisma } from '../generated/client.ts';
import { immediateSlotFrom, replan, type Plan } from './monitor-schedule.ts';
import { findMonitor, type MonitorWithState } from './monitors.ts';
import { endPausedAlerts } from '../pipeline/reconcile.ts';

export interface NewMonitor {
  readonly id: string;
  readonly ownerId: string;
  readonly settings: MonitorSettings;
  /** How many monitors the user may have. */
  readonly limit: number;
  readonly shardCount: number;
}

/**
 * Throws `monitor_limit_reached` or `monitor_name_taken`. The user's row is held while the monitors are counted, so that
 * no number of simultaneous calls passes the limit. Opens a transaction.
 */
export async function createMonitor(
  db: Queryable,
  { id, ownerId, settings, limit, shardCount }: NewMonitor,
): Promise<MonitorWithState> {
  return changeMonitors(db, async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM users WHERE id = ${ownerId}::uuid FOR NO KEY UPDATE`;
    if ((await tx.monitor.count({ where: { ownerId } })) >= limit) {
      throw new DomainError(
        'monitor_limit_reached',
        `You have as many monitors as you may have: ${limit}.`,
      );
    }
    const now = await databaseNow(tx);
    const place = { shard: shardOf(id, shardCount), phase: phaseOf(id, settings.intervalSeconds) };
    const immediate = settings.paused
      ? {}
      : immediateSlotFrom({ ...settings, ...place, immediateSlot: null }, now);
    const moments = { activeSince: now, ruleSince: now, createdAt: now, updatedAt: now };
    await tx.monitor.create({
      data: { ...toColumns(settings), id, ownerId, ...place, ...immediate, ...moments },
    });
    await linkChannels(tx, ownerId, id, settings.channelIds);
    return (await findMonitor(tx, ownerId, id)) as MonitorWithState;
  });
}

export interface MonitorChange {
  readonly ownerId: string;
  readonly id: string;
  /** Whether the caller knows this version. */
  readonly accepts: (version: number) => boolean;
  /** The settings as they shall be, found out within the transaction; what it throws undoes the change. */
  readonly settings: (stored: Monitor, tx: Queryable) => Promise<MonitorSettings>;
}

/**
 * Null when the user has no such monitor. Throws `version_mismatch` or `monitor_name_taken`. Changes of one monitor happen
 * one after the other. Opens a transaction.
 */
export async function updateMonitor(
  db: Db,
  { ownerId, id, accepts, settings }: MonitorChange,
): Promise<MonitorWithState | null> {
  return changeMonitors(db, async (tx) => {
    const locked = await lockMonitor(tx, ownerId, id);
    if (!locked) return null;
    const { stored, plan } = locked;
    if (!accepts(stored.version))
      throw new DomainError('version_mismatch', 'The monitor has changed since you read it.');
    const next = await settings(stored, tx);
    const now = await databaseNow(tx);
    await tx.monitor.update({
      where: { id },
      data: {
        ...toColumns(next),
        ...replan(stored, plan, next, now),
        version: stored.version + 1,
        updatedAt: now,
      },
    });
    if (next.paused) await endPausedAlerts(tx, [id]);
    await linkChannels(tx, ownerId, id, next.channelIds);
    return findMonitor(tx, ownerId, id);
  });
}

/**
 * Gives the monitor an immediate slot, unless one is pending already; returns it, or null when the user has no such
 * monitor. Throws `monitor_paused`. Opens a transaction.
 */
export async function requestCheck(
  db: Queryable,
  ownerId: string,
  id: string,
): Promise<Date | null> {
  return db.$transaction(async (tx) => {
    const locked = await lockMonitor(tx, ownerId, id);
    if (!locked) return null;
    const { stored, plan } = locked;
    if (stored.paused) throw new DomainError('monitor_paused', 'A paused monitor is not checked.');
    if (plan.immediatePending && plan.immediateSlot) return plan.immediateSlot;
    const immediate = immediateSlotFrom({ ...stored, ...plan }, await databaseNow(tx));
    await tx.monitor.update({ where: { id }, data: immediate });
    return immediate.immediateSlot;
  });
}

async function changeMonitors<Answer>(
  db: Queryable,
  work: (tx: Queryable) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await db.$transaction(work);
  } catch (error) {
    if (!isDuplicate(error, 'monitors_user_id_name_key')) throw error;
    throw new DomainError('monitor_name_taken', 'You have a monitor of this name.');
  }
}

async function lockMonitor(
  tx: Queryable,
  ownerId: string,
  id: string,
): Promise<{ stored: Monitor; plan: Plan } | null> {
  const [plan] = await tx.$queryRaw<Plan[]>`
    SELECT phase, immediate_slot AS "immediateSlot", immediate_pending AS "immediatePending", active_since AS "activeSince",
           rule_since AS "ruleSince", window_since AS "windowSince", probe_version AS "probeVersion"
    FROM monitors WHERE id = ${id}::uuid AND user_id = ${ownerId}::uuid FOR NO KEY UPDATE`;
  const stored = plan && (await findMonitor(tx, ownerId, id));
  return stored ? { stored, plan } : null;
}

function toColumns(settings: MonitorSettings) {
  return {
    name: settings.name,
    kind: settings.kind,
    target: checkKind(settings.kind).target(settings.settings),
    settings: withoutDefaults(settings.kind, settings.settings) as Prisma.InputJsonObject,
    threshold: settings.threshold,
    intervalSeconds: settings.intervalSeconds,
    timeoutMs: settings.timeoutMs,
    timeoutChosen: settings.timeoutChosen,
    windowSeconds: settings.windowSeconds,
    paused: settings.paused,
    tags: [...settings.tags],
  };
}
