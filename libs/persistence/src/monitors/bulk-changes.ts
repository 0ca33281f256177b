import { arrayLiteral } from '../db/array-literal.ts';
import { databaseNow } from '../db/clock.ts';
import type { Queryable } from '../db/db.ts';
import { immediateSlotFrom, PAUSE_MARGIN_SECONDS } from './monitor-schedule.ts';
import { endPausedAlerts } from '../pipeline/reconcile.ts';

/** Pauses those of the monitors that are the user's; returns their ids. Opens a transaction. */
export async function pauseMonitors(
  db: Queryable,
  ownerId: string,
  ids: readonly string[],
): Promise<string[]> {
  return changeLocked(db, ownerId, ids, async (tx, monitors) => {
    const running = monitors.filter(({ paused }) => !paused).map(({ id }) => id);
    await tx.$executeRaw`
      UPDATE monitors SET paused = true, immediate_pending = false, version = version + 1, updated_at = clock_timestamp(),
        window_since = clock_timestamp() + ${PAUSE_MARGIN_SECONDS}::int * interval '1 second'
      WHERE id = ANY(${arrayLiteral(running)}::uuid[])`;
    await endPausedAlerts(tx, running);
  });
}

/** Resumes those of the monitors that are the user's, with an immediate slot each; returns their ids. Opens a transaction. */
export async function resumeMonitors(
  db: Queryable,
  ownerId: string,
  ids: readonly string[],
): Promise<string[]> {
  return changeLocked(db, ownerId, ids, async (tx, monitors) => {
    const now = await databaseNow(tx);
    const paused = monitors.filter((monitor) => monitor.paused);
    const slots = paused.map((grid) => immediateSlotFrom(grid, now).immediateSlot);
    await tx.$executeRaw`
      UPDATE monitors m SET paused = false, active_since = ${now}::timestamptz, updated_at = ${now}::timestamptz, version = version + 1,
        rule_since = ${now}::timestamptz, window_since = ${now}::timestamptz,
        immediate_slot = to_timestamp(r.slot), immediate_pending = true
      FROM unnest(${arrayLiteral(paused.map(({ id }) => id))}::uuid[],
                  ${arrayLiteral(slots.map((slot) => slot && slot.getTime() / 1000))}::int8[]) AS r(id, slot)
      WHERE m.id = r.id`;
  });
}

/** Removes those of the monitors that are the user's; returns their ids. Opens a transaction. */
export async function deleteMonitors(
  db: Queryable,
  ownerId: string,
  ids: readonly string[],
): Promise<string[]> {
  return changeLocked(db, ownerId, ids, async (tx, monitors) => {
    await tx.monitor.deleteMany({ where: { id: { in: monitors.map(({ id }) => id) } } });
  });
}

interface LockedMonitor {
  readonly id: string;
  readonly paused: boolean;
  readonly intervalSeconds: number;
  readonly phase: number;
  readonly immediateSlot: Date | null;
}

/** In the order of their ids, as everything that locks several does, so no two transactions wait for each other. */
async function changeLocked(
  db: Queryable,
  ownerId: string,
  ids: readonly string[],
  change: (tx: Queryable, monitors: readonly LockedMonitor[]) => Promise<void>,
): Promise<string[]> {
  return db.$transaction(async (tx) => {
    const monitors = await tx.$queryRaw<LockedMonitor[]>`
      SELECT id, paused, interval_seconds AS "intervalSeconds", phase, immediate_slot AS "immediateSlot"
      FROM monitors WHERE id = ANY(${arrayLiteral(ids)}::uuid[]) AND user_id = ${ownerId}::uuid ORDER BY id FOR UPDATE`;
    if (monitors.length > 0) await change(tx, monitors);
    return monitors.map(({ id }) => id);
  });
}
