import type { MaintenanceRule, MaintenanceSpan } from '@gomon/domain';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';

const LONGEST_RULE = 200;
/** Seconds and minutes are no rhythm of maintenance: one of each at most, so that a rule comes true 24 times a day at most. */
const PARTS: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    FREQ: /^(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/,
    INTERVAL: /^[1-9]\d{0,2}$/,
    /** It has to be counted from the start on, each time. */
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
/** A rule that asks for more work than these is not one that people mean. */
const LIMITS = { maxIterations: 2000, maxCandidateEvaluations: 20_000 };
const MOST_SPANS = 1000;
const LONGEST_WAIT_MS = 400 * 86_400_000;

/** The spans that begin in [from, to), oldest first; at most 1000. Throws when `isMaintenanceRule` is false of the rule. */
export function maintenanceSpans(rule: MaintenanceRule, from: Date, to: Date): MaintenanceSpan[] {
  const starts = rule.rrule === null ? [rule.startsAt.getTime()] : startsOf(rule, rule.rrule, from, to);
  return starts
    .filter((start) => start >= from.getTime() && start < to.getTime())
    .slice(0, MOST_SPANS)
    .map((start) => ({ from: new Date(start), until: new Date(start + rule.durationSeconds * 1000) }));
}

/** Whether the rule is one, can be worked with, and comes true within a year. */
export function isMaintenanceRule(rule: MaintenanceRule): boolean {
  if (rule.rrule === null) return true;
  if (!hasKnownParts(rule.rrule)) return false;
  try {
    const first = recurrenceOf(rule, rule.rrule).next(rule.startsAt, true);
    return first !== null && first.epochMilliseconds < rule.startsAt.getTime() + LONGEST_WAIT_MS;
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

/** Each once, the frequency first. */
function hasKnownParts(rrule: string): boolean {
  if (rrule.length > LONGEST_RULE || !rrule.startsWith('FREQ=')) return false;
  const parts = rrule.split(';').map((part) => part.split('='));
  const isKnown = ([name = '', value = '', ...rest]: string[]) => rest.length === 0 && (PARTS.get(name)?.test(value) ?? false);
  return parts.every(isKnown) && new Set(parts.map(([name]) => name)).size === parts.length;
}

function startsOf(rule: MaintenanceRule, rrule: string, from: Date, to: Date): number[] {
  return recurrenceOf(rule, rrule)
    .between(from, to, true)
    .map((moment) => moment.epochMilliseconds);
}

function recurrenceOf({ startsAt, timeZone }: MaintenanceRule, rruleString: string) {
  const dtstart = Temporal.Instant.fromEpochMilliseconds(startsAt.getTime()).toZonedDateTimeISO(timeZone);
  return new RRuleTemporal({ rruleString, dtstart, temporal: Temporal, ...LIMITS });
}
