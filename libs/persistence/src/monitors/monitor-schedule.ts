import { isDeepStrictEqual } from 'node:util';
import { nextImmediateSlot, phaseOf, type Monitor, type MonitorSettings } from '@gomon/domain';

/** The columns of a monitor that say when it is due, and from when on its alerts count. */
export interface Plan {
  readonly phase: number;
  readonly immediateSlot: Date | null;
  readonly immediatePending: boolean;
  readonly activeSince: Date;
  readonly ruleSince: Date;
  readonly windowSince: Date | null;
  readonly probeVersion: number;
}

export type ImmediateSlot = Pick<Plan, 'immediateSlot' | 'immediatePending'>;

/**
 * A check that was dispatched while the pause was being committed has a slot after it, and takes no part either. Longer than any
 * transaction; an earlier resume begins the window at its own moment.
 */
export const PAUSE_MARGIN_SECONDS = 60;

/** What changes about a monitor's plan when its settings become `next`: nothing, say, when only its name changes. */
export function replan(
  stored: Monitor,
  plan: Plan,
  next: MonitorSettings,
  now: Date,
): Partial<Plan> {
  const resumed = stored.paused && !next.paused;
  const pausing = !stored.paused && next.paused;
  const probesOther =
    stored.timeoutMs !== next.timeoutMs || !isDeepStrictEqual(stored.settings, next.settings);
  const probesOtherwise = probesOther || stored.intervalSeconds !== next.intervalSeconds;
  const newWindow = resumed || probesOther;
  const newGrid = resumed || stored.intervalSeconds !== next.intervalSeconds;
  const newRule =
    stored.threshold !== next.threshold || stored.windowSeconds !== next.windowSeconds;
  return {
    ...(newGrid && { activeSince: now, phase: phaseOf(stored.id, next.intervalSeconds) }),
    ...((newRule || newWindow) && { ruleSince: now }),
    ...(newWindow && { windowSince: now }),
    ...(pausing && { windowSince: new Date(now.getTime() + PAUSE_MARGIN_SECONDS * 1000) }),
    ...(probesOther && { probeVersion: plan.probeVersion + 1 }),
    ...(next.paused && { immediatePending: false }),
    ...(!next.paused &&
      (resumed || probesOtherwise) &&
      immediateSlotFrom({ ...plan, intervalSeconds: stored.intervalSeconds }, now)),
  };
}

/** An immediate slot right after `now` that no check of the present grid has. */
export function immediateSlotFrom(
  grid: Pick<Monitor & Plan, 'intervalSeconds' | 'phase' | 'immediateSlot'>,
  now: Date,
): ImmediateSlot {
  const previous = grid.immediateSlot && grid.immediateSlot.getTime() / 1000;
  const slot = nextImmediateSlot(Math.floor(now.getTime() / 1000), grid, previous);
  return { immediateSlot: new Date(slot * 1000), immediatePending: true };
}
