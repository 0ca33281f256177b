import type { Schema } from '@gomon/client';

type Window = Schema<'MaintenanceWindow'>;

/** A window as it is being written. */
export interface MaintenanceDraft {
  readonly name: string;
  /** Empty for all monitors. */
  readonly monitorId: string;
  /** Time zone who writes. */
  readonly startsAt: string;
  readonly minutes: string;
  /** Empty for once. */
  readonly rrule: string;
  readonly timeZone: string;
}

/** The rules of RFC 5545 that can be chosen, in words. */
export const REPETITIONS = [
  ['', 'once'],
  ['FREQ=DAILY', 'every day'],
  ['FREQ=WEEKLY', 'every week'],
  ['FREQ=MONTHLY', 'every month'],
] as const;

export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const TIME_ZONES: readonly string[] = [
  ...new Set(['UTC', HERE, ...Intl.supportedValuesOf('timeZone')]),
];

const MINUTE = 60;

export function draftOf(window?: Window): MaintenanceDraft {
  if (!window)
    return { name: '', monitorId: '', startsAt: '', minutes: '60', rrule: '', timeZone: HERE };
  const { name, monitorId, startsAt, durationSeconds, rrule, timeZone } = window;
  const minutes = String(durationSeconds / MINUTE);
  return {
    name,
    monitorId: monitorId ?? '',
    startsAt: toClock(startsAt),
    minutes,
    rrule: rrule ?? '',
    timeZone,
  };
}

/** What the api takes. A start that was left alone stays to the second. */
export function toBody(
  { name, monitorId, startsAt, minutes, rrule, timeZone }: MaintenanceDraft,
  stored?: Window,
) {
  return {
    name: name.trim(),
    monitorId: monitorId || null,
    startsAt:
      stored && toClock(stored.startsAt) === startsAt
        ? stored.startsAt
        : new Date(startsAt).toISOString(),
    durationSeconds: Math.round(Number(minutes) * MINUTE),
    rrule: rrule || null,
    timeZone,
  };
}

/** As fields of date and time write it: the clock of who looks, to the minute. */
function toClock(at: string): string {
  const date = new Date(at);
  const two = (count: number) => String(count).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
