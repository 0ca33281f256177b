import type { MaintenanceWindow } from '@gomon/domain';
import { isMaintenanceRule, isTimeZone, maintenanceSpans, oldestStart } from '@gomon/maintenance';
import { missingMonitors, type MaintenanceChoice, type Queryable } from '@gomon/persistence';
import { invalid, type Fault } from '../../problem.ts';

const DAY_MS = 86_400_000;
/** The scheduler continues from there. */
const SPANS_DAYS = 8;
const OLDEST_START_DAYS = 31;
/** No window extends beyond this. */
const NEVER = new Date('9999-01-01');

export type MaintenanceSettings = Pick<
  MaintenanceWindow,
  'name' | 'monitorId' | 'startsAt' | 'durationSeconds' | 'rrule' | 'timeZone'
>;

/**
 * Completes validated settings with their first spans. For an existing window the stored start may
 * be any time ago. Throws `validation_failed` with every fault.
 */
export async function readMaintenance(
  db: Queryable,
  ownerId: string,
  settings: MaintenanceSettings,
  stored?: MaintenanceSettings,
): Promise<MaintenanceChoice> {
  const { name, monitorId, startsAt, durationSeconds, rrule, timeZone } = settings;
  const foreign = monitorId === null ? [] : [...(await missingMonitors(db, ownerId, [monitorId]))];
  const faults = [
    ...foreign.map(() => ({ pointer: '/monitorId', message: 'is not one of your monitors' })),
    ...(stored?.startsAt.getTime() === startsAt.getTime() ? [] : startFaults(settings)),
    ...ruleFaults(settings),
  ];
  if (faults.length > 0) throw invalid(faults);
  const through = rrule === null ? NEVER : new Date(Date.now() + SPANS_DAYS * DAY_MS);
  const spans = maintenanceSpans(settings, oldestStart(settings, Date.now()), through);
  return {
    name,
    monitorId,
    startsAt,
    durationSeconds,
    rrule,
    timeZone,
    spans,
    spansThrough: through,
  };
}

function startFaults({ startsAt }: MaintenanceSettings): Fault[] {
  const distanceDays = (startsAt.getTime() - Date.now()) / DAY_MS;
  if (distanceDays >= -OLDEST_START_DAYS && startsAt < NEVER) return [];
  return [{ pointer: '/startsAt', message: `must be at most ${OLDEST_START_DAYS} days ago` }];
}

function ruleFaults(settings: MaintenanceSettings): Fault[] {
  const { timeZone } = settings;
  if (!isTimeZone(timeZone))
    return [
      { pointer: '/timeZone', message: 'must be the name of a time zone such as Europe/Vienna' },
    ];
  if (isMaintenanceRule(settings)) return [];
  return [
    {
      pointer: '/rrule',
      message: 'must be a rule such as FREQ=WEEKLY;BYDAY=SU, at most once an hour',
    },
  ];
}
