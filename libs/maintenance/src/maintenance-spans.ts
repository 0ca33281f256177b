import type { MaintenanceRule, MaintenanceSpan } from '@gomon/domain';
import { recurrenceStarts } from './recurrence-starts.ts';

const LONGEST_RULE = 200;
/**
 * Maintenance does not recur by the second or minute: at most one of each, so a rule matches at
 * most 24 times a day.
 */
const PARTS: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    FREQ: /^(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/,
    INTERVAL: /^[1-9]\d{0,2}$/,
    /** COUNT forces counting from the start every time. */
    COUNT: /^[1-9]\d{0,2}$/,
    UNTIL: /^\d{8}(T\d{6}Z?)?$/,
    WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
    BYDAY: /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU))*$/,
    BYMONTH: /^\d{1,2}(,\d{1,2})*$/,
    BYWEEKNO: /^-?\d{1,2}(,-?\d{1,2})*$/,
    BYMONTHDAY: /^-?\d{1,2}(,-?\d{1,2})*$/,
    BYYEARDAY: /^-?\d{1,3}(,-?\d{1,3})*$/,
    BYSETPOS: /^-?\d{1,3}(,-?\d{1,3})*$/,
    BYHOUR: /^([01]?\d|2[0-3])(,([01]?\d|2[0-3]))*$/,
    BYMINUTE: /^[0-5]?\d$/,
    BYSECOND: /^[0-5]?\d$/,
  }),
);
/** A rule must match within these spans, examined in order. */
const LONGEST_WAIT_DAYS = 400;
const LOOK_BACK_DAYS = 32;
const DAY_MS = 86_400_000;

/**
 * The spans that begin in [from, to), oldest first, at most one an hour. Throws for rules that
 * `isMaintenanceRule` rejects.
 */
export function maintenanceSpans(rule: MaintenanceRule, from: Date, to: Date): MaintenanceSpan[] {
  return startsOf(rule, from.getTime(), to.getTime()).map((start) => ({
    from: new Date(start),
    until: new Date(start + rule.durationSeconds * 1000),
  }));
}

/** No query needs spans that began before this and are over: statistics go back 30 days. */
export function oldestStart({ durationSeconds }: MaintenanceRule, now: number): Date {
  return new Date(now - LOOK_BACK_DAYS * DAY_MS - durationSeconds * 1000);
}

/** Whether the rule is valid, can be expanded, and matches within a year. */
export function isMaintenanceRule(rule: MaintenanceRule): boolean {
  if (rule.rrule === null) return true;
  if (!hasKnownParts(rule.rrule)) return false;
  try {
    return comesTrue(rule);
  } catch {
    return false;
  }
}

export function isTimeZone(text: string): boolean {
  try {
    return /^[A-Za-z]/.test(text) && Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
  } catch {
    return false;
  }
}

/** Each part once, the frequency first. */
function hasKnownParts(rrule: string): boolean {
  if (rrule.length > LONGEST_RULE || !rrule.startsWith('FREQ=')) return false;
  const parts = rrule.split(';').map((part) => part.split('='));
  const isKnown = ([name = '', value = '', ...rest]: string[]) =>
    rest.length === 0 && (PARTS.get(name)?.test(value) ?? false);
  return parts.every(isKnown) && new Set(parts.map(([name]) => name)).size === parts.length;
}

function startsOf(rule: MaintenanceRule, from: number, to: number): number[] {
  if (rule.rrule !== null) return recurrenceStarts({ ...rule, rrule: rule.rrule }, from, to);
  return [rule.startsAt.getTime()].filter((start) => start >= from && start < to);
}

/** Most rules match on the first day. */
function comesTrue(rule: MaintenanceRule): boolean {
  const startsAt = rule.startsAt.getTime();
  for (let day = 0, days = 1; day < LONGEST_WAIT_DAYS; day += days, days *= 2) {
    const until = Math.min(day + days, LONGEST_WAIT_DAYS);
    if (startsOf(rule, startsAt + day * DAY_MS, startsAt + until * DAY_MS).length > 0) return true;
  }
  return false;
}
